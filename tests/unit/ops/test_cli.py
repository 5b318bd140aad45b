"""The command line: help, exit statuses, settings, the OpenAPI document."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.cli import app
from server.cli_tables import settings_rows
from server.config import Config

COMMANDS = ["serve", "media", "demo", "export", "verify", "bench", "config", "openapi"]
COMMANDS += ["migrate", "fsck"]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "dumb")
    # Logs belong to the test that looks at them.
    monkeypatch.setattr("server.logs.configure", lambda *a, **k: None)
    return CliRunner()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run: CliRunner, command: str) -> None:
    assert command in run.invoke(app, ["--help"]).stdout
    found = run.invoke(app, [command, "--help"])
    assert found.exit_code == 0
    assert "Usage" in found.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing-like-it"],
        ["serve", "--port", "many"],
        ["serve", "--port", "70000"],
        ["export", "--out", "x"],
        ["verify"],
        ["bench", "the-weather"],
        ["media", "--port", "1"],
    ],
)
def test_misuse_ends_with_status_2(
    run: CliRunner, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DUIKOU_MEDIA_KEY", "DUIKOU_MEDIA_SECRET"):
        monkeypatch.delenv(name, raising=False)
    assert run.invoke(app, arguments).exit_code == 2


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("DUIKOU_PROT", "8080", "DUIKOU_PROT"),
        ("DUIKOU_PORT", "http", "port"),
        ("DUIKOU_CONFIG", "absent.toml", "absent.toml"),
    ],
)
def test_a_wrong_setting_is_named(
    run: CliRunner, monkeypatch: pytest.MonkeyPatch, name: str, value: str, named: str
) -> None:
    monkeypatch.setenv(name, value)
    found = run.invoke(app, ["migrate"])
    assert found.exit_code == 2
    assert named in found.stderr


def test_config_documents_every_setting(run: CliRunner) -> None:
    shown = run.invoke(app, ["config"]).stdout
    for environment, toml, _, meaning in settings_rows():
        assert environment in shown
        assert toml in Config.model_fields
        assert meaning
    assert len(settings_rows()) == len(Config.model_fields)


def test_a_toml_file_is_read_and_the_environment_wins(
    run: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, other = tmp_path / "duikou.toml", tmp_path / "other"
    file.write_text(f'data = "{tmp_path / "from-file"}"\n')
    monkeypatch.setenv("DUIKOU_CONFIG", str(file))
    assert run.invoke(app, ["migrate"]).exit_code == 0
    assert (tmp_path / "from-file" / "duikou.db").is_file()
    monkeypatch.setenv("DUIKOU_DATA", str(other))
    assert run.invoke(app, ["migrate"]).exit_code == 0
    assert (other / "duikou.db").is_file()


def test_openapi_is_written_without_a_data_folder(
    run: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run.invoke(app, ["openapi", "--out", "api/openapi.json"]).exit_code == 0
    written = json.loads((tmp_path / "api" / "openapi.json").read_text())
    assert written["openapi"] == "3.1.0"
    assert json.loads(run.invoke(app, ["openapi"]).stdout) == written
    assert [one.name for one in tmp_path.iterdir()] == ["api"]


def test_fsck_tells_sound_from_damaged(run: CliRunner, tmp_path: Path) -> None:
    empty = run.invoke(app, ["fsck", "--data", str(tmp_path)])
    assert empty.exit_code == 1  # no ledger at all
    blob = tmp_path / "blobs" / "aa" / "bb" / ("aabb" + "0" * 60)
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"not what the name says")
    damaged = run.invoke(app, ["fsck", "--data", str(tmp_path)])
    assert damaged.exit_code == 1
    assert any("corrupt" in one for one in json.loads(damaged.stdout)["problems"])


def test_verify_takes_evidence_packs_only(run: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "pack.zip"
    file.write_bytes(b"this is no evidence pack")
    assert run.invoke(app, ["verify", str(file)]).exit_code == 2


def test_export_without_a_log_says_no(run: CliRunner, tmp_path: Path) -> None:
    options = ["--agreement", "all", "--out", str(tmp_path / "x.zip"), "--data"]
    assert run.invoke(app, ["export", *options, str(tmp_path / "absent")]).exit_code == 1
    assert not (tmp_path / "x.zip").exists()


def test_the_module_is_the_same_program() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "server", "--help"], capture_output=True, check=True, timeout=30
    )
    assert b"serve" in found.stdout
