"""Many datagrams by one system call: Linux's sendmmsg and recvmmsg, called through ctypes, which
needs no compiler. Where the C library or the kernel refuses, `load` gives None and the port uses
one call for each datagram."""

import ctypes
import errno
import logging
import struct
import sys
from collections.abc import Callable
from typing import Any

from signaling.transport.srtp import ffi

log = logging.getLogger(__name__)

# struct mmsghdr and struct iovec as every 64-bit Linux lays them out: name and its length, vectors
# and their number, control data and its length, flags; then the length of the message.
HEAD = struct.Struct("=QI4xQQQQi4xI4x")
VECTOR = struct.Struct("=QQ")
# A control message that asks for segmentation (UDP_SEGMENT, linux/udp.h): cmsghdr and 16 bits.
SEGMENT = struct.Struct("=QiiH6x")
SOL_UDP, UDP_SEGMENT = 17, 103
NAME_SIZE = 28  # sockaddr_in6, the longest address used
DONT_WAIT = 0x40


class Memory:
    """A piece of memory at a fixed address."""

    __slots__ = ("address", "base", "view")

    def __init__(self, size: int) -> None:
        self.base: Any = ffi.new("char[]", size)
        self.view = memoryview(ffi.buffer(self.base))
        self.address = int(ffi.cast("uintptr_t", self.base))


class Kernel:
    """The two calls. Each returns how many messages went through, or -1 and `error()`."""

    def __init__(self, library: Any) -> None:
        self.send_many: Callable[[int, int, int, int], int] = _bound(library.sendmmsg, 4)
        self.receive_many: Callable[[int, int, int, int, None], int] = _bound(library.recvmmsg, 5)

    @staticmethod
    def error() -> int:
        """errno of the last call that returned -1."""
        return ctypes.get_errno()


def _bound(function: Any, count: int) -> Any:
    kinds = (ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_void_p)
    function.argtypes, function.restype = kinds[:count], ctypes.c_int
    return function


def load() -> Kernel | None:
    """The calls, or None where there are none such."""
    if not sys.platform.startswith("linux") or sys.maxsize < 1 << 32 or sys.byteorder != "little":
        return None
    try:
        kernel = Kernel(ctypes.CDLL(None, use_errno=True))
    except (OSError, AttributeError) as exc:
        log.info("one system call for each datagram: %s", exc)
        return None
    for call in (kernel.send_many, kernel.receive_many):
        extra = () if call is kernel.send_many else (None,)
        if call(-1, 0, 0, 0, *extra) != -1 or kernel.error() != errno.EBADF:
            return None  # a sandbox that forbids the call answers differently
    return kernel
