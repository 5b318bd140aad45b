"""The open windows of all rooms on disk, so that a killed process loses a second or two of evidence, not a window.

One file. Each pass appends everything that is open now, with a length and a checksum, so that only the last
whole pass counts and a torn one is passed over."""

import logging
import os
import zlib
from pathlib import Path

log = logging.getLogger(__name__)

NAME = "windows.journal"
_LIMIT = 4 << 20  # bytes; then the file begins anew with the present pass


class Journal:
    """Called in one thread only, the spool's. Without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / NAME
        self._file = -1
        self._size = 0
        self.bytes_written = self.syncs = 0

    def read(self) -> bytes:
        """The last whole pass that an earlier process wrote; empty if there is none."""
        if self._path is None:
            return b""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return b""
        return last_pass(data)

    def write(self, body: bytes) -> None:
        """Add a pass, durably."""
        if self._path is None:
            return
        record = b"pass %d %08x\n%s" % (len(body), zlib.crc32(body), body)
        try:
            if self._file < 0 or self._size + len(record) > _LIMIT:
                self._begin(record)
            else:
                os.write(self._file, record)
                os.fdatasync(self._file)
                self.syncs += 1
                self._size += len(record)
            self.bytes_written += len(record)
        except OSError as exc:
            # A full disk must not end calls; the windows themselves are still sent.
            log.error("the journal of open windows cannot be written: %s", exc.strerror)
            self._close()

    def _begin(self, record: bytes) -> None:
        """A new file with one pass takes the place of the old one."""
        assert self._path is not None
        self._close()
        temporary = self._path.with_suffix(".tmp")
        self._file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.write(self._file, record)
        os.fsync(self._file)
        temporary.rename(self._path)
        sync_folder(self._path.parent)
        self.syncs += 2
        self._size = len(record)

    def _close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def clear(self) -> None:
        """Nothing is open any more."""
        self._close()
        if self._path is not None and self._path.exists():
            self._path.unlink()
            sync_folder(self._path.parent)
            self.syncs += 1


def last_pass(data: bytes) -> bytes:
    """The last pass in a journal's bytes that is whole; empty if none is."""
    found, at = b"", 0
    while True:
        end = data.find(b"\n", at)
        words = data[at:end].split() if end >= 0 else []
        if len(words) != 3 or words[0] != b"pass" or not words[1].isdigit():
            return found
        body = data[end + 1 : end + 1 + int(words[1])]
        if len(body) != int(words[1]) or words[2] != b"%08x" % zlib.crc32(body):
            return found
        found, at = body, end + 1 + len(body)


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
