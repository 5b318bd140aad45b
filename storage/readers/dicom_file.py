"""Opening an untrusted DICOM file: limits before allocation, whole or refused. Never opens a path a file names."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydicom
from pydicom import Dataset
from pydicom.dataelem import RawDataElement
from pydicom.filereader import _read_file_meta_info, read_partial, read_preamble
from pydicom.tag import BaseTag

from storage.readers.refusals import RefusalCode, Refused

MAX_BYTES = 32 << 20
"""Largest ECG file, and largest content of a deflated one. A 12-lead ECG of 10 s is 0.15 to 0.5 MB."""
_UNDEFINED = 0xFFFFFFFF
_LAST_SUMMARY_TAG = 0x0020000E  # Series Instance UID
_DEFLATED = "1.2.840.10008.1.2.1.99"
_SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
)


@dataclass(frozen=True, slots=True)
class DicomSummary:
    """What a DICOM file says it is. Strings as found, empty when absent."""

    modality: str
    sop_class: str
    sop_instance: str
    study: str
    series: str
    patient_id: str
    patient_name: str
    transfer_syntax: str


def sniff(head: bytes) -> str:
    """Our name for a file's format from its first bytes: a key of refusals.FORMATS, `dicom`, or empty."""
    if head[128:132] == b"DICM":
        return "dicom"
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    if b"SCPECG" in head[:64]:
        return "scp"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        for mark, name in ((b"AnnotatedECG", "aecg"), (b"RestingECG", "muse")):
            if mark in head:
                return name
        return "xml"
    if head and not any(byte < 9 or 13 < byte < 32 for byte in head):
        return "text"
    return ""


def require_dicom(path: Path) -> int:
    """Size in bytes of a file that at least claims to be DICOM; else a refusal that names what it is."""
    with path.open("rb") as file:
        head = file.read(4096)
        size = file.seek(0, 2)
    if size == 0:
        raise Refused(RefusalCode.EMPTY_FILE)
    kind = sniff(head)
    if kind in ("scp", "aecg", "muse"):
        raise Refused(RefusalCode.UNSUPPORTED, kind)
    if kind != "dicom":
        raise Refused(RefusalCode.NOT_DICOM, kind)
    _refuse_deflate_bomb(path)
    return size


def _refuse_deflate_bomb(path: Path) -> None:
    # pydicom inflates without a limit, so the content is measured first.
    with path.open("rb") as file:
        read_preamble(file, force=False)
        meta = _read_file_meta_info(file)
        if str(meta.get("TransferSyntaxUID", "")) != _DEFLATED:
            return
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        left = MAX_BYTES + 1
        while left > 0 and not inflater.eof:
            piece = inflater.unconsumed_tail or file.read(1 << 16)
            if not piece:
                raise Refused(RefusalCode.TRUNCATED)
            left -= len(inflater.decompress(piece, min(left, 1 << 20)))
        if left <= 0:
            raise Refused(RefusalCode.TOO_LARGE)


def summary(path: Path) -> DicomSummary:
    """What the file is, from its header alone (any size: pixels and waveforms are not read)."""
    require_dicom(path)
    last = -1

    def enough(tag: BaseTag, vr: str | None, length: int) -> bool:
        # Tags rise; whoever lets them fall could make us read for ever.
        nonlocal last
        last, before = int(tag), last
        return int(tag) <= before or int(tag) > _LAST_SUMMARY_TAG

    with path.open("rb") as file:
        ds = read_partial(file, stop_when=enough, defer_size=1 << 16)
    return DicomSummary(
        modality=clean(ds.get("Modality")),
        sop_class=clean(ds.get("SOPClassUID")),
        sop_instance=clean(ds.get("SOPInstanceUID")),
        study=clean(ds.get("StudyInstanceUID")),
        series=clean(ds.get("SeriesInstanceUID")),
        patient_id=clean(ds.get("PatientID")),
        patient_name=clean(ds.get("PatientName")),
        transfer_syntax=clean(ds.file_meta.get("TransferSyntaxUID")),
    )


def read_whole(path: Path, size: int) -> Dataset:
    """The whole data set; refused when too large or cut off."""
    if size > MAX_BYTES:
        raise Refused(RefusalCode.TOO_LARGE)
    with path.open("rb") as file:
        try:
            ds = pydicom.dcmread(file, force=False)
        except OSError:  # "No tag to read": a sequence has no end
            if file.tell() >= size:
                raise Refused(RefusalCode.TRUNCATED) from None
            raise
    if any(_cut_off(element) for element in _raw_elements(ds)):
        raise Refused(RefusalCode.TRUNCATED)
    return ds


def _raw_elements(ds: Dataset) -> Iterator[RawDataElement]:
    for tag in list(ds.keys()):
        element = ds.get_item(tag)
        if isinstance(element, RawDataElement):
            yield element


def _cut_off(element: RawDataElement) -> bool:
    # pydicom keeps what it got of an element that ends after the file does.
    length = element.length
    return length not in (0, _UNDEFINED) and len(element.value or b"") < length


def clean(value: Any, limit: int = 256) -> str:
    """A value as short text without control characters; empty for None."""
    if value is None:
        return ""
    text = "".join(c if c.isprintable() else " " for c in str(value)[: 4 * limit])
    return text.strip()[:limit]
