"""Tables that the command line prints for people."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from server.config import PREFIX, Config


def _default(name: str) -> str:
    value = Config.model_fields[name].default
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def settings_rows() -> list[tuple[str, str, str, str]]:
    """(environment name, TOML name, default, meaning) of every setting."""
    return [
        (PREFIX + name.upper(), name, _default(name), str(field.description))
        for name, field in Config.model_fields.items()
    ]


def print_settings() -> None:
    """Every setting; the environment wins over the TOML file, the file over the default."""
    # A pipe has no width: wide enough for the longest line there.
    console = Console(soft_wrap=False)
    table = Table(title="Settings of Duikou", title_justify="left", show_lines=False)
    for heading in ("environment", "TOML", "default", "meaning"):
        table.add_column(heading, overflow="fold", no_wrap=heading != "meaning")
    for row in settings_rows():
        table.add_row(*row)
    console.print(table)
    console.print(
        f"{PREFIX}CONFIG names one TOML file with any of these; the environment wins over the file.",
        highlight=False,
    )
