"""Guarded readers of untrusted files."""

from __future__ import annotations


class ReaderPool:
    """Worker processes that parse untrusted files."""

    def __init__(self, size: int) -> None:
        self.size = size

    async def start(self) -> None:
        """Start the workers."""

    async def ping(self) -> None:
        """Raise if no worker answers."""

    async def close(self) -> None:
        """Stop the workers."""
