"""All tables: importing this package fills `Base.metadata`."""

from storage.tables import (
    access,
    audit,
    evidence,
    pairing,
    patients,
    reads,
    recordings,
    rooms,
    sessions,
)
from storage.tables.base import Base

__all__ = [
    "Base",
    "access",
    "audit",
    "evidence",
    "pairing",
    "patients",
    "reads",
    "recordings",
    "rooms",
    "sessions",
]
