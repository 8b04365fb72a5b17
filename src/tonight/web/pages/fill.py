"""Fills the view-models with what the services answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tonight.domain.errors import InvalidParameter
from tonight.domain.evening import end_of
from tonight.domain.movie import GENRES, Certificate
from tonight.domain.suggestion import NothingFitsReport, Suggestion, parts_of
from tonight.domain.suggestion import Reason as DomainReason
from tonight.domain.suggestion import Relaxation as DomainRelaxation
from tonight.services.catalogue import Catalogue
from tonight.services.movie_query import MovieQuery
from tonight.web.pages.view import (
    Alternative,
    Choices,
    MoviePage,
    Notice,
    ProblemPage,
    Query,
    Reason,
    Relaxation,
    Share,
    film_of,
    film_url,
    url_of,
)

#: The form offers what leads somewhere: a name with fewer films is left to the address bar.
MIN_FILMS_OF_A_CHOICE: Final = 5

#: What the form calls the parameters whose names are not words.
LABELS: Final = {
    "without_genre": "Leave genres out",
    "max_minutes": "Minutes at most",
    "min_year": "From the year",
    "max_year": "To the year",
    "max_certificate": "Certificate at most",
    "until": "Over by",
}
_NUMBER: Final = re.compile("[0-9]{1,4}")
_TIME: Final = re.compile("[0-9]{2}:[0-9]{2}")
#: "until" is a word as well: it is the parameter where something is said of it.
_IN_THE_FORM: Final = re.compile(
    rf"\b(?:{'|'.join(sorted(LABELS.keys() - {'until'}))})\b|\buntil(?=: )"
)

Pairs = Sequence[tuple[str, str]]


def choices_of(catalogue: Catalogue) -> Choices:
    """What the form offers to choose from."""
    return Choices(
        genres=GENRES,
        languages=_frequent([name for movie in catalogue.movies for name in movie.languages]),
        countries=_frequent([name for movie in catalogue.movies for name in movie.countries]),
        certificates=tuple(Certificate),
    )


def movie_page(
    suggestion: Suggestion,
    query: MovieQuery,
    pairs: Pairs,
    choices: Choices,
    *,
    n_likes: int,
    zone_known: bool,
    is_saving: bool,
    notice: Notice | None,
) -> MoviePage:
    """The page with tonight's film."""
    minutes = suggestion.movie.runtime_minutes
    ends_at = None
    if zone_known and minutes is not None:
        ends_at = f"{end_of(query.now, minutes):%H:%M}"
    return MoviePage(
        film=film_of(suggestion.movie),
        reason=reason_of(suggestion.reason),
        query=_query(pairs),
        choices=choices,
        alternatives=tuple(
            Alternative(film_of(movie), url=film_url(movie.movie_id))
            for movie in suggestion.alternatives
        ),
        n_fitting=suggestion.n_fitting,
        n_unknown=suggestion.n_unknown,
        n_likes=n_likes,
        ends_at=ends_at,
        is_saving=is_saving,
        notice=notice,
    )


def nothing_fits_page(
    report: NothingFitsReport, pairs: Pairs, choices: Choices, notice: Notice | None
) -> ProblemPage:
    """The page that says which wish to relax."""
    query = _query(pairs)
    # What the viewer has seen he cannot relax by a link, so it is said.
    seen = [f"{way.text}. " for way in report.relaxations if way.parameter == "history"]
    ways = [way for way in report.relaxations if way.parameter != "history"]
    helps = "helps." if ways else "is not enough: take back two, or begin anew."
    return ProblemPage(
        status=404,
        title="No film fits all the wishes",
        detail=f"{''.join(seen)}Relaxing one of the wishes {helps}",
        kind="nothing-fits",
        query=query,
        choices=choices,
        relaxations=tuple(Relaxation(way.text, _relaxed_url(query, way)) for way in ways),
        n_unknown=report.n_unknown,
        notice=notice,
    )


def wrong_wishes_page(
    problem: ProblemPage, errors: Sequence[InvalidParameter], pairs: Pairs, choices: Choices
) -> ProblemPage:
    """The problem with the form and the wishes that were made, so that they can be mended there."""
    wrong = {error.name for error in errors}
    return replace(
        problem,
        detail=_IN_THE_FORM.sub(lambda name: f"“{LABELS[name[0]]}”", problem.detail),
        # What the form cannot show cannot be mended in it: it would be wrong again and again.
        query=tuple(
            (name, value)
            for name, value in _query(pairs)
            # Of a longer name a problem says the beginning.
            if name[:100] not in wrong or _is_shown_in_the_form(name, value)
        ),
        choices=choices,
    )


def _is_shown_in_the_form(name: str, value: str) -> bool:
    """Whether a wrong wish can be shown where it is made."""
    if name in {"genre", "without_genre"}:
        return value in GENRES
    if name == "until":
        return _TIME.fullmatch(value) is not None
    return name in {"max_minutes", "min_year", "max_year"} and bool(_NUMBER.fullmatch(value))


def reason_of(reason: DomainReason) -> Reason:
    """A reason for the page."""
    shares = []
    for part in parts_of(reason):
        if part.movie is not None:
            label = f"{part.movie.title} ({part.movie.year})"
            shares.append(Share(label, part.share, "liked", film_url(part.movie.movie_id)))
        elif part.kind == "more":
            shares.append(Share(f"{part.n_movies} more films you like", part.share, "liked"))
        elif part.kind == "wish":
            shares.append(Share("Less known, as you wished", part.share, "wish"))
        else:
            shares.append(Share("Widely liked", part.share, "base"))
    return Reason(reason.text, tuple(shares))


def _relaxed_url(query: Query, relaxation: DomainRelaxation) -> str:
    rest = [pair for pair in query if pair[0] != relaxation.parameter]
    if relaxation.value is not None:
        rest.append((relaxation.parameter, str(relaxation.value)))
    return url_of(tuple(rest))


def _query(pairs: Pairs) -> Query:
    return tuple((name, value) for name, value in pairs if name != "format")


def _frequent(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(n for n, count in Counter(names).items() if count >= MIN_FILMS_OF_A_CHOICE))
