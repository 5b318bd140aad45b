"""The specialist's opinion: drafted, signed once, filed back at the recipient."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from server.access.rules import Person
from server.errors import ErrorCode, Problem, wrong_state
from server.sessions.consult_access import apply, changing
from server.sessions.consult_service import ConsultAudit
from server.sessions.rules import OPINION_OPEN, ConsultEvent, Party
from storage.db import Actor
from storage.tables.access import Staff
from storage.tables.sessions import Consult

if TYPE_CHECKING:
    from server.services import Services


def canonical_opinion(consult: Consult, signer: Staff, signed_at: str) -> bytes:
    """The bytes that are signed: JSON with sorted keys, UTF-8, no spaces."""
    document: dict[str, Any] = {
        "type": "consult_opinion",
        "consult": consult.id,
        "agreement": consult.agreement_id,
        "opinion": consult.opinion,
        "advice": consult.advice,
        "signer": {
            "id": signer.id,
            "name": signer.name,
            "title": signer.title,
            "licence": signer.licence,
            "organisation": signer.organisation_id,
        },
        "signed_at": signed_at,
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


async def save(
    services: Services, person: Person, actor: Actor, consult_id: str, opinion: str, advice: str
) -> None:
    """Keep the draft, typed during the session or after it. The requester does not see it before signing."""
    async with changing(services, person, actor, consult_id) as (tx, found):
        if found.party is not Party.SPECIALIST:
            raise Problem(ErrorCode.NOT_ALLOWED)
        if found.state not in OPINION_OPEN:
            raise wrong_state(
                "只能在会诊进行中或结束后、签署之前填写意见。",
                "An opinion is written during the session or after it, and before signing.",
            )
        found.consult.opinion = opinion
        found.consult.advice = advice
        found.consult.updated_at = tx.now
        tx.audit(ConsultAudit.OPINION_SAVED, "consult", consult_id)


async def sign(
    services: Services, person: Person, actor: Actor, consult_id: str, opinion: str, advice: str
) -> None:
    """Sign the opinion as given here: what was on the signer's screen is what is signed.

    Records name, title, licence and time of the signer and the SHA-256 of the canonical opinion.
    """
    if not opinion:
        raise Problem(
            ErrorCode.INVALID_REQUEST,
            zh="会诊意见是空的。请填写意见后再签署。",
            en="The opinion is empty. Write it, then sign.",
            data={"errors": [{"path": "opinion", "message": "empty"}]},
        )
    async with changing(services, person, actor, consult_id) as (tx, found):
        apply(found, ConsultEvent.SIGN, tx.now)
        signer = await tx.session.get(Staff, person.id)
        assert signer is not None
        consult = found.consult
        consult.opinion, consult.advice = opinion, advice
        data = canonical_opinion(consult, signer, tx.now.isoformat())
        consult.signed_at = tx.now
        consult.signed_by = signer.id
        consult.signed_document = data.decode()
        consult.signed_sha256 = hashlib.sha256(data).hexdigest()
        tx.audit(ConsultAudit.SIGNED, "consult", consult_id, {"sha256": consult.signed_sha256})


async def file_back(services: Services, person: Person, actor: Actor, consult_id: str) -> None:
    """The recipient has filed the opinion in its own record."""
    async with changing(services, person, actor, consult_id) as (tx, found):
        apply(found, ConsultEvent.FILE_BACK, tx.now)
        found.consult.filed_back_at = tx.now
        tx.audit(ConsultAudit.FILED_BACK, "consult", consult_id)
