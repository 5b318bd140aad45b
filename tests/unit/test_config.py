"""Settings: defaults, environment, file, and what is fatal."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.config import ConfigError, load_config


def test_defaults_listen_on_loopback_only() -> None:
    config = load_config()
    assert config.host == "127.0.0.1"
    assert config.effective_public_url == "http://localhost:8080"
    assert config.embedded_media
    assert not config.demo


def test_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "duikou.toml"
    file.write_text('port = 9000\nzone = "Asia/Urumqi"\n')
    monkeypatch.setenv("DUIKOU_CONFIG", str(file))
    monkeypatch.setenv("DUIKOU_PORT", "9001")
    config = load_config()
    assert (config.port, config.zone) == (9001, "Asia/Urumqi")


@pytest.mark.parametrize(
    ("text", "named"),
    [("prot = 9000\n", "prot"), ("port = 70000\n", "port"), ('lan = "?"\n', "lan")],
)
def test_wrong_settings_in_the_file_are_fatal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, named: str
) -> None:
    file = tmp_path / "duikou.toml"
    file.write_text(text)
    monkeypatch.setenv("DUIKOU_CONFIG", str(file))
    with pytest.raises(ConfigError, match=named):
        load_config()


def test_an_unknown_variable_is_fatal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUIKOU_PROT", "1")
    with pytest.raises(ConfigError, match="DUIKOU_PROT"):
        load_config()


def test_the_secret_is_not_in_the_representation() -> None:
    assert "s3cret-value" not in repr(load_config(media_secret="s3cret-value"))
