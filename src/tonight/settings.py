"""What an operator can set: the only reader of the environment."""

from __future__ import annotations

import os
import re
import zoneinfo
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urljoin, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "TONIGHT_"


class SettingsError(Exception):
    """A setting has a value that is not allowed; says which one and what is."""


def is_public_address(text: str) -> bool:
    """Whether a text is an address on the web that anybody may see: without what opens it."""
    return re.fullmatch(r"https?://[^\s/?#@]+([/?#]\S*)?", text) is not None


def _default_data_dir() -> Path:
    """The folder for a user's own data, by the XDG Base Directory Specification."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "tonight"


class Settings(BaseSettings):
    """Every setting, with its default; ``TONIGHT_DATA_DIR`` sets ``data_dir``, and so on."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    data_dir: Path = Field(
        default_factory=_default_data_dir,
        description="Folder of the database, the trained models and the signing key.",
    )
    default_models_dir: Path | None = Field(
        default=None,
        description="A folder of models that came with the program, as in the image; used while "
        "the data folder has none that fits this release, so that no start has to train.",
    )
    timezone: str | None = Field(
        default=None,
        description="The viewers' time zone (an IANA name like Europe/Berlin), for wishes that "
        "come without a time of their own; the machine's own when not set.",
    )
    with_movielens: bool = Field(
        default=True,
        description="Whether to use the MovieLens ratings and films (for non-commercial use); "
        "without them the suggestions rest on the catalogue's facts and the viewer's likes.",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Addresses or networks of reverse proxies whose X-Forwarded-For and "
        "X-Forwarded-Proto are believed, separated by commas.",
    )
    rate_limit_per_minute: int = Field(
        default=600,
        ge=0,
        description="Requests that one address may send to one worker in a minute; "
        "0 switches the limit off.",
    )
    max_body_bytes: int = Field(
        default=65_536, ge=1_024, description="The largest request body that is read."
    )
    body_timeout_seconds: float = Field(
        default=30,
        gt=0,
        le=3_600,
        description="How long a request's body may take to arrive.",
    )
    max_query_bytes: int = Field(
        default=16_384, ge=256, description="The longest query string that is read."
    )
    signing_keys: Annotated[tuple[SecretStr, ...] | None, NoDecode] = Field(
        default=None,
        description="Keys that sign the cookies, separated by commas, the newest first: it signs, "
        "the others are still believed. When not set, a key is made in the data folder.",
    )
    signing_keys_file: Path | None = Field(
        default=None, description="A file that holds the value of TONIGHT_SIGNING_KEYS."
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="The PostgreSQL that keeps what viewers say, as "
        "postgresql://user:password@host:5432/database; SQLite in the data folder when not set.",
    )
    database_url_file: Path | None = Field(
        default=None, description="A file that holds the value of TONIGHT_DATABASE_URL."
    )
    migrate_at_start: bool = Field(
        default=False,
        description="Whether the start migrates PostgreSQL; else `tonight db upgrade` does. SQLite "
        "is always migrated at the start.",
    )
    database_pool_size: int = Field(
        default=10,
        ge=1,
        le=1_000,
        description="Connections that one worker may open to PostgreSQL.",
    )
    database_timeout_seconds: float = Field(
        default=3,
        ge=0.1,
        le=600,
        description="How long PostgreSQL may take for a transaction, or to let us in (there 2 at "
        "least), before a request goes on without it.",
    )
    backup_dir: Path | None = Field(
        default=None,
        description="Where `tonight db backup` puts its files; `backups` in the data folder when "
        "not set.",
    )
    backups_to_keep: int = Field(
        default=14, ge=1, description="Backups that stay; `tonight db backup` removes older ones."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The least severe events that are logged."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto",
        description="How events are logged: json, text for people, or auto: text on a terminal, "
        "else json.",
    )
    metrics_host: str = Field(
        default="127.0.0.1",
        description="The address of the operator's listener; the public must not reach it.",
    )
    metrics_port: int = Field(
        default=9464,
        ge=0,
        le=65_535,
        description="The port of the operator's listener, one for all workers: metrics, status and "
        "log level; 0 switches it off.",
    )

    commit: str | None = Field(
        default=None,
        description="The commit that runs, for `/version` and `tonight_build_info`; whoever builds "
        "an image sets it.",
    )
    source: str | None = Field(
        default=None,
        description="The http(s) address where the source of what runs is published, for "
        "`/version`; whoever builds an image sets it.",
    )
    build: str | None = Field(
        default=None,
        description="The http(s) address of the pipeline's run that built what runs, for "
        "`/version`; whoever builds an image sets it.",
    )
    max_concurrent_requests: int = Field(
        default=50,
        ge=0,
        description="Requests that one worker works on at once; it turns away what comes on top "
        "(503), except questions after its health. 0 switches the limit off.",
    )
    drain_seconds: float = Field(
        default=1,
        ge=0,
        le=600,
        description="How long a worker that was told to stop still takes new requests, while "
        "`/readyz` says 503: longer than a load balancer takes to notice.",
    )
    shutdown_seconds: int = Field(
        default=30,
        ge=1,
        le=3_600,
        description="How long it then finishes what it has begun, at most.",
    )
    traces_url: str | None = Field(
        default=None,
        description="Where traces are sent, by OpenTelemetry's protocol over HTTP, such as "
        "http://collector:4318 (`/v1/traces` is added where there is no path); off when not set.",
    )
    traces_ratio: float = Field(
        default=0.1,
        ge=0,
        le=1,
        description="The share of the requests that are traced, of those whose caller does not "
        "say by a `traceparent`.",
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if not name:
            return None
        try:
            zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("must be an IANA time zone such as Europe/Berlin or UTC") from None
        return name

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _proxies(cls, value: object) -> object:
        return _comma_separated(value)

    @field_validator("signing_keys", mode="before")
    @classmethod
    def _keys(cls, value: object) -> object:
        return _comma_separated(value) or None

    @field_validator("database_url", mode="before")
    @classmethod
    def _postgresql(cls, value: object) -> object:
        if not value:
            return None
        url = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        if not url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
            raise ValueError(
                "must begin with postgresql://, such as "
                "postgresql://user:password@host:5432/database; leave it out for SQLite"
            )
        return url

    @field_validator("traces_url")
    @classmethod
    def _receiver(cls, url: str | None) -> str | None:
        if not url:
            return None
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must begin with http:// or https://, such as http://collector:4318")
        return url if parts.path not in ("", "/") else urljoin(url, "/v1/traces")

    @field_validator("source", "build")
    @classmethod
    def _address(cls, url: str | None) -> str | None:
        if url and not is_public_address(url):
            raise ValueError(
                "must begin with http:// or https:// and hold neither a blank nor a password, "
                "such as https://github.com/you/tonight; leave it out where there is none"
            )
        return url

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("signing_keys")
    @classmethod
    def _usable(cls, keys: tuple[SecretStr, ...] | None) -> tuple[SecretStr, ...] | None:
        texts = [key.get_secret_value() for key in keys or ()]
        if any(len(text) < 32 or not text.isascii() or " " in text for text in texts):
            raise ValueError("each key must be 32 or more letters, digits and signs")
        if len(set(texts)) < len(texts):
            raise ValueError("the same key stands there twice")
        return keys

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, values: dict[str, object]) -> dict[str, object]:
        for name, separator in (("signing_keys", ","), ("database_url", "")):
            path = values.get(f"{name}_file")
            if not path:
                continue
            variable = f"{PREFIX}{name.upper()}"
            if values.get(name):
                raise ValueError(f"set either {variable} or {variable}_FILE, not both")
            try:
                content = Path(str(path)).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ValueError(f"{variable}_FILE cannot be read: {error.strerror}") from None
            values = {**values, name: content.replace("\n", separator)}
        return values

    @property
    def backups(self) -> Path:
        """The folder of the backups."""
        return self.backup_dir or self.data_dir / "backups"

    @classmethod
    def read(cls) -> Self:
        """Reads the settings from the environment.

        Raises:
            SettingsError: A variable has a value that is not allowed. The message names every
                such variable and what is allowed, never the value (it may be a secret).
        """
        try:
            return cls()
        except ValidationError as error:
            raise SettingsError("\n".join(_explain(detail) for detail in error.errors())) from None


def _comma_separated(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _explain(detail: object) -> str:
    assert isinstance(detail, dict)  # noqa: S101 - pydantic's ErrorDetails
    message = str(detail["msg"]).removeprefix("Value error, ")
    if not detail["loc"]:
        return message
    return f"{PREFIX}{str(detail['loc'][0]).upper()}: {message}"
