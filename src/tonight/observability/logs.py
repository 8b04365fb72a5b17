"""Logging: to standard error, and never with what a viewer likes."""

from __future__ import annotations

import logging
import re
import sys

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


#: What follows these names a film, and so what somebody looks at.
_OF_FILMS = re.compile(r"^((?:/api/v1)?/(?:movies|feedback|posters)/)[^/]+")


class Discreet(logging.Filter):
    """Cuts from the addresses in uvicorn's access log what says what somebody likes."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record pass, without its query and without the name of a film."""
        # uvicorn's arguments: client, method, path with query, HTTP version, status.
        if isinstance(record.args, tuple) and len(record.args) == 5:
            client, method, path, *rest = record.args
            address = _OF_FILMS.sub(r"\1...", str(path).partition("?")[0])
            record.args = (client, method, address, *rest)
        return True


def set_up_logs(level: str) -> None:
    """Sets up the product's logger and makes uvicorn's access log discreet.

    It may be called again: nothing is doubled.

    Args:
        level: The least severe events that are logged.
    """
    logger = logging.getLogger("tonight")
    logger.setLevel(level)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(_FORMAT))
    # In the place of an earlier one: standard error may be another one by now.
    logger.handlers[:] = [handler]
    logger.propagate = False
    access = logging.getLogger("uvicorn.access")
    if not any(isinstance(existing, Discreet) for existing in access.filters):
        access.addFilter(Discreet())
