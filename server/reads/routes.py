"""Reads: ask, upload, worklist, report, sign, acknowledge."""

from __future__ import annotations

from typing import Any

from server.access.permissions import Permission
from server.errors import ErrorCode
from server.http.routing import Call, Empty, Route
from server.reads import closing, intake, listing, service, signing, terms, views
from server.reads.access import access_read
from server.reads.downloads import (
    get_read_ecg,
    get_read_original,
    get_read_report_pdf,
    get_read_samples,
)
from server.reads.rules import ReadEvent
from server.reads.schemas import (
    CreateReadRequest,
    CriticalRequest,
    DraftRequest,
    DraftView,
    EcgView,
    OutcomeRequest,
    ReadCountsBySide,
    ReadsQuery,
    ReadsView,
    ReadView,
    ReasonRequest,
    ReportPdfQuery,
    SignRequest,
    SubmitReadRequest,
    TermsView,
)

AnyCall = Call[Any, Any]
UPLOAD_TYPES = ("application/dicom", "application/octet-stream")


async def _view(call: AnyCall, read_id: str) -> ReadView:
    async with call.services.db.read() as session:
        held = await access_read(session, call.services, call.person, read_id)
        return await views.read_view(session, call.services, call.person, held)


async def list_reads(call: Call[ReadsQuery, Empty]) -> ReadsView:
    async with call.services.db.read() as session:
        return await listing.list_view(session, call.services, call.person, call.query)


async def count_reads(call: AnyCall) -> ReadCountsBySide:
    async with call.services.db.read() as session:
        return await listing.counts_by_side(session, call.services, call.person.organisation_id)


async def get_read_terms(call: AnyCall) -> TermsView:
    return terms.terms().view


async def get_read(call: AnyCall) -> ReadView:
    return await _view(call, call.path["read_id"])


async def create_read(call: Call[Empty, CreateReadRequest]) -> ReadView:
    body = call.body
    read = await service.create_read(
        call.services,
        call.actor,
        call.person,
        patient_id=body.patient_id,
        supporting_id=body.supporting_id,
        urgency=body.urgency,
        question=body.question,
        symptoms=body.symptoms,
    )
    return await _view(call, read.id)


async def upload_read_file(call: AnyCall) -> ReadView:
    read_id = call.path["read_id"]
    chunks = intake.body_of(call.http, call.services.config.max_upload_bytes, UPLOAD_TYPES)
    await intake.attach_file(call.services, call.actor, call.person, read_id, chunks)
    return await _view(call, read_id)


async def submit_read(call: Call[Empty, SubmitReadRequest]) -> ReadView:
    await service.submit(
        call.services,
        call.actor,
        call.person,
        call.path["read_id"],
        confirm_mismatch=call.body.confirm_mismatch,
        question=call.body.question,
        symptoms=call.body.symptoms,
        urgency=call.body.urgency,
    )
    return await _view(call, call.path["read_id"])


async def cancel_read(call: Call[Empty, ReasonRequest]) -> ReadView:
    await service.cancel(
        call.services, call.actor, call.person, call.path["read_id"], call.body.reason
    )
    return await _view(call, call.path["read_id"])


async def claim_read(call: AnyCall) -> ReadView:
    await service.claim(call.services, call.actor, call.person, call.path["read_id"])
    return await _view(call, call.path["read_id"])


async def release_read(call: AnyCall) -> ReadView:
    await service.release(call.services, call.actor, call.person, call.path["read_id"])
    return await _view(call, call.path["read_id"])


async def return_read(call: Call[Empty, ReasonRequest]) -> ReadsView:
    """Answers the remaining queue, since the returned read is out of the specialist's sight now."""
    await service.send_back(
        call.services, call.actor, call.person, call.path["read_id"], call.body.reason
    )
    async with call.services.db.read() as session:
        return await listing.list_view(
            session, call.services, call.person, ReadsQuery(group="open")
        )


async def save_read_draft(call: Call[Empty, DraftRequest]) -> DraftView:
    draft = await service.save_draft(
        call.services,
        call.actor,
        call.person,
        call.path["read_id"],
        version=call.body.version,
        content=call.body.content,
    )
    return views.draft_view(draft, call.person.name)


async def sign_read(call: Call[Empty, SignRequest]) -> ReadView:
    await signing.sign(
        call.services,
        call.actor,
        call.person,
        call.path["read_id"],
        draft_version=call.body.draft_version,
        amendment_reason=call.body.amendment_reason,
    )
    return await _view(call, call.path["read_id"])


async def acknowledge_read(call: AnyCall) -> ReadView:
    await closing.acknowledge(call.services, call.actor, call.person, call.path["read_id"])
    return await _view(call, call.path["read_id"])


async def answer_read(call: Call[Empty, OutcomeRequest]) -> ReadView:
    event = ReadEvent.ADOPT if call.body.adopted else ReadEvent.NOT_ADOPT
    await closing.answer(
        call.services, call.actor, call.person, call.path["read_id"], event, call.body.reason
    )
    return await _view(call, call.path["read_id"])


async def mark_read_critical(call: Call[Empty, CriticalRequest]) -> ReadView:
    await service.mark_critical(
        call.services,
        call.actor,
        call.person,
        call.path["read_id"],
        code=call.body.code,
        note=call.body.note,
    )
    return await _view(call, call.path["read_id"])


async def acknowledge_read_critical(call: AnyCall) -> ReadView:
    await service.acknowledge_critical(call.services, call.actor, call.person, call.path["read_id"])
    return await _view(call, call.path["read_id"])


P, C = Permission, ErrorCode
ONE = "/api/reads/{read_id}"

ROUTES = [
    Route("GET", "/api/reads", list_reads, "Worklist of my side", P.READS_READ_VIEW,
          query=ReadsQuery, response=ReadsView),
    Route("POST", "/api/reads", create_read, "Ask for a read", P.READS_READ_REQUEST,
          body=CreateReadRequest, response=ReadView, status=201,
          errors=[C.NOT_FOUND, C.AGREEMENT_NOT_IN_FORCE]),
    Route("GET", "/api/reads/counts", count_reads, "How many reads stand where",
          P.READS_COUNT_VIEW, response=ReadCountsBySide),
    Route("GET", "/api/reads/terms", get_read_terms,
          "Report templates, findings, critical values", P.READS_READ_VIEW, response=TermsView),
    Route("GET", ONE, get_read, "One read", P.READS_READ_VIEW, response=ReadView),
    Route("PUT", ONE + "/file", upload_read_file,
          "Upload the recording as raw body; answers what was found in it", P.READS_READ_REQUEST,
          response=ReadView, consumes="application/octet-stream",
          errors=[C.BODY_TOO_LARGE, C.FILE_REFUSED, C.NOT_READY, C.UNSUPPORTED_MEDIA_TYPE,
                  C.WRONG_STATE]),
    Route("POST", ONE + "/submit", submit_read, "Send to the specialists", P.READS_READ_REQUEST,
          body=SubmitReadRequest, response=ReadView,
          errors=[C.AGREEMENT_NOT_IN_FORCE, C.PATIENT_MISMATCH, C.WRONG_STATE]),
    Route("POST", ONE + "/cancel", cancel_read, "Withdraw the request", P.READS_READ_REQUEST,
          body=ReasonRequest, response=ReadView, errors=[C.WRONG_STATE]),
    Route("POST", ONE + "/claim", claim_read, "Take it for reading", P.READS_READ_REPORT,
          response=ReadView, errors=[C.ALREADY_CLAIMED, C.WRONG_STATE]),
    Route("POST", ONE + "/release", release_read, "Put it back into the queue",
          P.READS_READ_REPORT, response=ReadView, errors=[C.WRONG_STATE]),
    Route("POST", ONE + "/return", return_read, "Send back with what to fix (退回重做)",
          P.READS_READ_REPORT, body=ReasonRequest, response=ReadsView, errors=[C.WRONG_STATE]),
    Route("PUT", ONE + "/draft", save_read_draft, "Save the draft", P.READS_READ_REPORT,
          body=DraftRequest, response=DraftView, errors=[C.VERSION_CONFLICT, C.WRONG_STATE]),
    Route("POST", ONE + "/sign", sign_read, "Sign the draft; again for an amendment",
          P.READS_READ_REPORT, body=SignRequest, response=ReadView,
          errors=[C.VERSION_CONFLICT, C.WRONG_STATE]),
    Route("POST", ONE + "/acknowledge", acknowledge_read, "Confirm having read the report",
          P.READS_READ_REQUEST, response=ReadView, errors=[C.WRONG_STATE]),
    Route("POST", ONE + "/outcome", answer_read, "Say whether the report was adopted",
          P.READS_READ_REQUEST, body=OutcomeRequest, response=ReadView, errors=[C.WRONG_STATE]),
    Route("POST", ONE + "/critical", mark_read_critical, "Confirm a critical value",
          P.READS_READ_REPORT, body=CriticalRequest, response=ReadView, errors=[C.WRONG_STATE]),
    Route("POST", ONE + "/critical/acknowledge", acknowledge_read_critical,
          "Acknowledge the critical values", P.READS_READ_REQUEST, response=ReadView,
          errors=[C.WRONG_STATE]),
    Route("GET", ONE + "/ecg", get_read_ecg, "What the tracing is", P.READS_READ_VIEW,
          response=EcgView),
    Route("GET", ONE + "/ecg/samples", get_read_samples, "The tracing's samples",
          P.READS_READ_VIEW, produces="application/octet-stream"),
    Route("GET", ONE + "/original", get_read_original, "The file as received",
          P.READS_READ_VIEW, produces="application/dicom"),
    Route("GET", ONE + "/report.pdf", get_read_report_pdf, "A signed report as PDF",
          P.READS_READ_VIEW, query=ReportPdfQuery, produces="application/pdf"),
]  # fmt: skip
