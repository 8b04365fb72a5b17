"""Structured logs on standard error: one event a line, and never what a viewer likes.

An event has a name, from ``doc/reference/logs.md``, and fields:
``logger.warning("the text", extra={"event": "database_away", "fields": {"kind": "busy"}})``.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Final, Literal

from tonight.observability.metrics import LOG_EVENTS
from tonight.observability.request import CURRENT

LogFormat = Literal["auto", "json", "text"]

#: Every event by its name, with when it is logged; ``doc/reference/logs.md`` lists the same.
EVENTS: Final = {
    "request": "A request was answered.",
    "request_failed": "A request ended in a mistake of ours; the traceback is in `error`.",
    "database_away": "The database failed, for the first time since it worked.",
    "database_back": "The database works again.",
    "stopping": "The worker was told to stop, and answers on until what it began is finished.",
    "shedding": "The worker is full and turns requests away; said once a minute at most.",
    "traces_away": "The receiver of the traces failed, for the first time since it worked.",
    "traces_back": "The receiver of the traces works again.",
    "metrics_port_taken": "Another program holds the port of the operator's listener.",
    "log_level_changed": "An operator has changed the level.",
    "model_taken": "The worker has taken a new model.",
    "model_refused": "The worker has refused a new model, and goes on with the one before it.",
    "message": "Anything that has no name of its own: the text says what it is.",
}

LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")

#: The loggers whose lines go through here.
_LOGGERS: Final = ("tonight", "uvicorn", "uvicorn.error")

_SHORT: Final = ("status", "duration_ms", "request_id")


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def __init__(self, release: str) -> None:
        super().__init__()
        self._release = release

    def format(self, record: logging.LogRecord) -> str:
        """The line of an event."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "event": event_of(record),
            "logger": record.name,
            "message": record.getMessage(),
            "release": self._release,
            **_fields(record),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """One line for people, with what a request's event says at its end."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line of an event."""
        fields = _fields(record)
        ending = " ".join(f"{name}={fields[name]}" for name in _SHORT if name in fields)
        return f"{super().format(record)} {ending}".rstrip()


class CountingHandler(logging.StreamHandler[Any]):
    """Writes lines and counts them by level and event."""

    def emit(self, record: logging.LogRecord) -> None:
        """Writes one line."""
        LOG_EVENTS.add(record.levelname, event_of(record))
        super().emit(record)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """The fields of an event, with the request that it happened in."""
    fields: dict[str, Any] = {**getattr(record, "fields", {})}
    request = CURRENT.get()
    if request is not None:
        fields["request_id"] = request.request_id
        if request.trace_id is not None:
            fields["trace_id"] = request.trace_id
    return fields


def event_of(record: logging.LogRecord) -> str:
    """The name of an event; what is not in the catalogue has none of its own."""
    name = getattr(record, "event", "message")
    return name if name in EVENTS else "message"


def set_up_logs(level: str, log_format: LogFormat = "auto", release: str = "unknown") -> None:
    """Sets up the product's logger and the server's.

    It may be called again: nothing is doubled.

    Args:
        level: The least severe events that are logged.
        log_format: ``auto`` is text on a terminal and JSON elsewhere.
        release: What runs; stands in every line.
    """
    is_text = log_format == "text" or (log_format == "auto" and sys.stderr.isatty())
    handler = CountingHandler(sys.stderr)
    handler.setFormatter(TextFormatter() if is_text else JsonFormatter(release))
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        # In the place of an earlier one: standard error may be another one by now.
        logger.handlers[:] = [handler] if name != "uvicorn.error" else []
        logger.propagate = name == "uvicorn.error"
    change_level(level)
    # Our own event takes its place: uvicorn's line holds the query, and so what somebody likes.
    logging.getLogger("uvicorn.access").disabled = True


def change_level(level: str) -> None:
    """Changes which events are logged, at once.

    Raises:
        ValueError: There is no such level.
    """
    if level not in LEVELS:
        raise ValueError(f"the level must be one of {', '.join(LEVELS)}")
    for name in _LOGGERS:
        # Below INFO the server would log each connection.
        logging.getLogger(name).setLevel(level if name == "tonight" or level != "DEBUG" else "INFO")
