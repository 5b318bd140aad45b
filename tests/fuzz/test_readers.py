"""Mutants of a DICOM ECG through the guarded entry: a recording or a refusal, nothing else; and some through the pool."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file

from storage.readers import EcgRecording, ReaderPool, Refused
from storage.readers.guard import read_dicom_summary, read_ecg_guarded

MUTANTS = 400
INTERESTING = (0, 1, 0x7F, 0x80, 0xFF, 0x41, 0x53, 0x51)


def original() -> bytes:
    """A small ECG (one second, few annotations), so that most bytes are structure."""
    path = get_testdata_file("waveform_ecg.dcm", download=False)
    ds = dcmread(str(path))
    group = ds.WaveformSequence[0]
    group.WaveformData = group.WaveformData[: 12 * 2 * 500]
    group.NumberOfWaveformSamples = 500
    ds.WaveformSequence = [group]
    ds.WaveformAnnotationSequence = ds.WaveformAnnotationSequence[:6]
    out = BytesIO()
    ds.save_as(out)
    return out.getvalue()


def mutate(data: bytes, choice: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(choice.choice((1, 1, 2, 5, 20))):
        at = choice.randrange(128, len(out))
        kind = choice.randrange(6)
        if kind == 0:
            out[at] ^= 1 << choice.randrange(8)
        elif kind == 1:
            out[at] = choice.choice(INTERESTING)
        elif kind == 2:
            out[at : at + 4] = choice.choice(
                (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f")
            )
        elif kind == 3:
            del out[at : at + choice.randrange(1, 64)]
        elif kind == 4:
            source = choice.randrange(128, len(out))
            out[at:at] = out[source : source + choice.randrange(1, 200)]
        else:
            del out[at:]
        if len(out) < 200:
            break
    return bytes(out)


def mutants(count: int, seed: int) -> Iterator[bytes]:
    data = original()
    for number in range(count):
        yield mutate(data, random.Random(seed * 1_000_003 + number))


def test_mutants_are_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "mutant.dcm"
    read = refused = 0
    codes: set[str] = set()
    for data in mutants(MUTANTS, seed=1):
        path.write_bytes(data)
        try:
            recording = read_ecg_guarded(path)
            assert EcgRecording.from_blob(recording.to_blob()).header() == recording.header()
            read += 1
        except Refused as refusal:
            codes.add(refusal.code)
            refused += 1
        try:
            read_dicom_summary(path)
        except Refused as refusal:
            codes.add(refusal.code)
    assert read > 20
    assert refused > 20
    assert len(codes) >= 4
    assert [item.name for item in tmp_path.iterdir()] == ["mutant.dcm"], "nothing else was written"


@pytest.mark.slow
async def test_mutants_through_the_pool(tmp_path: Path) -> None:
    pool = ReaderPool(2)
    await pool.start()
    try:
        for number, data in enumerate(mutants(60, seed=2)):
            path = tmp_path / f"mutant{number}.dcm"
            path.write_bytes(data)
            with suppress(Refused):
                await pool.read_ecg(path)
            path.unlink()
        healthy = tmp_path / "original.dcm"
        healthy.write_bytes(original())
        assert (await pool.read_ecg(healthy)).duration == 0.5
        assert list(tmp_path.iterdir()) == [healthy]
    finally:
        await pool.close()
