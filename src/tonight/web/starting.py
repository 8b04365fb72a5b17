"""What is said when the service cannot start: one line with what to do, not a traceback."""

from __future__ import annotations

import sys

from fastapi import FastAPI

from tonight.settings import SettingsError
from tonight.web.app import create_app


def app_or_exit() -> FastAPI:
    """The application for servers that import it by name.

    A setting that is not allowed ends the process with its name and what is allowed.
    """
    try:
        return create_app()
    except SettingsError as error:
        sys.exit(f"tonight: {error}")
