"""``tonight suggest``: one film for tonight, as a card or as JSON."""

from __future__ import annotations

import json
import webbrowser
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import typer

from tonight.bootstrap import load_library
from tonight.cli.card import draw_card, draw_nothing_fits, stdout_console
from tonight.cli.exit_codes import FAILED, NOTHING_FITS, WRONG_USE
from tonight.cli.listening import version_of
from tonight.cli.messages import complain
from tonight.cli.start import read_settings
from tonight.cli.wish_options import option_name, texts_of
from tonight.domain.errors import InvalidRequestError, NothingFitsError
from tonight.domain.feedback import Taste
from tonight.domain.suggestion import NothingFitsReport
from tonight.services.answers import nothing_fits_detail, nothing_fits_members, suggestion_body
from tonight.services.movie_query import read_movie_query
from tonight.services.suggest_movie import suggest_movie

_IDS = ("like", "dislike", "exclude")


def suggest(
    wishes: Mapping[str, str | list[str] | None], *, as_json: bool, opened_at: str | None
) -> None:
    """Suggests one film and prints it.

    Args:
        wishes: The texts of the wishes by the name of their parameter.
        as_json: Whether to print what ``GET /movie`` answers, and not the card.
        opened_at: The running service in which the browser opens the film.

    Raises:
        typer.Exit: A wish cannot be understood, no film fits, or there is no such service.
    """
    settings = read_settings()
    library, _ = load_library(settings)
    zone = ZoneInfo(settings.timezone) if settings.timezone else None
    try:
        asked = read_movie_query(texts_of(wishes), library.catalogue)
        query = asked.at(lambda: datetime.now(UTC), zone)
    except InvalidRequestError as error:
        for wrong in error.errors:
            complain(f"{option_name(wrong.name)}: {wrong.message}")
        if any(wrong.name in _IDS for wrong in error.errors):
            complain("find a film's id with: tonight search TITLE")
        raise typer.Exit(WRONG_USE) from error
    try:
        suggestion = suggest_movie(library, query.wishes, Taste(), (), query.now)
    except NothingFitsError as error:
        if as_json:
            _print_json(_problem(error.report, query.now))
        else:
            stdout_console().print(draw_nothing_fits(error.report))
        raise typer.Exit(NOTHING_FITS) from error
    if as_json:
        _print_json(suggestion_body(suggestion, query.now))
    else:
        console = stdout_console()
        console.print(draw_card(suggestion, query.now, ascii_only=console.options.ascii_only))
    if opened_at is not None:
        _open(opened_at, suggestion.movie.movie_id)


def _problem(report: NothingFitsReport, now: datetime) -> dict[str, Any]:
    """The problem document that ``GET /movie`` answers when no film fits."""
    return {
        "type": "/problems/nothing-fits",
        "title": "No film fits all the wishes",
        "status": 404,
        "detail": nothing_fits_detail(report),
        **nothing_fits_members(report, now),
    }


def _print_json(body: Mapping[str, Any]) -> None:
    print(json.dumps(body, ensure_ascii=False, indent=2))


def _open(service: str, movie_id: str) -> None:
    if version_of(service) is None:
        complain(f"nothing to open: no Tonight answers at {service}. Start it: tonight serve")
        raise typer.Exit(FAILED)
    address = f"{service.rstrip('/')}/movies/{movie_id}"
    if not webbrowser.open(address):
        complain(f"no browser can be opened here; the film is at {address}")
        raise typer.Exit(FAILED)
