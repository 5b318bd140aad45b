"""Permissions `area:resource:action` and the one table that says which role has which.

A permission opens the door of an operation; whether the person may touch the object behind it is decided by
that object's `access_*` function.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from server.access.rules import Role


class Permission(StrEnum):
    """Sorted."""

    ACCESS_AUDIT_READ = "access:audit:read"
    ACCESS_DIRECTORY_READ = "access:directory:read"
    ACCESS_SELF_READ = "access:self:read"
    ASSESSMENT_SCORE_READ = "assessment:score:read"
    EVIDENCE_ENTRY_READ = "evidence:entry:read"
    EVIDENCE_PACK_EXPORT = "evidence:pack:export"
    PAIRING_AGREEMENT_READ = "pairing:agreement:read"
    PAIRING_AGREEMENT_WRITE = "pairing:agreement:write"
    PATIENTS_PATIENT_READ = "patients:patient:read"
    PATIENTS_PATIENT_WRITE = "patients:patient:write"
    READS_COUNT_VIEW = "reads:count:view"
    READS_READ_REPORT = "reads:read:report"
    READS_READ_REQUEST = "reads:read:request"
    READS_READ_VIEW = "reads:read:view"
    SESSIONS_CONSULT_ANSWER = "sessions:consult:answer"
    SESSIONS_CONSULT_REQUEST = "sessions:consult:request"
    SESSIONS_CONSULT_VIEW = "sessions:consult:view"
    SESSIONS_LECTURE_MANAGE = "sessions:lecture:manage"
    SESSIONS_LECTURE_VIEW = "sessions:lecture:view"
    SESSIONS_RECORDING_CONTROL = "sessions:recording:control"
    SESSIONS_ROOM_ATTEND = "sessions:room:attend"
    SESSIONS_ROOM_MODERATE = "sessions:room:moderate"


P = Permission
_EVERYONE = {
    P.ACCESS_SELF_READ,
    P.ACCESS_DIRECTORY_READ,
    P.SESSIONS_LECTURE_VIEW,
    P.SESSIONS_ROOM_ATTEND,
    P.SESSIONS_ROOM_MODERATE,  # whoever the host made a co-host
    P.PAIRING_AGREEMENT_READ,
}

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(_EVERYONE | {P.ACCESS_AUDIT_READ}),
    Role.ASSESSOR: frozenset(
        _EVERYONE | {P.EVIDENCE_ENTRY_READ, P.EVIDENCE_PACK_EXPORT, P.ASSESSMENT_SCORE_READ}
    ),
    Role.AUTHORITY: frozenset(
        _EVERYONE | {P.EVIDENCE_ENTRY_READ, P.EVIDENCE_PACK_EXPORT, P.ASSESSMENT_SCORE_READ}
    ),
    Role.COORDINATOR: frozenset(
        _EVERYONE
        | {
            P.PAIRING_AGREEMENT_WRITE,
            P.READS_COUNT_VIEW,
            P.SESSIONS_LECTURE_MANAGE,
            P.SESSIONS_CONSULT_VIEW,
            P.SESSIONS_RECORDING_CONTROL,
            P.EVIDENCE_ENTRY_READ,
            P.ASSESSMENT_SCORE_READ,
        }
    ),
    Role.LEARNER: frozenset(_EVERYONE),
    Role.LECTURER: frozenset(_EVERYONE | {P.SESSIONS_LECTURE_MANAGE, P.SESSIONS_RECORDING_CONTROL}),
    Role.RURAL_DOCTOR: frozenset(
        _EVERYONE
        | {
            P.PATIENTS_PATIENT_READ,
            P.PATIENTS_PATIENT_WRITE,
            P.READS_COUNT_VIEW,
            P.READS_READ_REQUEST,
            P.READS_READ_VIEW,
            P.SESSIONS_CONSULT_REQUEST,
            P.SESSIONS_CONSULT_VIEW,
            P.SESSIONS_RECORDING_CONTROL,
        }
    ),
    Role.SPECIALIST: frozenset(
        _EVERYONE
        | {
            P.READS_COUNT_VIEW,
            P.READS_READ_REPORT,
            P.READS_READ_VIEW,
            P.SESSIONS_CONSULT_ANSWER,
            P.SESSIONS_CONSULT_VIEW,
            P.SESSIONS_RECORDING_CONTROL,
        }
    ),
}


def allows(roles: Iterable[Role], permission: Permission) -> bool:
    """True if any of the roles has the permission."""
    return any(permission in ROLE_PERMISSIONS[role] for role in roles)
