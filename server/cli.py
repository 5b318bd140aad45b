"""The command line `duikou`. Exit status: 0, 1 for "no", 2 for misuse."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from server import cli_tables, logs
from server.config import PREFIX, Config, ConfigError, load_config

app = typer.Typer(
    name="duikou",
    help="Telemedicine for paired assistance (对口支援): consults, reads and lectures, with a log anyone can check.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
NO, MISUSE = 1, 2


def refuse(sentence: str, status: int = NO) -> NoReturn:
    """End with a sentence on standard error."""
    typer.echo(f"duikou: {sentence}", err=True)
    raise typer.Exit(status)


def settings(process: str = "duikou", **overrides: object) -> Config:
    """The settings, with the command line's on top; logs are set up from them. Misuse ends with status 2."""
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        config = load_config(**given)
    except ConfigError as error:
        refuse(str(error), MISUSE)
    logs.configure(config.log_level, config.log_format, process)
    return config


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port of API and pages; 0 takes a free one.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Data folder.")] = None,
    demo: Annotated[
        bool | None,
        typer.Option("--demo/--no-demo", help="Load the demo and offer one-click log-in."),
    ] = None,
    lan: Annotated[
        bool | None,
        typer.Option("--lan/--no-lan", help="Also serve https to other devices on the network."),
    ] = None,
    https_port: Annotated[int | None, typer.Option(help="Port of https with --lan.")] = None,
    media_port: Annotated[int | None, typer.Option(help="TCP port of the media server.")] = None,
    media_udp_port: Annotated[int | None, typer.Option(help="UDP port of all media.")] = None,
) -> None:
    """Serve API, pages and media until SIGTERM. Every other setting comes from the environment or the file."""
    from server.serve import CannotServe
    from server.serve import serve as run

    config = settings(
        "serve",
        host=host,
        port=port,
        data=data,
        demo=demo,
        lan=lan,
        https_port=https_port,
        media_port=media_port,
        media_udp_port=media_udp_port,
    )
    try:
        status = run(config, lambda running: cli_tables.print_running(config, running))
    except CannotServe as error:
        refuse(str(error))
    raise typer.Exit(status)


@app.command(hidden=True)
def api(
    fd: Annotated[int, typer.Option(help="Descriptor of the listening socket.")],
    https_fd: Annotated[int | None, typer.Option(help="Descriptor of the https socket.")] = None,
) -> None:
    """Run the API process on sockets that `serve` opened."""
    from server.serve_api import main as run

    run(settings("api"), fd, https_fd)


@app.command()
def media(
    key: Annotated[str, typer.Option(envvar=PREFIX + "MEDIA_KEY", help="API key.")],
    secret: Annotated[str, typer.Option(envvar=PREFIX + "MEDIA_SECRET", help="API secret.")],
    port: Annotated[int, typer.Option(help="HTTP and WebSocket port.")] = 7880,
    udp_port: Annotated[int, typer.Option(help="UDP port of all media.")] = 7882,
    tcp_port: Annotated[
        int, typer.Option(help="TCP port of media where networks drop UDP; -1: none.")
    ] = 7881,
    bind: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    advertise: Annotated[
        str,
        typer.Option(
            help="Addresses for media, comma-separated: IP, IP:PORT, PUBLIC/PRIVATE; empty: all."
        ),
    ] = "",
    workers: Annotated[
        int, typer.Option(help="Processes that rooms are spread over; 0: each core but one.")
    ] = 1,
    turn_urls: Annotated[str, typer.Option(help="TURN servers for clients, comma-separated.")] = "",
    turn_secret: Annotated[
        str, typer.Option(envvar=PREFIX + "MEDIA_TURN_SECRET", help="Secret shared with TURN.")
    ] = "",
    webhook_url: Annotated[str, typer.Option(help="Where webhooks are posted.")] = "",
    spool: Annotated[str, typer.Option(help="Folder for webhooks that wait.")] = "",
) -> None:
    """Run the media server alone, as one would run LiveKit."""
    command = [sys.executable, "-m", "signaling", f"--port={port}", f"--udp-port={udp_port}"]
    command += [f"--bind={bind}", f"--advertise={advertise}", f"--tcp-port={tcp_port}"]
    command += [f"--turn-urls={turn_urls}", f"--workers={workers}"]
    command += [f"--webhook-url={webhook_url}", f"--spool={spool}"]
    # By environment, so that the secret does not stand in the process list for as long as it runs.
    environment = {**os.environ, PREFIX + "MEDIA_KEY": key, PREFIX + "MEDIA_SECRET": secret}
    environment[PREFIX + "MEDIA_TURN_SECRET"] = turn_secret
    os.execve(sys.executable, command, environment)  # noqa: S606 - an argument list, no shell


@app.command()
def demo(
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output.")
    ] = False,
    data: Annotated[Path | None, typer.Option(help="Data folder.")] = None,
) -> None:
    """Make sure that the demo is loaded, and show its address and accounts."""
    from server.demo import command

    config = settings("demo", data=data, demo=True)
    try:
        shown = asyncio.run(command.ensure_loaded(config))
    except command.NotTheDemo as error:
        refuse(str(error))
    if as_json:
        typer.echo(json.dumps(shown.document(), ensure_ascii=False))
    else:
        cli_tables.print_demo(shown)


@app.command()
def export(
    agreement: Annotated[str, typer.Option(help="Id of an agreement, or `all`.")],
    out: Annotated[Path, typer.Option(help="File to write the evidence pack to.")],
    data: Annotated[Path | None, typer.Option(help="Data folder.")] = None,
) -> None:
    """Write the evidence pack of an agreement, to be checked anywhere with `duikou verify`."""
    from server.evidence import export as packs

    config = settings("export", data=data)
    try:
        entries = asyncio.run(packs.export(config, agreement, out))
    except packs.NothingToExport as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"cannot write {out}: {error.strerror}")
    typer.echo(f"{out}: {entries} entries")


@app.command()
def verify(
    pack: Annotated[Path, typer.Argument(help="An evidence pack.")],
    key: Annotated[
        str, typer.Option(help="The log's published key; finds a log forged as a whole.")
    ] = "",
) -> None:
    """Check an evidence pack offline. Exit status 1 names the first entry that fails."""
    from server.evidence import verifier

    raise typer.Exit(verifier.main([str(pack), *(["--key", key] if key else [])]))


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def bench(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="What to measure: media or storage.")],
) -> None:
    """Measure on this machine. Arguments after `--` go to the bench; `-- --help` lists them."""
    modules = {"media": "signaling.bench", "storage": "storage.bench"}
    if what not in modules:
        refuse(f"nothing to measure called {what!r}; choose one of {', '.join(modules)}", MISUSE)
    command = [sys.executable, "-m", modules[what], *context.args]
    raise typer.Exit(subprocess.run(command, check=False).returncode)


@app.command("config")
def show_config() -> None:
    """Show every setting: environment name, TOML name, default, meaning."""
    cli_tables.print_settings()


@app.command()
def openapi(
    out: Annotated[
        Path | None, typer.Option(help="File to write; without it, standard output.")
    ] = None,
) -> None:
    """Write the OpenAPI 3.1 document of the API. Needs no database and no data folder."""
    from server.app import ALL_ROUTES
    from server.http.openapi import build

    text = json.dumps(build(ALL_ROUTES), ensure_ascii=False, indent=1) + "\n"
    if out is None:
        sys.stdout.write(text)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")


@app.command()
def migrate(
    data: Annotated[Path | None, typer.Option(help="Data folder.")] = None,
) -> None:
    """Bring the database to the newest schema. `serve` does so at every start."""
    from storage.migrate import upgrade

    asyncio.run(upgrade(settings("migrate", data=data).effective_database_url))
    typer.echo("The database has the newest schema.")


@app.command()
def fsck(
    data: Annotated[Path | None, typer.Option(help="Data folder.")] = None,
) -> None:
    """Derive the ledger's root again and hash every stored file. Exit status 1 if anything is wrong."""
    from server.cli_fsck import check

    found: dict[str, Any] = check(settings("fsck", data=data))
    typer.echo(json.dumps(found, ensure_ascii=False))
    raise typer.Exit(NO if found["problems"] else 0)


def main() -> None:
    """Entry point of the console script."""
    app()
