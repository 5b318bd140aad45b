"""One typed route table: the source of dispatch, of parsing, of permission checks and of the OpenAPI document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from server.access.permissions import Permission
from server.access.rules import Person
from server.errors import ErrorCode
from storage.db import Actor

if TYPE_CHECKING:
    from server.services import Services


class Schema(BaseModel):
    """Base of request and response models: unknown fields are refused, text is stripped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, from_attributes=True)


class Empty(Schema):
    """No query, or no body."""


QueryT = TypeVar("QueryT", bound=BaseModel)
BodyT = TypeVar("BodyT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call(Generic[QueryT, BodyT]):
    """One request, parsed: path values, query and body models, the person, the services."""

    http: web.Request
    services: Services
    path: dict[str, str]
    query: QueryT
    body: BodyT
    request_id: str
    maybe_person: Person | None

    @property
    def person(self) -> Person:
        """Who asks. Only on routes with a permission."""
        assert self.maybe_person is not None
        return self.maybe_person

    @property
    def actor(self) -> Actor:
        """The author of audit rows written for this request."""
        person = self.maybe_person
        if person is None:
            return Actor(kind="system", request_id=self.request_id)
        return Actor("staff", person.id, person.organisation_id, self.request_id)


Handler = Callable[[Call[Any, Any]], Awaitable[BaseModel | web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation. `permission` None means that nobody need be logged in; say why in `public`."""

    method: str
    path: str
    handler: Handler
    summary: str
    permission: Permission | None
    query: type[BaseModel] = Empty
    body: type[BaseModel] | None = None
    response: type[BaseModel] | None = None
    status: int = 200
    public: str = ""
    produces: str = ""  # media type of a response that is not JSON; */* for files of several
    consumes: str = ""  # media type of a body that the handler streams itself
    errors: Sequence[ErrorCode] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        if self.permission is None and not self.public:
            raise ValueError(f"{self.method} {self.path}: a public route says why it is public")

    @property
    def operation_id(self) -> str:
        return str(getattr(self.handler, "__name__"))  # noqa: B009 - Awaitable callables have no typed name

    @property
    def repeatable(self) -> bool:
        """Creates something from a JSON body, so that an `Idempotency-Key` is heeded."""
        return self.status == 201 and self.body is not None and self.permission is not None

    @property
    def tag(self) -> str:
        return self.path.removeprefix("/api/").split("/")[0]
