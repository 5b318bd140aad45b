"""Log-in, the logged-in person, the directory of colleagues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import web
from limits import parse as parse_limit
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from sqlalchemy import or_, select

from server.access import service
from server.access.permissions import ROLE_PERMISSIONS, Permission
from server.access.rules import Role
from server.access.schemas import (
    DemoAccount,
    DemoAccounts,
    DemoEnterRequest,
    DepartmentView,
    DirectoryQuery,
    DirectoryView,
    Done,
    LoginRequest,
    LoginView,
    OrganisationView,
    PersonView,
    StaffView,
)
from server.errors import ErrorCode, Problem
from server.http.routing import Call, Empty, Route
from storage.tables.access import Department, Organisation, Staff

if TYPE_CHECKING:
    from server.services import Services

COOKIE = "duikou_refresh"
COOKIE_PATH = "/api/auth"
LOGIN_LIMIT = parse_limit("10/minute")
ADDRESS_LIMIT = parse_limit("60/minute")


def _limiter(services: Services) -> MovingWindowRateLimiter:
    limiter = services.state.get("login_limiter")
    if not isinstance(limiter, MovingWindowRateLimiter):
        limiter = MovingWindowRateLimiter(MemoryStorage())
        services.state["login_limiter"] = limiter
    return limiter


async def _slow_down(call: Call[Any, Any], username: str) -> None:
    limiter = _limiter(call.services)
    address = call.http.remote or "-"
    allowed = await limiter.hit(ADDRESS_LIMIT, "address", address)
    if not allowed or not await limiter.hit(LOGIN_LIMIT, "login", address, username):
        raise Problem(ErrorCode.TOO_MANY_REQUESTS, headers={"Retry-After": "60"})


def _foreign(origin: str | None, host: str) -> bool:
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != host
    except ValueError:  # "http://[" and the like
        return True


def same_origin(request: web.Request) -> None:
    """Refuse cookie-bearing requests of other sites (beside SameSite=Strict). Raises `Problem`."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if _foreign(origin, request.host) or site not in ("same-origin", "none"):
        raise Problem(ErrorCode.ORIGIN_REFUSED)


def organisation_view(row: Organisation) -> OrganisationView:
    return OrganisationView.model_validate(row)


def _person_view(staff: Staff) -> PersonView:
    roles = sorted(Role(row.role) for row in staff.roles)
    granted = {permission.value for role in roles for permission in ROLE_PERMISSIONS[role]}
    return PersonView(
        id=staff.id,
        username=staff.username,
        name=staff.name,
        title=staff.title,
        licence=staff.licence,
        roles=roles,
        permissions=sorted(granted),
        organisation=organisation_view(staff.organisation),
        department=DepartmentView.model_validate(staff.department) if staff.department else None,
        demo=staff.demo,
    )


def _staff_view(staff: Staff) -> StaffView:
    return StaffView(
        id=staff.id,
        name=staff.name,
        title=staff.title,
        organisation_id=staff.organisation_id,
        organisation_name=staff.organisation.name,
        department_id=staff.department_id,
        department_name=staff.department.name if staff.department else "",
        roles=sorted(Role(row.role) for row in staff.roles),
    )


def _logged_in(call: Call[Any, Any], login: service.Login) -> web.Response:
    view = LoginView(
        access_token=login.access_token,
        expires_in=login.expires_in,
        person=_person_view(login.staff),
    )
    response = web.json_response(text=view.model_dump_json())
    response.set_cookie(
        COOKIE,
        login.refresh_token,
        path=COOKIE_PATH,
        max_age=int(service.REFRESH_LIFETIME.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=call.http.secure,
    )
    return response


async def login(call: Call[Empty, LoginRequest]) -> web.StreamResponse:
    same_origin(call.http)
    await _slow_down(call, call.body.username)
    found = await service.log_in(call.services, call.body.username, call.body.password, call.actor)
    return _logged_in(call, found)


async def refresh(call: Call[Empty, Empty]) -> web.StreamResponse:
    same_origin(call.http)
    token = call.http.cookies.get(COOKIE)
    if not token:
        raise Problem(ErrorCode.SESSION_EXPIRED)
    return _logged_in(call, await service.refresh(call.services, token, call.actor))


async def logout(call: Call[Empty, Empty]) -> web.StreamResponse:
    same_origin(call.http)
    token = call.http.cookies.get(COOKIE)
    if token:
        await service.log_out(call.services, token, call.actor)
    response = web.json_response(text=Done().model_dump_json())
    response.del_cookie(COOKIE, path=COOKIE_PATH)
    return response


async def me(call: Call[Empty, Empty]) -> PersonView:
    async with call.services.db.read() as session:
        staff = (
            await session.execute(select(Staff).where(Staff.id == call.person.id))
        ).scalar_one()
        return _person_view(staff)


async def directory(call: Call[DirectoryQuery, Empty]) -> DirectoryView:
    query = call.query
    async with call.services.db.read() as session:
        organisations = (
            await session.execute(select(Organisation).order_by(Organisation.name))
        ).scalars()
        departments = (
            await session.execute(select(Department).order_by(Department.name))
        ).scalars()
        people = select(Staff).where(Staff.active.is_(True)).order_by(Staff.name).limit(500)
        if query.organisation_id:
            people = people.where(Staff.organisation_id == query.organisation_id)
        if query.search:
            part = query.search.lower()
            people = people.where(
                or_(
                    Staff.name.contains(part, autoescape=True),
                    Staff.pinyin.contains(part, autoescape=True),
                )
            )
        staff = [_staff_view(row) for row in (await session.execute(people)).scalars()]
        if query.role is not None:
            staff = [person for person in staff if query.role in person.roles]
        return DirectoryView(
            organisations=[organisation_view(row) for row in organisations],
            departments=[DepartmentView.model_validate(row) for row in departments],
            staff=staff,
        )


async def demo_accounts(call: Call[Empty, Empty]) -> DemoAccounts:
    if not call.services.config.demo:
        return DemoAccounts(demo=False, accounts=[])
    async with call.services.db.read() as session:
        people = select(Staff).where(Staff.demo.is_(True), Staff.active.is_(True))
        rows = (await session.execute(people.order_by(Staff.created_at, Staff.id))).scalars()
        accounts = [
            DemoAccount(
                username=row.username,
                name=row.name,
                role=Role(sorted(role.role for role in row.roles)[-1]),
                organisation=row.organisation.name,
            )
            for row in rows
        ]
    return DemoAccounts(demo=True, accounts=accounts)


async def demo_enter(call: Call[Empty, DemoEnterRequest]) -> web.StreamResponse:
    same_origin(call.http)
    await _slow_down(call, call.body.username)
    return _logged_in(call, await service.demo_enter(call.services, call.body.username, call.actor))


_LOGIN_ERRORS = (ErrorCode.TOO_MANY_REQUESTS, ErrorCode.ORIGIN_REFUSED)
_BEFORE = "People are not logged in yet when they use it."

ROUTES = [
    Route(
        "POST",
        "/api/auth/login",
        login,
        "Log in with user name and password",
        None,
        body=LoginRequest,
        response=LoginView,
        public=_BEFORE,
        errors=(ErrorCode.LOGIN_FAILED, *_LOGIN_ERRORS),
    ),
    Route(
        "POST",
        "/api/auth/refresh",
        refresh,
        "Exchange the refresh cookie for a new access token",
        None,
        response=LoginView,
        public=_BEFORE,
        errors=(ErrorCode.SESSION_EXPIRED, ErrorCode.ORIGIN_REFUSED),
    ),
    Route(
        "POST",
        "/api/auth/logout",
        logout,
        "End the session",
        None,
        response=Done,
        public="Leaving must work with an expired access token.",
        errors=(ErrorCode.ORIGIN_REFUSED,),
    ),
    Route(
        "GET",
        "/api/me",
        me,
        "The logged-in person",
        Permission.ACCESS_SELF_READ,
        response=PersonView,
    ),
    Route(
        "GET",
        "/api/directory",
        directory,
        "Organisations, departments and staff",
        Permission.ACCESS_DIRECTORY_READ,
        query=DirectoryQuery,
        response=DirectoryView,
    ),
    Route(
        "GET",
        "/api/demo/accounts",
        demo_accounts,
        "Demo people for one-click log-in",
        None,
        response=DemoAccounts,
        public=_BEFORE,
    ),
    Route(
        "POST",
        "/api/demo/enter",
        demo_enter,
        "Enter as a demo person",
        None,
        body=DemoEnterRequest,
        response=LoginView,
        public=_BEFORE,
        errors=(ErrorCode.DEMO_OFF, *_LOGIN_ERRORS),
    ),
]
