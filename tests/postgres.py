"""A private PostgreSQL cluster for the tests, started from Debian's packages and stopped with them."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg


def find_bin() -> Path | None:
    """The newest installed PostgreSQL's programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _as_other_user() -> list[str]:
    # PostgreSQL refuses to run as root.
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]


def _run(*command: str) -> None:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    subprocess.run(
        [*_as_other_user(), *command],
        check=True,
        capture_output=True,
        timeout=60,
        env=environment,
        cwd="/",
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Start a cluster in `folder`; yields `postgresql+asyncpg://…:PORT` without a database name."""
    programs = find_bin()
    assert programs is not None
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    data, port = folder / "data", free_port()
    _run(
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        "duikou",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    )
    options = (
        f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
    )
    control = str(programs / "pg_ctl")
    _run(control, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+asyncpg://duikou@127.0.0.1:{port}"
    finally:
        _run(control, "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


async def execute(server: str, statement: str, database: str = "postgres") -> None:
    """Run SQL on one of the cluster's databases."""
    url = server.replace("+asyncpg", "") + "/" + database
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


_KEEP = """
CREATE SCHEMA pristine;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE pristine.%I AS TABLE public.%I', name, name);
  END LOOP;
END $$;
"""
# Constraints between tables are not checked while rows are put back in any order.
_PUT_BACK = """
SET session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%I', name);
    EXECUTE format('INSERT INTO public.%I SELECT * FROM pristine.%I', name, name);
  END LOOP;
END $$;
"""


async def keep_contents(server: str, database: str) -> None:
    """Remember what every table holds now."""
    await execute(server, _KEEP, database)


async def put_contents_back(server: str, database: str) -> None:
    """Give every table the rows it had at `keep_contents`: far cheaper than a new database."""
    await execute(server, _PUT_BACK, database)
