"""Guarded readers of untrusted files: `ReaderPool` reads in other processes, under limits."""

from storage.readers.dicom_file import DicomSummary
from storage.readers.ecg import NO_SAMPLE, STANDARD_LEADS, BadBlob, EcgRecording
from storage.readers.pool import PoolHealth, ReaderBusy, ReaderPool, ReaderUnavailable
from storage.readers.refusals import RefusalCode, Refused

__all__ = [
    "NO_SAMPLE",
    "STANDARD_LEADS",
    "BadBlob",
    "DicomSummary",
    "EcgRecording",
    "PoolHealth",
    "ReaderBusy",
    "ReaderPool",
    "ReaderUnavailable",
    "RefusalCode",
    "Refused",
]
