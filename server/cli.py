"""The command line `duikou`. Exit status: 0, 1 for "no", 2 for misuse."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from server.config import Config, ConfigError, load_config

app = typer.Typer(
    name="duikou",
    help="Telemedicine for paired assistance (对口支援): consults, reads and lectures, with a log anyone can check.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def settings(**overrides: object) -> Config:
    """The settings, or exit status 2 with the sentence that names the wrong one."""
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return load_config(**given)
    except ConfigError as error:
        typer.echo(f"duikou: {error}", err=True)
        raise typer.Exit(2) from None


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


@app.command("config")
def show_config() -> None:
    """Show every setting: environment name, TOML name, default, meaning."""
    from server.cli_tables import print_settings

    print_settings()


def main() -> None:
    """Entry point of the console script."""
    app()
