"""Reading DICOM ECGs: the normal form, leniency where safe, and one typed refusal for everything else."""

from __future__ import annotations

import copy
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread, dcmwrite
from pydicom.data import get_testdata_file
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from storage.readers import NO_SAMPLE, STANDARD_LEADS, BadBlob, EcgRecording, Refused
from storage.readers.ecg_signal import check_lead, estimate_rate, moving_average, to_int16
from storage.readers.guard import guarded, read_dicom_summary, read_ecg_guarded
from storage.readers.refusals import FORMATS, MODALITIES, RefusalCode


def sample(name: str) -> Path:
    path = get_testdata_file(name, download=False)
    assert path is not None
    return Path(str(path))


ECG = sample("waveform_ecg.dcm")


def changed(tmp_path: Path, change: Callable[[Dataset], object]) -> Path:
    ds = dcmread(ECG)
    change(ds)
    path = tmp_path / "changed.dcm"
    ds.save_as(path)
    return path


def refusal(path: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        read_ecg_guarded(path)
    return caught.value


@pytest.fixture(scope="module")
def recording() -> EcgRecording:
    return read_ecg_guarded(ECG)


def test_the_demo_recording(recording: EcgRecording) -> None:
    assert recording.leads == STANDARD_LEADS
    assert (recording.derived, recording.missing) == ((), ())
    assert (recording.sampling_frequency, recording.sample_count) == (1000.0, 10000)
    assert (recording.duration, recording.microvolts_per_unit) == (10.0, 1.25)
    assert recording.recorded_at == "2013-01-25T10:59:19"
    assert recording.patient.id == "642341"
    assert (recording.patient.sex, recording.patient.birth_date) == ("F", "1971-01-23")
    assert recording.device.model == "el250"
    assert recording.statements == ("RITMO SINUSALE", "ECG NORMALE")
    measured = {item.name: item.value for item in recording.measurements}
    assert measured["heart_rate"] == 61.1
    assert (measured["pr"], measured["qrs"], measured["qt"]) == (161, 75, 368)
    assert recording.filters == {"low": 0.05, "high": 300.0}
    assert recording.quality == "good"
    assert recording.rate is not None
    assert not recording.rate.confirmed
    assert abs(recording.rate.bpm - 61.1) < 1
    # Against pydicom's own conversion, which is in microvolts here.
    expected = dcmread(ECG).waveform_array(0).T
    assert recording.lossless
    np.testing.assert_allclose(recording.microvolts(), expected, atol=1e-9)


def test_the_other_sample(shared: Path) -> None:
    recording = read_ecg_guarded(shared / "samples/dicom/ECGToolkit_Example.dcm")
    assert recording.leads == STANDARD_LEADS
    assert "padding_value_is_a_sample_value" in recording.forgiven
    assert not (recording.samples == NO_SAMPLE).any(), "a padding value of 0 makes no gaps"
    assert recording.rate is not None
    assert recording.rate.bpm == pytest.approx(71.4, abs=1)
    units = {item.name: item.unit for item in recording.measurements}
    assert units["qrs_axis"] == "deg", "the file says ms"


def test_other_ecg_formats_are_named(shared: Path) -> None:
    for name, what in (
        ("scp/ECGToolkit_Example.scp", "scp"),
        ("aecg/FDA_subject1_0.xml", "aecg"),
        ("muse/BRAVEHEART_example1.xml", "muse"),
    ):
        refused = refusal(shared / "samples" / name)
        assert (refused.code, refused.what) == ("unsupported", what)


@pytest.mark.parametrize(
    "syntax",
    [
        ImplicitVRLittleEndian,
        ExplicitVRLittleEndian,
        ExplicitVRBigEndian,
        DeflatedExplicitVRLittleEndian,
    ],
)
def test_every_transfer_syntax_gives_the_same(
    tmp_path: Path, recording: EcgRecording, syntax: UID
) -> None:
    ds = dcmread(ECG)
    list(ds.iterall())  # decodes every element, so that all are written anew
    if syntax == ExplicitVRBigEndian:
        for group in ds.WaveformSequence:
            group.WaveformData = np.frombuffer(group.WaveformData, "<i2").astype(">i2").tobytes()
    ds.file_meta.TransferSyntaxUID = syntax
    path = tmp_path / "other.dcm"
    dcmwrite(
        path,
        ds,
        implicit_vr=syntax == ImplicitVRLittleEndian,
        little_endian=syntax != ExplicitVRBigEndian,
        force_encoding=syntax == ExplicitVRBigEndian,
    )
    other = read_ecg_guarded(path)
    np.testing.assert_array_equal(other.samples, recording.samples)
    assert other.header() == recording.header()


def test_blob_round_trip(recording: EcgRecording) -> None:
    blob = recording.to_blob()
    again = EcgRecording.from_blob(blob)
    assert again.header() == recording.header()
    np.testing.assert_array_equal(again.samples, recording.samples)
    assert again.to_blob() == blob
    length = int.from_bytes(blob[8:12], "little")
    assert length % 4 == 0
    raw = np.frombuffer(blob[12 + length :], "<i2").reshape(12, -1)
    np.testing.assert_array_equal(raw, recording.samples)


def test_what_is_no_blob(recording: EcgRecording) -> None:
    blob = recording.to_blob()
    for bad in (b"", blob[:10], blob[:-1], blob + b"x", b"x" + blob, blob[:12] + b"\xff" * 4000):
        with pytest.raises(BadBlob):
            EcgRecording.from_blob(bad)


def drop_leads(*names: str) -> Callable[[Dataset], object]:
    def change(ds: Dataset) -> None:
        group = ds.WaveformSequence[0]
        raw = np.frombuffer(group.WaveformData, "<i2").reshape(-1, 12)
        keep = [k for k, name in enumerate(STANDARD_LEADS) if name not in names]
        group.WaveformData = np.ascontiguousarray(raw[:, keep]).tobytes()
        group.ChannelDefinitionSequence = [group.ChannelDefinitionSequence[k] for k in keep]
        group.NumberOfWaveformChannels = len(keep)

    return change


def test_limb_leads_are_derived(tmp_path: Path, recording: EcgRecording) -> None:
    other = read_ecg_guarded(changed(tmp_path, drop_leads("III", "aVR", "aVL", "aVF")))
    assert other.leads == STANDARD_LEADS
    assert other.derived == ("III", "aVR", "aVL", "aVF")
    # The device's own limb leads are rounded and filtered apart; a few units at most.
    difference = np.abs(other.microvolts() - recording.microvolts())
    assert difference.max() < 25


def test_missing_leads_are_listed(tmp_path: Path) -> None:
    other = read_ecg_guarded(changed(tmp_path, drop_leads("I", "V3", "V5")))
    assert other.missing == ("I", "V3", "V5")
    assert other.derived == ()
    assert other.quality == "fair"


def test_scales(tmp_path: Path, recording: EcgRecording) -> None:
    """Millivolts, a correction factor, a baseline, one lead scaled apart: the same microvolts."""

    def change(ds: Dataset) -> None:
        channels = ds.WaveformSequence[0].ChannelDefinitionSequence
        for channel in channels:
            channel.ChannelSensitivityUnitsSequence[0].CodeValue = "mV"
            channel.ChannelSensitivity = "0.001"
            channel.ChannelSensitivityCorrectionFactor = "1.25"
        channels[1].ChannelBaseline = "0.1"
        channels[2].ChannelSensitivity = "0.002"

    other = read_ecg_guarded(changed(tmp_path, change)).microvolts()
    expected = recording.microvolts()
    expected[1] += 100
    expected[2] *= 2
    np.testing.assert_allclose(other, expected, atol=0.7)


def test_real_padding_is_a_gap(tmp_path: Path) -> None:
    def change(ds: Dataset) -> None:
        group = ds.WaveformSequence[0]
        group.add_new("WaveformPaddingValue", "OW", b"\x00\x80")
        raw = np.frombuffer(group.WaveformData, "<i2").reshape(-1, 12).copy()
        raw[9000:, 3] = -32768
        group.WaveformData = raw.tobytes()

    other = read_ecg_guarded(changed(tmp_path, change))
    assert (other.samples[3, 9000:] == NO_SAMPLE).all()
    assert np.isnan(other.microvolts()[3, 9000:]).all()
    assert (other.samples == NO_SAMPLE).sum() == 1000
    assert [(check.lead, check.problems) for check in other.checks if check.problems] == [
        ("aVR", ("gaps",))
    ]


def test_groups_of_a_three_by_four_are_put_on_one_axis(tmp_path: Path) -> None:
    def change(ds: Dataset) -> None:
        whole = ds.WaveformSequence[0]
        raw = np.frombuffer(whole.WaveformData, "<i2").reshape(-1, 12)
        groups = []
        for column in range(4):
            group = copy.deepcopy(whole)
            first = column * 2500
            leads = slice(column * 3, column * 3 + 3)
            group.WaveformData = np.ascontiguousarray(raw[first : first + 2500, leads]).tobytes()
            group.ChannelDefinitionSequence = list(whole.ChannelDefinitionSequence)[leads]
            group.NumberOfWaveformChannels, group.NumberOfWaveformSamples = 3, 2500
            group.MultiplexGroupTimeOffset = str(first)
            groups.append(group)
        ds.WaveformSequence = [*groups, ds.WaveformSequence[1]]

    other = read_ecg_guarded(changed(tmp_path, change))
    assert (other.leads, other.duration) == (STANDARD_LEADS, 10.0)
    has_value = other.samples != NO_SAMPLE
    assert has_value[0, :2500].all()
    assert not has_value[0, 2500:].any()
    assert has_value[11, 7500:].all()
    assert not has_value[11, :7500].any()


def test_only_a_median_beat_is_still_shown(tmp_path: Path) -> None:
    other = read_ecg_guarded(changed(tmp_path, lambda ds: ds.WaveformSequence.pop(0)))
    assert other.duration == 1.2
    assert other.rate is None
    assert other.quality == "poor"


@pytest.mark.parametrize(
    ("name", "code", "what"),
    [
        ("CT_small.dcm", "not_an_ecg", "CT"),
        ("MR_small.dcm", "not_an_ecg", "MR"),
        ("test-SR.dcm", "not_an_ecg", "SR"),
        ("image_dfl.dcm", "not_an_ecg", "OT"),
        ("DICOMDIR", "no_waveform", ""),
        ("no_meta.dcm", "not_dicom", ""),
    ],
)
def test_other_dicom_files(name: str, code: str, what: str) -> None:
    refused = refusal(sample(name))
    assert (refused.code, refused.what) == (code, what)


@pytest.mark.parametrize(
    ("content", "code", "what"),
    [
        (b"", "empty_file", ""),
        ("心电图 hello".encode(), "not_dicom", "text"),
        (b"%PDF-1.7", "not_dicom", "pdf"),
        (b"\xff\xd8\xff\xe0", "not_dicom", "jpeg"),
        (b"PK\x03\x04", "not_dicom", "zip"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "not_dicom", "xml"),
        (bytes(128) + b"DICM", "unreadable|truncated|no_waveform", ""),
        (bytes(200), "not_dicom", ""),
    ],
)
def test_other_files(tmp_path: Path, content: bytes, code: str, what: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    refused = refusal(path)
    assert refused.code in code.split("|")
    assert refused.what == what


def set_group(keyword: str, value: object) -> Callable[[Dataset], object]:
    return lambda ds: setattr(ds.WaveformSequence[0], keyword, value)


def set_channel(keyword: str, value: object) -> Callable[[Dataset], object]:
    return lambda ds: setattr(ds.WaveformSequence[0].ChannelDefinitionSequence[0], keyword, value)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda ds: delattr(ds, "WaveformSequence"), "no_waveform"),
        (set_group("NumberOfWaveformSamples", 20000), "truncated"),
        (set_group("NumberOfWaveformSamples", 4_000_000_000), "too_large"),
        (set_group("NumberOfWaveformSamples", 0), "unreadable"),
        (set_group("NumberOfWaveformChannels", 13), "unreadable"),
        (set_group("SamplingFrequency", "0"), "unreadable"),
        (set_group("WaveformBitsAllocated", 12), "unsupported"),
        (set_group("WaveformSampleInterpretation", "MB"), "unsupported"),
        (set_channel("ChannelSensitivityUnitsSequence", []), "no_scale"),
        (set_channel("ChannelSensitivity", "0"), "no_scale"),
        (set_channel("ChannelSensitivity", "1e300"), "no_scale"),
    ],
)
def test_impossible_waveforms(
    tmp_path: Path, change: Callable[[Dataset], object], code: str
) -> None:
    assert refusal(changed(tmp_path, change)).code == code


def test_cut_off_anywhere(tmp_path: Path) -> None:
    data = ECG.read_bytes()
    path = tmp_path / "cut.dcm"
    codes = set()
    for size in [*range(140, 4000, 97), *range(4000, len(data), 9001), len(data) - 1]:
        path.write_bytes(data[:size])
        codes.add(refusal(path).code)
    assert codes <= {"truncated", "unreadable", "no_waveform"}
    path.write_bytes(data[: len(data) // 2])
    assert refusal(path).code == "truncated"


def test_a_deflate_bomb_is_not_inflated(tmp_path: Path) -> None:
    ds = dcmread(ECG, stop_before_pixels=True)
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    path = tmp_path / "bomb.dcm"
    ds.save_as(path)
    meta = path.read_bytes()[: 144 + dcmread(path).file_meta.FileMetaInformationGroupLength]
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(200)) + squeeze.flush()
    path.write_bytes(meta + body)
    assert path.stat().st_size < 1 << 20
    assert refusal(path).code == "too_large"


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.dcm"
    with path.open("wb") as file:
        file.write(ECG.read_bytes())
        file.truncate(40 << 20)
    assert refusal(path).code in ("too_large", "truncated", "unreadable")


def test_the_summary_reads_no_bulk() -> None:
    summary = read_dicom_summary(ECG)
    assert (summary.modality, summary.patient_id) == ("ECG", "642341")
    assert summary.sop_class == "1.2.840.10008.5.1.4.1.1.9.1.1"


def test_every_refusal_says_what_to_do_and_nothing_from_the_file() -> None:
    for code in RefusalCode:
        for what in ("", "CT", "pdf", "'; DROP TABLE"):
            refused = Refused(code, what)
            assert re.search(r"请.+。$", refused.sentence_zh)
            assert refused.sentence_en.endswith(".")
            assert "DROP" not in refused.sentence_zh + refused.sentence_en + refused.what
            assert "{" not in refused.sentence_zh + refused.sentence_en
    assert not set(MODALITIES) & set(FORMATS)


@pytest.mark.parametrize(
    "error",
    [MemoryError(), RecursionError(), KeyError("x"), OSError("y"), StopIteration(), EOFError()],
)
def test_the_guard_turns_everything_into_a_refusal(error: Exception) -> None:
    def read(path: Path) -> None:
        raise error

    with pytest.raises(Refused):
        guarded(read, Path("x"))


# Signals.

FREQUENCY = 500.0
TIME = np.arange(5000) / FREQUENCY


def heart(bpm: float, amplitude: float = 1000.0) -> np.ndarray:
    """A crude ECG in microvolts: R spikes of 80 ms and T waves of 200 ms."""
    phase = (TIME % (60 / bpm)) * 1000
    spike = np.exp(-(((phase - 150) / 12) ** 2)) * amplitude
    wave = np.exp(-(((phase - 400 * min(1.0, 75 / bpm)) / 50) ** 2)) * amplitude * 0.3
    return np.asarray(spike + wave)


@pytest.mark.parametrize("bpm", [35, 50, 60, 75, 100, 140, 180])
@pytest.mark.parametrize("noise", [0, 30])
def test_heart_rate(bpm: float, noise: float) -> None:
    random = np.random.default_rng(5)
    leads = np.stack(
        [heart(bpm, a) + random.normal(0, noise, TIME.size) for a in (500, 1000, -800)]
    )
    rate = estimate_rate(leads, FREQUENCY)
    assert rate is not None
    assert rate.bpm == pytest.approx(bpm, rel=0.03)


def test_no_heart_rate_without_a_heart() -> None:
    assert estimate_rate(np.zeros((3, 5000)), FREQUENCY) is None
    assert estimate_rate(np.full((3, 5000), np.nan), FREQUENCY) is None
    assert estimate_rate(heart(60)[None, :900], FREQUENCY) is None


def test_lead_checks() -> None:
    random = np.random.default_rng(6)
    good = heart(70)
    gap = good.copy()
    gap[1000:1500] = np.nan
    cases = {
        "": good,
        "flat": np.full(5000, 3.0),
        "clipped": np.clip(good * 6, -5000, 2000),
        "gaps": gap,
        "noisy": good + random.normal(0, 120, TIME.size),
        "off_electrode": good + 5000 * np.sin(2 * np.pi * 0.2 * TIME),
    }
    for problem, signal in cases.items():
        assert problem in (check_lead("I", signal, FREQUENCY).problems or ("",)), problem
    assert check_lead("I", good, FREQUENCY).problems == ()


def test_scaling_to_sixteen_bits() -> None:
    values = np.array([[0.0, 2.5, -5.0, np.nan]])
    samples, unit, lossless = to_int16(values, 2.5)
    assert (samples.tolist(), unit, lossless) == ([[0, 1, -2, NO_SAMPLE]], 2.5, True)
    samples, unit, lossless = to_int16(values * 100_000, 2.5)
    assert not lossless
    np.testing.assert_allclose(samples[0, :3] * unit, values[0, :3] * 100_000, atol=unit)


def test_moving_average_has_no_lag() -> None:
    signal = np.zeros(101)
    signal[50] = 1
    smooth = moving_average(signal, 5)
    assert (np.flatnonzero(smooth) == np.arange(48, 53)).all()
    np.testing.assert_allclose(moving_average(np.full(10, 7.0), 4), 7.0)


def qrs_marks(path: Path) -> list[int]:
    """Places of the N marks of a WFDB annotation file (MIT format, 16-bit words: 6 bits type, 10 bits time)."""
    words = np.frombuffer(path.read_bytes(), "<u2").tolist()
    time, place, found = 0, 0, []
    while words[place]:
        kind, value = words[place] >> 10, words[place] & 1023
        place += 1
        if kind == 59:  # SKIP: a long interval follows
            time += (words[place] << 16) + words[place + 1]
            place += 2
        elif kind == 63:  # AUX: text follows
            place += (value + 1) // 2
        elif kind < 59:
            time += value
            if kind == 1:
                found.append(time)
    return found


def test_heart_rate_agrees_with_cardiologists(shared: Path) -> None:
    """LUDB, 50 records with all kinds of rhythms: within 5 % of the marked beats' median interval in every one."""
    errors = []
    for header in sorted((shared / "samples/ludb").glob("*.hea")):
        lines = header.read_text().splitlines()
        count, frequency = int(lines[0].split()[1]), float(lines[0].split()[2])
        raw = np.fromfile(header.with_suffix(".dat"), "<i2").reshape(-1, count).T
        gains = [
            float(line.split()[2].split("(")[0].split("/")[0]) for line in lines[1 : count + 1]
        ]
        rate = estimate_rate(raw / np.array(gains)[:, None] * 1000, frequency)
        assert rate is not None
        marked = 60 * frequency / float(np.median(np.diff(qrs_marks(header.with_suffix(".ii")))))
        errors.append(abs(rate.bpm / marked - 1))
    assert len(errors) >= 50
    assert max(errors) < 0.05
    assert float(np.median(errors)) < 0.005
