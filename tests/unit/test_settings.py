from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from tonight.settings import Settings, SettingsError

KEY, OTHER_KEY = "k" * 32, "o" * 32


def test_the_defaults_need_no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    settings = Settings.read()
    assert settings.data_dir == tmp_path / "tonight"
    assert settings.with_movielens
    assert settings.signing_keys is None


@pytest.mark.parametrize(
    ("name", "value", "attribute", "expected"),
    [
        ("DATA_DIR", "/srv/tonight", "data_dir", Path("/srv/tonight")),
        ("TIMEZONE", "Europe/Berlin", "timezone", "Europe/Berlin"),
        ("TIMEZONE", "", "timezone", None),
        ("WITH_MOVIELENS", "false", "with_movielens", False),
        ("TRUSTED_PROXIES", "10.0.0.0/8, ::1", "trusted_proxies", ("10.0.0.0/8", "::1")),
        ("TRUSTED_PROXIES", "", "trusted_proxies", ()),
        ("RATE_LIMIT_PER_MINUTE", "0", "rate_limit_per_minute", 0),
        ("LOG_LEVEL", "debug", "log_level", "DEBUG"),
        ("SOURCE", "https://github.com/you/tonight", "source", "https://github.com/you/tonight"),
        ("BUILD", "http://ci:8080/runs?id=17", "build", "http://ci:8080/runs?id=17"),
        (
            "SIGNING_KEYS",
            f"{KEY},{OTHER_KEY}",
            "signing_keys",
            (SecretStr(KEY), SecretStr(OTHER_KEY)),
        ),
    ],
)
def test_a_variable_sets_the_setting_of_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, attribute: str, expected: object
) -> None:
    monkeypatch.setenv(f"TONIGHT_{name}", value)
    assert getattr(Settings.read(), attribute) == expected


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("TIMEZONE", "Mars/Olympus", "IANA time zone"),
        ("TIMEZONE", "../../etc/passwd", "IANA time zone"),
        ("RATE_LIMIT_PER_MINUTE", "-1", "greater than or equal to 0"),
        ("MAX_BODY_BYTES", "many", "integer"),
        ("WITH_MOVIELENS", "perhaps", "boolean"),
        ("TRACES_URL", "collector:4318", "http:// or https://"),
        ("SOURCE", "github.com/you/tonight", "such as https://github.com/you/tonight"),
        ("SOURCE", "git@github.com:you/tonight.git", "http:// or https://"),
        ("SOURCE", "https://ann:secret@example.org/tonight", "neither a blank nor a password"),
        ("BUILD", "17", "http:// or https://"),
        ("BUILD", "javascript:alert(1)", "http:// or https://"),
        ("BUILD", "https://", "http:// or https://"),
        ("BUILD", " https://ci.example/17", "neither a blank"),
        ("TRACES_RATIO", "1.5", "less than or equal to 1"),
        ("LOG_LEVEL", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("SIGNING_KEYS", "short", "32 or more"),
        ("SIGNING_KEYS", f"{KEY},{KEY}", "twice"),
        ("SIGNING_KEYS_FILE", "/nowhere/keys", "cannot be read"),
    ],
)
def test_a_wrong_value_is_refused_with_the_variables_name_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(f"TONIGHT_{name}", value)
    with pytest.raises(SettingsError) as caught:
        Settings.read()
    assert f"TONIGHT_{name}" in str(caught.value)
    assert allowed in str(caught.value)


def test_secrets_can_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"{KEY}\n{OTHER_KEY}\n")
    monkeypatch.setenv("TONIGHT_SIGNING_KEYS_FILE", str(tmp_path / "keys"))
    assert Settings.read().signing_keys == (SecretStr(KEY), SecretStr(OTHER_KEY))


def test_a_secret_and_its_file_together_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TONIGHT_SIGNING_KEYS", KEY)
    monkeypatch.setenv("TONIGHT_SIGNING_KEYS_FILE", str(tmp_path / "keys"))
    with pytest.raises(SettingsError, match="not both"):
        Settings.read()


def test_a_refused_secret_is_not_in_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONIGHT_SIGNING_KEYS", "too-short-a-secret")
    with pytest.raises(SettingsError) as caught:
        Settings.read()
    assert "too-short-a-secret" not in str(caught.value)


def test_no_secret_shows_in_the_settings_text() -> None:
    assert KEY not in repr(Settings(signing_keys=(SecretStr(KEY),)))


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("http://collector:4318", "http://collector:4318/v1/traces"),
        ("https://collector/", "https://collector/v1/traces"),
        ("https://collector/otlp/v1/traces", "https://collector/otlp/v1/traces"),
        ("", None),
    ],
)
def test_the_path_of_the_traces_is_added_where_there_is_none(
    monkeypatch: pytest.MonkeyPatch, url: str, meant: str | None
) -> None:
    monkeypatch.setenv("TONIGHT_TRACES_URL", url)
    assert Settings.read().traces_url == meant
