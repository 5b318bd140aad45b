"""Which files are taken, by what their first bytes say. Pure."""

from __future__ import annotations

HEAD = 512
UNDECLARED = "application/octet-stream"
ACCEPTED = frozenset(
    {
        "application/dicom",
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/plain",
    }
)


def _sniff(head: bytes) -> str | None:
    """A media type from the signature of the format, or None."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head[128:132] == b"DICM":  # DICOM PS3.10 7.1
        return "application/dicom"
    return None


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    for cut in range(4):  # the head may end inside a character
        try:
            head[: len(head) - cut].decode()
        except UnicodeDecodeError:
            continue
        return True
    return False


def media_type_of(head: bytes, declared: str) -> str | None:
    """The type that content and declaration agree on, or None. An undeclared type is found out."""
    sniffed = _sniff(head)
    if declared == UNDECLARED:
        return sniffed
    if declared == "text/plain":
        return declared if sniffed is None and _is_text(head) else None
    return declared if sniffed == declared else None


def safe_name(filename: str) -> str:
    """A name for showing and saving: no folders, no control characters. Never a path on our disk."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in last if char.isprintable()).strip(" .")
    return kept[:200] or "file"
