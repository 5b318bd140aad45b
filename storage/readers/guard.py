"""The one guarded entry to every parser of untrusted files: a typed value, or `Refused`; nothing else."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydicom import config as pydicom_config
from pydicom.errors import InvalidDicomError

from storage.readers.dicom_ecg import read_ecg
from storage.readers.dicom_file import DicomSummary, summary
from storage.readers.ecg import EcgRecording
from storage.readers.refusals import RefusalCode, Refused

T = TypeVar("T")


def guarded(read: Callable[[Path], T], path: Path) -> T:
    """Run a parser. Everything it raises becomes one Refused, without a word of what the file said."""
    # Values are checked by us where they matter; the library's own checks only warn, with the value in the text.
    pydicom_config.settings.reading_validation_mode = pydicom_config.IGNORE
    logging.getLogger("pydicom").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read(path)
    except Refused:
        raise
    except (MemoryError, RecursionError, OverflowError):
        code = RefusalCode.TOO_COMPLEX
    except EOFError:
        code = RefusalCode.TRUNCATED
    except InvalidDicomError:
        code = RefusalCode.NOT_DICOM
    except FileNotFoundError:
        raise
    except Exception:  # AttributeError, struct.error, OSError, NotImplementedError, KeyError …
        code = RefusalCode.UNREADABLE
    raise Refused(code)


def read_ecg_guarded(path: Path) -> EcgRecording:
    """`read_ecg` behind the guard, in this process. The server uses `ReaderPool`, which adds the limits."""
    return guarded(read_ecg, path)


def read_dicom_summary(path: Path) -> DicomSummary:
    """What a DICOM file says it is, behind the guard, in this process."""
    return guarded(summary, path)
