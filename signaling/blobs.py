"""Small values that a participant keeps for the others to ask for, as long as it is there."""

from livekit.protocol import models, rtc

from signaling.participant import Participant

MAX_CONTENTS = 32 * 1024
MAX_BLOBS = 16
_MAX_KEY = 256


def store(participant: Participant, request: rtc.StoreDataBlobRequest) -> None:
    """Keep a value under its key, or say why not."""
    key = request.blob.key.SerializeToString()
    blobs = participant.blobs
    if not _named(request.blob.key) or not request.blob.contents:
        refuse(participant, request.request_id, rtc.RequestResponse.INVALID_REQUEST)
    elif not participant.grants.data:
        refuse(participant, request.request_id, rtc.RequestResponse.NOT_ALLOWED)
    elif len(request.blob.contents) > MAX_CONTENTS or (
        key not in blobs and len(blobs) >= MAX_BLOBS
    ):
        refuse(participant, request.request_id, rtc.RequestResponse.LIMIT_EXCEEDED)
    else:
        blobs[key] = request.blob.contents
        stored = rtc.StoreDataBlobResponse(request_id=request.request_id, key=request.blob.key)
        participant.send(rtc.SignalResponse(store_data_blob_response=stored))


def get(participant: Participant, request: rtc.GetDataBlobRequest) -> None:
    """Answer with another participant's value. Somebody hidden is not there."""
    if not _named(request.key):
        refuse(participant, request.request_id, rtc.RequestResponse.INVALID_REQUEST)
        return
    owner = participant.room.participants.get(request.participant_identity)
    if owner is not None and owner.hidden and owner is not participant:
        owner = None
    contents = owner.blobs.get(request.key.SerializeToString()) if owner is not None else None
    if contents is None:
        refuse(participant, request.request_id, rtc.RequestResponse.NOT_FOUND)
        return
    blob = models.DataBlob(key=request.key, contents=contents)
    found = rtc.GetDataBlobResponse(request_id=request.request_id, blob=blob)
    participant.send(rtc.SignalResponse(get_data_blob_response=found))


def _named(key: models.DataBlobKey) -> bool:
    return 0 < key.ByteSize() <= _MAX_KEY and bool(key.generic or key.HasField("schema_id"))


def refuse(participant: Participant, number: int, reason: rtc.RequestResponse.Reason) -> None:
    response = rtc.RequestResponse(request_id=number, reason=reason)
    participant.send(rtc.SignalResponse(request_response=response))
