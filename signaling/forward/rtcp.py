"""RTCP (RFC 3550, RFC 4585, REMB): compound packets in, values or a ProtocolError out; and the
packets that the server writes."""

import struct
from dataclasses import dataclass

from signaling.errors import ProtocolError
from signaling.forward import twcc
from signaling.forward.twcc import Feedback

SR, RR, SDES, BYE, RTPFB, PSFB = 200, 201, 202, 203, 205, 206
_MAX_NACKS, _MAX_NACKS_IN_ALL = 512, 1024


@dataclass(frozen=True, slots=True)
class Block:
    """One report block: how the reporter receives `ssrc`. `delay` is in 1/65536 s."""

    ssrc: int
    fraction: int
    lost: int
    highest: int
    jitter: int
    last_sr: int
    delay: int


@dataclass(frozen=True, slots=True)
class SenderReport:
    ssrc: int
    ntp: int
    timestamp: int
    packets: int
    octets: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    ssrc: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Nack:
    media: int
    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PictureLoss:
    """PLI or FIR: a key frame is wanted."""

    media: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Remb:
    """Receiver estimated maximum bit rate, bit/s."""

    bitrate: int


@dataclass(frozen=True, slots=True)
class Bye:
    ssrcs: tuple[int, ...]


Report = SenderReport | ReceiverReport | Nack | PictureLoss | Remb | Bye | Feedback


def parse(data: bytes, reportable: int = 0xFFFF) -> list[Report]:
    """All packets of a compound that the server acts on; others are skipped, as is transport feedback on
    more than `reportable` packets in all."""
    out: list[Report] = []
    at = asked = 0
    while at < len(data):
        if at + 4 > len(data) or data[at] >> 6 != 2:
            raise ProtocolError("An RTCP packet has version 2 and at least 4 bytes.")
        end = at + 4 + 4 * (data[at + 2] << 8 | data[at + 3])
        if end > len(data):
            raise ProtocolError("An RTCP packet is cut short.")
        parser = _PARSERS.get(data[at + 1])
        if data[at + 1] == RTPFB and data[at] & 31 == twcc.FORM:
            reportable -= int.from_bytes(data[at + 14 : at + 16], "big")
            if reportable < 0:
                parser = None
        if parser is not None:
            report = parser(data[at] & 31, data[at + 4 : end])
            if report is not None:
                out.append(report)
            if isinstance(report, Nack):
                asked += len(report.sequences)
                if asked > _MAX_NACKS_IN_ALL:
                    raise ProtocolError("An RTCP compound asks for too many packets.")
        at = end
    return out


def _blocks(count: int, body: bytes) -> tuple[Block, ...]:
    if len(body) < 24 * count:
        raise ProtocolError("An RTCP report holds fewer blocks than it says.")
    blocks = []
    for index in range(count):
        ssrc, loss, high, jitter, lsr, dlsr = struct.unpack_from("!IIIIII", body, 24 * index)
        lost = loss & 0xFFFFFF
        lost -= (lost & 0x800000) << 1
        blocks.append(Block(ssrc, loss >> 24, lost, high, jitter, lsr, dlsr))
    return tuple(blocks)


def _sender_report(count: int, body: bytes) -> Report:
    if len(body) < 24:
        raise ProtocolError("An RTCP sender report is cut short.")
    ssrc, ntp, timestamp, packets, octets = struct.unpack_from("!IQIII", body)
    return SenderReport(ssrc, ntp, timestamp, packets, octets, _blocks(count, body[24:]))


def _receiver_report(count: int, body: bytes) -> Report:
    if len(body) < 4:
        raise ProtocolError("An RTCP receiver report is cut short.")
    return ReceiverReport(int.from_bytes(body[:4], "big"), _blocks(count, body[4:]))


def _bye(count: int, body: bytes) -> Report:
    if len(body) < 4 * count:
        raise ProtocolError("An RTCP goodbye is cut short.")
    return Bye(struct.unpack_from(f"!{count}I", body))


def _transport_feedback(form: int, body: bytes) -> Report | None:
    if form == twcc.FORM:
        return twcc.read(body)
    if form != 1:
        return None
    if len(body) < 8:
        raise ProtocolError("An RTCP NACK is cut short.")
    sequences: list[int] = []
    for at in range(8, len(body) - 3, 4):
        first, mask = struct.unpack_from("!HH", body, at)
        sequences.append(first)
        sequences += [(first + bit + 1) & 0xFFFF for bit in range(16) if mask >> bit & 1]
        if len(sequences) > _MAX_NACKS:
            raise ProtocolError("An RTCP NACK asks for too many packets.")
    return Nack(int.from_bytes(body[4:8], "big"), tuple(sequences))


def _payload_feedback(form: int, body: bytes) -> Report | None:
    if len(body) < 8:
        raise ProtocolError("RTCP feedback is cut short.")
    if form == 1:
        return PictureLoss((int.from_bytes(body[4:8], "big"),))
    if form == 4:
        wanted = range(8, len(body) - 7, 8)
        return PictureLoss(tuple(int.from_bytes(body[at : at + 4], "big") for at in wanted))
    if form == 15 and body[8:12] == b"REMB" and len(body) >= 16:
        packed = int.from_bytes(body[13:16], "big")
        return Remb(min((packed & 0x3FFFF) << (packed >> 18), 10**12))
    return None


_PARSERS = {
    SR: _sender_report,
    RR: _receiver_report,
    BYE: _bye,
    RTPFB: _transport_feedback,
    PSFB: _payload_feedback,
}


def _packet(count: int, kind: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def receiver_report(sender: int, blocks: list[Block]) -> bytes:
    """RR with `blocks`, at most 31."""
    body = struct.pack("!I", sender)
    for b in blocks:
        loss = (b.fraction & 0xFF) << 24 | (b.lost & 0xFFFFFF)
        body += struct.pack(
            "!IIIIII", b.ssrc, loss, b.highest & 0xFFFFFFFF, b.jitter & 0xFFFFFFFF,
            b.last_sr, b.delay & 0xFFFFFFFF,
        )  # fmt: skip
    return _packet(len(blocks), RR, body)


def sender_report(ssrc: int, ntp: int, timestamp: int, packets: int, octets: int) -> bytes:
    body = struct.pack(
        "!IQIII", ssrc, ntp, timestamp & 0xFFFFFFFF, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF
    )
    return _packet(0, SR, body)


def source_description(ssrc: int, name: str) -> bytes:
    """SDES with a CNAME, as compound packets want it."""
    text = name.encode()[:255]
    item = struct.pack("!IBB", ssrc, 1, len(text)) + text + b"\0"
    return _packet(1, SDES, item + b"\0" * (-len(item) & 3))


def nack(sender: int, media: int, sequences: list[int]) -> bytes:
    """Generic NACK; `sequences` ascending modulo 2**16."""
    body = struct.pack("!II", sender, media)
    index = 0
    while index < len(sequences):
        first, mask = sequences[index], 0
        index += 1
        while index < len(sequences) and 0 < (sequences[index] - first) & 0xFFFF <= 16:
            mask |= 1 << (((sequences[index] - first) & 0xFFFF) - 1)
            index += 1
        body += struct.pack("!HH", first, mask)
    return _packet(1, RTPFB, body)


def picture_loss(sender: int, media: int) -> bytes:
    return _packet(1, PSFB, struct.pack("!II", sender, media))


def remb(sender: int, bitrate: int, ssrcs: list[int]) -> bytes:
    """REMB at `bitrate` bit/s for `ssrcs`, of which it has room for 255."""
    ssrcs = ssrcs[:255]
    exponent = max(0, bitrate.bit_length() - 18)
    packed = len(ssrcs) << 24 | exponent << 18 | bitrate >> exponent
    body = struct.pack("!II4sI", sender, 0, b"REMB", packed)
    return _packet(15, PSFB, body + b"".join(s.to_bytes(4, "big") for s in ssrcs))
