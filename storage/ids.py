"""Opaque identifiers: a short prefix that names the kind, then a ULID (sortable by creation time)."""

from __future__ import annotations

from ulid import ULID


def new_id(prefix: str) -> str:
    """A new identifier such as `con_01jd3x…` (26 lower-case Crockford base-32 characters)."""
    return f"{prefix}_{str(ULID()).lower()}"
