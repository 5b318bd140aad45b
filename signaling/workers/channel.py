"""Between the front and one worker: sockets one way (SCM_RIGHTS), news of rooms the other."""

import contextlib
import json
import socket
from collections.abc import Iterator

HTTP, MEDIA = b"h", b"m"
_MAX_NEWS = 1 << 20


def pair() -> tuple[socket.socket, socket.socket]:
    """Both ends; messages keep their bounds, and the end of one side is seen by the other."""
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (mine, theirs):
        end.setblocking(False)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MAX_NEWS)
    return mine, theirs


def hand_over(channel: socket.socket, kind: bytes, connection: socket.socket) -> bool:
    """Give a connection to the other side; our copy is closed. False if it takes no more."""
    try:
        socket.send_fds(channel, [kind], [connection.fileno()])
    except OSError:
        return False
    finally:
        connection.close()
    return True


def taken(channel: socket.socket) -> Iterator[tuple[bytes, socket.socket]]:
    """Connections that were handed over. EOFError when the other side is gone."""
    while True:
        try:
            kind, fds, _, _ = socket.recv_fds(channel, 16, 1)
        except BlockingIOError:
            return
        except OSError as exc:
            raise EOFError from exc
        if not kind:
            raise EOFError
        for fd in fds:
            connection = socket.socket(fileno=fd)
            connection.setblocking(False)
            yield kind, connection


def tell(channel: socket.socket, rooms: dict[str, int]) -> None:
    """A worker's news: its rooms with the number of their participants. News that does not fit
    now is told with the next."""
    with contextlib.suppress(OSError):
        channel.send(json.dumps(rooms).encode())


def heard(channel: socket.socket) -> dict[str, int] | None:
    """The latest news, None if there is none. EOFError when the worker is gone."""
    latest = None
    while True:
        try:
            data = channel.recv(_MAX_NEWS)
        except BlockingIOError:
            return latest
        except OSError as exc:
            raise EOFError from exc
        if not data:
            raise EOFError
        latest = json.loads(data)
