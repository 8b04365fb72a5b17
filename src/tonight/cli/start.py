"""How every command begins that needs the settings."""

from __future__ import annotations

from importlib.metadata import version

import typer

from tonight.cli.exit_codes import WRONG_USE
from tonight.cli.messages import complain
from tonight.observability.logs import set_up_logs
from tonight.settings import Settings, SettingsError


def read_settings() -> Settings:
    """Reads the settings and sets up the logs as they say.

    Raises:
        typer.Exit: A setting has a value that is not allowed; standard error says which.
    """
    try:
        settings = Settings.read()
    except SettingsError as error:
        complain(str(error))
        raise typer.Exit(WRONG_USE) from error
    set_up_logs(settings.log_level, settings.log_format, version("tonight"))
    return settings
