"""A worker's side: connections come by the channel to the front, not by a port."""

import asyncio
import logging
import socket
from collections.abc import Callable

from aiohttp import web

from signaling.rooms import MediaServer
from signaling.workers import channel

log = logging.getLogger(__name__)

_TELL_SECONDS = 1.0


class Worker:
    """Takes connections and tells of rooms. `orphaned` is called when the front is gone."""

    def __init__(
        self, fd: int, server: MediaServer, http: web.Server, orphaned: Callable[[], None]
    ) -> None:
        self._channel = socket.socket(fileno=fd)
        self._channel.setblocking(False)
        self._server, self._http, self._orphaned = server, http, orphaned
        self._tasks: set[asyncio.Task[object]] = set()

    def start(self) -> None:
        asyncio.get_running_loop().add_reader(self._channel.fileno(), self._take)
        self._keep(asyncio.create_task(self._tell()))

    def _keep(self, task: asyncio.Task[object]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _take(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            for kind, connection in channel.taken(self._channel):
                factory = self._http if kind == channel.HTTP else self._server.tcp.connection
                self._keep(asyncio.create_task(_serve(loop, factory, connection)))
        except EOFError:
            loop.remove_reader(self._channel.fileno())
            log.error("the front is gone")
            self._orphaned()

    async def _tell(self) -> None:
        while True:
            rooms = {r.name: len(r.participants) for r in self._server.rooms.values()}
            channel.tell(self._channel, rooms)
            await asyncio.sleep(_TELL_SECONDS)

    async def stop(self) -> None:
        asyncio.get_running_loop().remove_reader(self._channel.fileno())
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._channel.close()


async def _serve(
    loop: asyncio.AbstractEventLoop,
    factory: Callable[[], asyncio.BaseProtocol],
    connection: socket.socket,
) -> None:
    try:
        await loop.connect_accepted_socket(factory, connection)
    except OSError:
        connection.close()
