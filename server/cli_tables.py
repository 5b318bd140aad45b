"""Tables that the command line prints for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from server.config import PREFIX, Config

if TYPE_CHECKING:
    from server.demo.command import Shown
    from server.serve import Running


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


def print_demo(shown: Shown) -> None:
    """The demo's address and accounts."""
    console = Console(highlight=False)
    table = Table(title=f"Demo (示例) at {shown.url}", title_justify="left")
    for heading in ("role", "user name", "password", "name"):
        table.add_column(heading, no_wrap=True)
    for one in shown.accounts:
        table.add_row(one.role, one.username, one.password, one.name)
    console.print(table)


def print_running(config: Config, running: Running) -> None:
    """Where the service is, once it is ready; in demo mode also who can enter."""
    from server.demo.command import Shown, accounts

    console = Console(highlight=False, soft_wrap=True)
    if config.demo:
        print_demo(Shown(running.url, accounts(config)))
    console.print(f"Duikou is ready: {running.url}")
    for url in running.lan_urls:
        console.print(f"On other devices: {url} (self-signed certificate: accept it once)")
    if running.lan_urls and config.demo:
        console.print(
            "Everybody on this network can now enter the demo by one click, as any of its people."
        )
    console.print("Stop with Ctrl-C.")
