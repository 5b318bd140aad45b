"""The worklist and its counts, in a fixed number of queries."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from server.access.rules import Person
from server.clock import local_date
from server.pairing.service import today_of
from server.patients.schemas import Sex
from server.reads.access import agreements_in_force, asks, reads
from server.reads.rules import (
    IN_PREPARATION,
    WAITING,
    ReadKind,
    ReadState,
    Side,
    Urgency,
    age_on,
    shown_state,
)
from server.reads.schemas import (
    ReadCountsBySide,
    ReadCountsView,
    ReadRowView,
    ReadsQuery,
    ReadsView,
)
from server.reads.views import clock_of
from storage.tables.access import Organisation, Staff
from storage.tables.patients import Patient
from storage.tables.reads import CriticalValue, ReadReport, ReadRequest

if TYPE_CHECKING:
    from server.services import Services

S = ReadState
OPEN = (*IN_PREPARATION, *WAITING, S.SIGNED)
DONE = (S.ACKNOWLEDGED, S.ADOPTED, S.NOT_ADOPTED, S.CANCELLED)

_HAS_CRITICAL = exists().where(CriticalValue.read_id == ReadRequest.id)
_CRITICAL_OPEN = exists().where(
    CriticalValue.read_id == ReadRequest.id, CriticalValue.acknowledged_at.is_(None)
)
_VERSIONS = (
    select(func.count())
    .where(ReadReport.read_id == ReadRequest.id)
    .correlate(ReadRequest)
    .scalar_subquery()
)
Requesting, Supporting = aliased(Organisation), aliased(Organisation)
Requester, Claimer = aliased(Staff), aliased(Staff)


def side_of(person: Person, wanted: Side | None) -> Side | None:
    """The side of the list: as asked, else by role; None when the person has no such side."""
    if wanted is Side.READER or (wanted is None and reads(person)):
        return Side.READER if reads(person) else None
    return Side.REQUESTER if asks(person) else None


async def _visible(
    session: AsyncSession, services: Services, organisation_id: str, side: Side | None
) -> ColumnElement[bool]:
    """What a side of an organisation may see; the same rule as `access_read`."""
    if side is None:
        return false()
    if side is Side.REQUESTER:
        return ReadRequest.requesting_id == organisation_id
    today = await today_of(session, services, organisation_id)
    held = await agreements_in_force(session, organisation_id, today)
    return and_(
        ReadRequest.supporting_id == organisation_id,
        ReadRequest.agreement_id.in_(held),
        ReadRequest.submitted_at.is_not(None),
        ReadRequest.state.not_in(IN_PREPARATION),
    )


def _filters(query: ReadsQuery, person: Person, side: Side) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    own = ReadRequest.requester_id if side is Side.REQUESTER else ReadRequest.claimed_by
    other = ReadRequest.supporting_id if side is Side.REQUESTER else ReadRequest.requesting_id
    name = Supporting.name if side is Side.REQUESTER else Requesting.name
    if query.state:
        wanted = set(query.state)
        if side is Side.REQUESTER and S.CLAIMED in wanted:
            wanted.add(S.DRAFT)  # which this side sees as claimed
        found.append(ReadRequest.state.in_(sorted(wanted)))
    if query.group != "all":
        found.append(ReadRequest.state.in_(OPEN if query.group == "open" else DONE))
    if query.urgency is not None:
        found.append(ReadRequest.urgency == query.urgency)
    if query.mine:
        found.append(own == person.id)
    if query.organisation_id:
        found.append(other == query.organisation_id)
    if query.search:
        found.append(name.contains(query.search, autoescape=True))
    return found


def _order(side: Side) -> list[Any]:
    """Open critical values first, then what waits by urgency and time left, then the newest."""
    waiting = ReadRequest.state.in_(WAITING)
    attention = S.SIGNED if side is Side.REQUESTER else S.QUEUED
    far = case((ReadRequest.due_at.is_(None), 1), else_=0)
    return [
        case((_CRITICAL_OPEN, 0), else_=1),
        case(
            (waiting, 0),
            (ReadRequest.state == attention, 1),
            (ReadRequest.state.in_(OPEN), 2),
            else_=3,
        ),
        case((and_(waiting, ReadRequest.urgency == Urgency.EMERGENCY), 0), else_=1),
        case((waiting, far), else_=0),
        case((waiting, ReadRequest.due_at)),
        ReadRequest.created_at.desc(),
        ReadRequest.id.desc(),
    ]


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ReadRequest,
            Patient.name.label("patient_name"),
            Patient.sex,
            Patient.birth_date,
            Requesting.name.label("requesting_name"),
            Requesting.zone,
            Supporting.name.label("supporting_name"),
            Requester.name.label("requester_name"),
            Claimer.name.label("claimer_name"),
            _HAS_CRITICAL.label("critical"),
            _CRITICAL_OPEN.label("critical_open"),
            _VERSIONS.label("versions"),
        )
        .join(Patient, Patient.id == ReadRequest.patient_id)
        .join(Requesting, Requesting.id == ReadRequest.requesting_id)
        .join(Supporting, Supporting.id == ReadRequest.supporting_id)
        .join(Requester, Requester.id == ReadRequest.requester_id)
        .outerjoin(Claimer, Claimer.id == ReadRequest.claimed_by)
    )


def _row_view(row: Row[Any], side: Side, person: Person, now: datetime) -> ReadRowView:
    read: ReadRequest = row.ReadRequest
    left, late = clock_of(read, now)
    today: date = local_date(now, row.zone)
    return ReadRowView(
        id=read.id,
        kind=ReadKind(read.kind),
        state=shown_state(S(read.state), side),
        urgency=Urgency(read.urgency),
        side=side,
        patient_name=row.patient_name if side is Side.REQUESTER else "",
        patient_sex=Sex(row.sex),
        patient_age=age_on(row.birth_date, today),
        requesting_id=read.requesting_id,
        requesting_name=row.requesting_name,
        supporting_id=read.supporting_id,
        supporting_name=row.supporting_name,
        requester_name=row.requester_name,
        claimed_by=read.claimed_by,
        claimed_by_name=row.claimer_name or "",
        mine=person.id in (read.requester_id, read.claimed_by),
        created_at=read.created_at,
        submitted_at=read.submitted_at,
        due_at=read.due_at,
        signed_at=read.signed_at,
        seconds_left=left,
        late=late,
        critical=bool(row.critical),
        critical_open=bool(row.critical_open),
        unread=read.state == S.SIGNED,
        versions=row.versions,
        demo=read.demo,
    )


async def _counts(
    session: AsyncSession, visible: ColumnElement[bool], now: datetime
) -> ReadCountsView:
    def number(*conditions: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)

    state, waiting = ReadRequest.state, ReadRequest.state.in_(WAITING)
    query = select(
        number(state == S.QUEUED).label("queued"),
        number(state.in_((S.CLAIMED, S.DRAFT))).label("in_progress"),
        number(state == S.RETURNED).label("returned"),
        number(or_(waiting), ReadRequest.due_at < now).label("late"),
        number(state == S.SIGNED).label("signed"),
        number(state.in_((S.ACKNOWLEDGED, S.ADOPTED, S.NOT_ADOPTED))).label("done"),
        number(_CRITICAL_OPEN).label("critical_open"),
        number(waiting, ReadRequest.urgency == Urgency.EMERGENCY).label("emergency_waiting"),
    ).where(visible)
    row = (await session.execute(query)).one()
    return ReadCountsView(**{name: int(value) for name, value in row._mapping.items()})


async def list_view(
    session: AsyncSession, services: Services, person: Person, query: ReadsQuery
) -> ReadsView:
    """One page of the worklist of the person's side."""
    now = services.clock.now()
    side = side_of(person, query.side)
    visible = await _visible(session, services, person.organisation_id, side)
    counts = await _counts(session, visible, now)
    if side is None:
        return ReadsView(reads=[], total=0, counts=counts, now=now)
    matching = _rows().where(visible, *_filters(query, person, side))
    total_query = select(func.count()).select_from(matching.subquery())
    page = matching.order_by(*_order(side)).limit(query.limit).offset(query.offset)
    rows = (await session.execute(page)).all()
    total = (await session.execute(total_query)).scalar_one()
    return ReadsView(
        reads=[_row_view(row, side, person, now) for row in rows],
        total=total,
        counts=counts,
        now=now,
    )


async def counts_by_side(
    session: AsyncSession, services: Services, organisation_id: str
) -> ReadCountsBySide:
    """Numbers of the whole organisation, nothing clinical."""
    now = services.clock.now()
    return ReadCountsBySide(
        reader=await _counts(
            session, await _visible(session, services, organisation_id, Side.READER), now
        ),
        requester=await _counts(
            session, await _visible(session, services, organisation_id, Side.REQUESTER), now
        ),
    )
