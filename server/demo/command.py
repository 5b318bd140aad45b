"""`duikou demo`: the address and the accounts of the demo that is, or would be, served from a data folder."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from server import serve
from server.config import Config
from server.demo import load
from server.demo.people import PEOPLE, password_of
from server.secrets import load_secrets
from storage.disk import Disk

READY_SECONDS = 120.0


class NotTheDemo(RuntimeError):
    """A sentence: the server that is running does not serve the demo, or does not become ready."""


@dataclass(frozen=True, slots=True)
class Account:
    role: str
    username: str
    password: str
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Where the demo is, and who can enter it."""

    url: str
    accounts: tuple[Account, ...]

    def document(self) -> dict[str, Any]:
        """As printed by `--json`."""
        people = [
            {"role": one.role, "username": one.username, "password": one.password, "name": one.name}
            for one in self.accounts
        ]
        return {"url": self.url, "accounts": people}


def accounts(config: Config) -> tuple[Account, ...]:
    """The accounts that a person can enter with, in the order of the log-in page."""
    disk = Disk(config.data)
    try:
        password = password_of(load_secrets(config, disk).jwt)
    finally:
        disk.close()
    return tuple(
        Account(person.role.value, person.username, password, person.name)
        for person in PEOPLE
        if person.entrance
    )


async def ensure_loaded(config: Config) -> Shown:
    """Wait for the server of this data folder, or load the demo without one. Raises `NotTheDemo`."""
    found = serve.running(config.data)
    if found is None:
        await load.ensure(config)
        return Shown(config.effective_public_url, accounts(config))
    if not found.demo:
        raise NotTheDemo(
            "the server of this data folder does not run the demo; start it with `duikou serve --demo`"
        )
    try:
        await asyncio.wait_for(serve.wait_ready(found.local_url), READY_SECONDS)
    except TimeoutError:
        raise NotTheDemo(f"{found.local_url} is not ready; see {found.local_url}/readyz") from None
    return Shown(found.url, accounts(config))
