"""Every setting, read once. Unknown or malformed settings are fatal; `duikou config` prints this table."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

PREFIX = "DUIKOU_"


class ConfigError(ValueError):
    """The settings are not usable; the text says which one and why."""


class Config(BaseSettings):
    """Settings from `DUIKOU_*` in the environment, over one TOML file (`DUIKOU_CONFIG`), over defaults."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    data: Path = Field(
        Path("data"), description="Folder for the database, files, ledger and secrets."
    )
    host: str = Field("127.0.0.1", description="Address that the API listens on.")
    port: int = Field(8080, ge=0, le=65535, description="TCP port of the API and the pages.")
    lan: bool = Field(
        False,
        description="Also serve https with a self-signed certificate to other devices on the network.",
    )
    https_port: int = Field(8443, ge=0, le=65535, description="TCP port of https when `lan` is on.")
    public_url: str = Field(
        "",
        description="Address under which people reach the service; empty: http://localhost:PORT.",
    )
    database_url: str = Field(
        "", description="SQLAlchemy URL; empty: SQLite in the data folder. postgresql+asyncpg://…"
    )
    media_url: str = Field(
        "", description="URL of a LiveKit cluster (https://…); empty: the embedded media server."
    )
    media_key: str = Field(
        "", description="API key of the media server; empty: made on first start."
    )
    media_secret: str = Field("", repr=False, description="API secret; empty: made on first start.")
    media_port: int = Field(
        7880, ge=0, le=65535, description="TCP port of the embedded media server."
    )
    media_udp_port: int = Field(7882, ge=0, le=65535, description="UDP port for all media.")
    media_tcp_port: int = Field(
        7881, ge=0, le=65535, description="TCP port for media where networks drop UDP."
    )
    media_workers: int = Field(
        1,
        ge=0,
        le=52,
        description="Processes that media rooms are spread over, each with a UDP port of its own from MEDIA_UDP_PORT on; "
        "0: one for each core but one.",
    )
    media_turn_urls: str = Field(
        "",
        description="TURN servers for people behind strict firewalls, comma-separated: turn:HOST:3478?transport=udp, "
        "turns:HOST:443?transport=tcp.",
    )
    media_turn_secret: str = Field(
        "",
        repr=False,
        description="Secret shared with the TURN server (coturn: static-auth-secret).",
    )
    media_advertise: str = Field(
        "",
        description="Where clients reach the media ports, comma-separated: IP, IP:PORT, PUBLIC/PRIVATE for 1:1 NAT, "
        "auto; empty: found out.",
    )
    demo: bool = Field(
        False, description="Load the demo and offer one-click log-in. Never with real data."
    )
    zone: str = Field("Asia/Shanghai", description="Default time zone of new organisations (IANA).")
    readers: int = Field(2, ge=1, le=16, description="Worker processes that parse untrusted files.")
    max_upload_mb: int = Field(
        64, ge=1, le=4096, description="Largest file a page may upload, in MiB."
    )
    ledger_origin: str = Field(
        "duikou/log", description="Origin line of the ledger's checkpoints (C2SP tlog-checkpoint)."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Log level."
    )
    log_format: Literal["json", "text"] = Field("json", description="Log format.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        sources: list[PydanticBaseSettingsSource] = [init_settings, env_settings]
        path = os.environ.get(PREFIX + "CONFIG")
        if path:
            sources.append(TomlConfigSettingsSource(settings_cls, Path(path)))
        return tuple(sources)

    @property
    def effective_database_url(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{self.data.resolve() / 'duikou.db'}"

    @property
    def effective_public_url(self) -> str:
        return self.public_url.rstrip("/") or f"http://localhost:{self.port}"

    @property
    def embedded_media(self) -> bool:
        return not self.media_url

    @property
    def effective_media_url(self) -> str:
        return self.media_url.rstrip("/") or f"http://127.0.0.1:{self.media_port}"

    @property
    def max_upload_bytes(self) -> int:
        return self.max_upload_mb * 1024 * 1024


def load_config(**overrides: Any) -> Config:
    """Read the settings. Raises `ConfigError` naming the first wrong one."""
    path = os.environ.get(PREFIX + "CONFIG")
    if path and not Path(path).is_file():
        raise ConfigError(f"{PREFIX}CONFIG names {path}, which is not a file")
    known = {PREFIX + name.upper() for name in Config.model_fields} | {PREFIX + "CONFIG"}
    known |= {PREFIX + "MEDIA_CREDENTIALS"}
    for name in os.environ:
        if name.startswith(PREFIX) and name not in known:
            raise ConfigError(f"unknown setting {name}; `duikou config` lists them all")
    try:
        return Config(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"setting {where}: {first['msg']}") from None
