"""Values that a participant keeps for the others."""

import asyncio

import aiohttp
import pytest
from livekit.protocol import models, rtc

from signaling.blobs import MAX_BLOBS, MAX_CONTENTS

from .conftest import MediaProcess, token

Socket = aiohttp.ClientWebSocketResponse
Reason = rtc.RequestResponse


def key(name: str) -> models.DataBlobKey:
    return models.DataBlobKey(generic=name)


def storing(name: str, contents: bytes, number: int = 1) -> rtc.SignalRequest:
    blob = models.DataBlob(key=key(name), contents=contents)
    return rtc.SignalRequest(
        store_data_blob_request=rtc.StoreDataBlobRequest(request_id=number, blob=blob)
    )


def asking(identity: str, name: str, number: int = 2) -> rtc.SignalRequest:
    wish = rtc.GetDataBlobRequest(
        request_id=number, participant_identity=identity, key=key(name) if name else None
    )
    return rtc.SignalRequest(get_data_blob_request=wish)


async def asked(socket: Socket, message: rtc.SignalRequest) -> rtc.SignalResponse:
    """The next answer of the kinds that these requests have."""
    await socket.send_bytes(message.SerializeToString())
    kinds = ("request_response", "store_data_blob_response", "get_data_blob_response")
    async with asyncio.timeout(5):
        while True:
            answer = rtc.SignalResponse.FromString((await socket.receive()).data)
            if answer.WhichOneof("message") in kinds:
                return answer


def address(media: MediaProcess, identity: str, room: str, **grants: bool) -> str:
    return f"{media.http}/rtc?access_token={token(identity, room=room, **grants)}"


async def test_what_one_keeps_the_others_get(standing: MediaProcess) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(address(standing, "owner", "blobs")) as owner,
        session.ws_connect(address(standing, "other", "blobs")) as other,
        session.ws_connect(address(standing, "far", "elsewhere")) as far,
        session.ws_connect(address(standing, "witness", "blobs", hidden=True)) as hidden,
    ):
        stored = (await asked(owner, storing("plan", b"first", 7))).store_data_blob_response
        assert (stored.request_id, stored.key) == (7, key("plan"))
        await asked(owner, storing("plan", b"second"))
        found = (await asked(other, asking("owner", "plan", 8))).get_data_blob_response
        assert (found.request_id, found.blob.key) == (8, key("plan"))
        assert found.blob.contents == b"second"
        await asked(hidden, storing("plan", b"mine"))
        nothing = [(other, "owner", "none"), (other, "nobody", "plan"), (far, "owner", "plan")]
        for socket, whose, name in [*nothing, (other, "witness", "plan")]:
            answer = (await asked(socket, asking(whose, name, 9))).request_response
            assert (answer.request_id, answer.reason) == (9, Reason.NOT_FOUND)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (storing("", b"contents", 3), Reason.INVALID_REQUEST),
        (storing("k" * 300, b"contents", 3), Reason.INVALID_REQUEST),
        (storing("plan", b"", 3), Reason.INVALID_REQUEST),
        (storing("plan", bytes(MAX_CONTENTS + 1), 3), Reason.LIMIT_EXCEEDED),
        (asking("keeper", "", 3), Reason.INVALID_REQUEST),
    ],
)
async def test_what_cannot_be_kept_is_refused(
    standing: MediaProcess, message: rtc.SignalRequest, reason: int
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(address(standing, "keeper", "bounds")) as socket,
    ):
        answer = (await asked(socket, message)).request_response
        assert (answer.request_id, answer.reason) == (3, reason)


async def test_nobody_keeps_more_than_its_share(standing: MediaProcess) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(address(standing, "hoarder", "share")) as socket,
        session.ws_connect(address(standing, "mute", "share", can_publish_data=False)) as mute,
    ):
        for index in range(MAX_BLOBS):
            answer = await asked(socket, storing(f"key {index}", bytes(MAX_CONTENTS)))
            assert answer.HasField("store_data_blob_response")
        answer = await asked(socket, storing("one more", b"x"))
        assert answer.request_response.reason == Reason.LIMIT_EXCEEDED
        answer = await asked(socket, storing("key 0", b"changed"))
        assert answer.HasField("store_data_blob_response")
        assert (await asked(mute, storing("any", b"x"))).request_response.reason == (
            Reason.NOT_ALLOWED
        )
