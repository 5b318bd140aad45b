"""Request and response models of attachments."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from server.http.routing import Schema


class OwnerType(StrEnum):
    """Kinds of object that files can be attached to. Sorted."""

    CONSULT = "consult"


class AttachmentView(Schema):
    id: str
    filename: str
    media_type: str
    size: Annotated[int, Field(description="bytes")]
    sha256: str
    uploaded_by: str
    created_at: datetime


class UploadQuery(Schema):
    """Where the file goes. The body is the file itself."""

    owner_type: OwnerType
    owner_id: Annotated[str, Field(min_length=1, max_length=40)]


class OwnerQuery(Schema):
    owner_type: OwnerType
    owner_id: Annotated[str, Field(min_length=1, max_length=40)]


class AttachmentsView(Schema):
    attachments: list[AttachmentView]
