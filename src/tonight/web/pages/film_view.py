"""What the page of one film shows, as plain values, and how they are filled in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final

from markupsafe import Markup

from tonight.domain.explanation import Explanation, Influence
from tonight.domain.feedback import Feedback, FeedbackKind
from tonight.domain.movie import Movie
from tonight.services.list_my_films import MyFilm
from tonight.web.pages.view import N_TONES, Film, Notice, film_of, film_url

#: More parts than this on one side are not told apart in the picture; the rest is one part.
MAX_PARTS: Final = 5

#: The room in the picture between what speaks for a film and what against, in per cent.
GAP: Final = 1.5

#: What the viewer has said, in words, beside its day.
SAID: Final = {
    FeedbackKind.LIKED: "You liked it",
    FeedbackKind.OKAY: "It was okay",
    FeedbackKind.DISLIKED: "It was not for you",
    FeedbackKind.SEEN: "You have seen it",
    FeedbackKind.NOT_TONIGHT: "Not tonight",
    FeedbackKind.NEVER: "Never to be suggested",
}


@dataclass(frozen=True, slots=True)
class Day:
    """A day as it is read, and as programs read the moment."""

    text: str
    moment: str


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of the viewer.

    Attributes:
        feedback_id: What takes it back.
        kind: What was said, for programs.
        text: What was said, in words.
        day: When.
        is_undone: Whether it was taken back.
    """

    feedback_id: str
    kind: str
    text: str
    day: Day
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the picture of what speaks for a film and against it, in per cent.

    Attributes:
        label: A film, or popularity.
        url: The film's page, where it is one film.
        percent: Its share.
        start: Where it begins.
        width: How wide it is.
        tone: Its colour, by name.
    """

    label: str
    url: str | None
    percent: int
    start: float
    width: float
    tone: str


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a film would suit the viewer: a sentence, and what it rests on."""

    text: str
    for_it: tuple[Part, ...]
    against_it: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class FilmPage:
    """A film and what it is to the viewer.

    Attributes:
        film: Its facts.
        alternative_titles: Other titles that people know it by.
        imdb_id: Its IMDb id.
        reviews: What the reviews say, in words.
        fit: How well it would suit the viewer; ``None`` where nothing is known of him.
        said: What he has said of it that counts, by its kind.
        similar: Films that resemble it, the most similar first.
        address: The absolute address of the page.
        is_saving: Whether feedback can be saved now.
        notice: What has just happened.
        metadata: The film for programs that read the page (JSON-LD).
    """

    film: Film
    alternative_titles: tuple[str, ...]
    imdb_id: str | None
    reviews: str | None
    fit: Fit | None
    said: dict[str, Said]
    similar: tuple[Film, ...]
    address: str
    is_saving: bool
    notice: Notice | None
    metadata: Markup

    @property
    def back(self) -> str:
        """The local path of this page."""
        return film_url(self.film.movie_id)

    @property
    def description(self) -> str:
        """The film in a line, for previews of links."""
        film = self.film
        parts = [", ".join(film.genres[:3]), film.length or ""]
        if film.directors:
            parts.append(f"directed by {', '.join(film.directors[:2])}")
        if film.cast:
            parts.append(f"with {', '.join(film.cast[:3])}")
        return " · ".join([str(film.year), *(part for part in parts if part)])


def film_page(
    movie: Movie,
    mine: MyFilm | None,
    explanation: Explanation | None,
    similar: Sequence[Movie],
    zone: tzinfo | None,
    *,
    site: str,
    is_saving: bool,
    notice: Notice | None,
) -> FilmPage:
    """The page of a film.

    Args:
        movie: The film.
        mine: What the viewer has said of it, if anything.
        explanation: Why it would suit him; ``None`` where nothing is known of him.
        similar: Films that resemble it.
        zone: The zone in which days are told; ``None`` is the machine's own.
        site: The service's absolute address, without a slash at its end.
        is_saving: Whether feedback can be saved now.
        notice: What has just happened.
    """
    address = f"{site}{film_url(movie.movie_id)}"
    standing = (mine.opinion, mine.bar) if mine else ()
    return FilmPage(
        film=film_of(movie),
        alternative_titles=movie.alternative_titles,
        imdb_id=movie.imdb_id,
        reviews=_reviews(movie),
        fit=None if explanation is None else _fit(explanation),
        said={one.kind: said_of(one, zone) for one in standing if one is not None},
        similar=tuple(film_of(other) for other in similar),
        address=address,
        is_saving=is_saving,
        notice=notice,
        metadata=_metadata(movie, address, site),
    )


def said_of(statement: Feedback, zone: tzinfo | None) -> Said:
    """A statement for the page, its day in the viewer's zone."""
    return Said(
        feedback_id=statement.feedback_id,
        kind=statement.kind.value,
        text=SAID[statement.kind],
        day=day_of(statement.created_at, zone),
        is_undone=statement.undone_at is not None,
    )


def day_of(moment: datetime, zone: tzinfo | None) -> Day:
    """The day of a moment, such as ``3 May 2026``."""
    local = moment.astimezone(zone)
    return Day(f"{local.day} {local:%B %Y}", local.isoformat(timespec="seconds"))


def _reviews(movie: Movie) -> str | None:
    if movie.review_score is None or not movie.n_reviews:
        return None
    return f"{movie.review_score}% of {movie.n_reviews} are favourable"


def _fit(explanation: Explanation) -> Fit:
    base = explanation.widely_liked_share
    for_it = _side([part for part in explanation.influences if part.share > 0], "liked")
    against_it = _side([part for part in explanation.influences if part.share < 0], "against")
    if base > 0:
        for_it.append(("Widely liked", None, base, "base"))
    elif base < 0:
        against_it.append(("Not widely liked", None, -base, "against-base"))
    gap = GAP if for_it and against_it else 0
    scale = 100 - gap
    split = scale * sum(share for _, _, share, _ in for_it) + gap
    return Fit(
        explanation.text,
        _side_by_side(for_it, 0, scale),
        _side_by_side(against_it, split, scale),
    )


def _side(influences: Sequence[Influence], tone: str) -> list[tuple[str, str | None, float, str]]:
    """Label, address, share and tone of the films of one side; the least are taken together."""
    shown: list[tuple[str, str | None, float]] = [
        (f"{part.movie.title} ({part.movie.year})", film_url(part.movie.movie_id), abs(part.share))
        for part in influences
    ]
    if len(shown) > MAX_PARTS:
        rest = shown[MAX_PARTS - 1 :]
        share = sum(part[2] for part in rest)
        shown[MAX_PARTS - 1 :] = [(f"{len(rest)} more films", None, share)]
    return [(*part, f"{tone}-{number % N_TONES}") for number, part in enumerate(shown)]


def _side_by_side(
    parts: list[tuple[str, str | None, float, str]], start: float, scale: float
) -> tuple[Part, ...]:
    drawn = []
    for label, url, share, tone in parts:
        width = scale * share
        percent = round(100 * share)
        drawn.append(Part(label, url, percent, round(start, 2), round(width, 2), tone))
        start += width
    return tuple(drawn)


def _metadata(movie: Movie, address: str, site: str) -> Markup:
    """The film as schema.org knows films, safe to stand in a script element."""
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Movie",
        "@id": address,
        "url": address,
        "name": movie.title,
        "alternateName": list(
            dict.fromkeys(filter(None, (movie.original_title, *movie.alternative_titles)))
        ),
        "dateCreated": str(movie.year),
        "duration": movie.runtime_minutes and f"PT{movie.runtime_minutes}M",
        "genre": movie.genres,
        "director": [{"@type": "Person", "name": name} for name in movie.directors],
        "actor": [{"@type": "Person", "name": name} for name in movie.cast],
        "contentRating": movie.certificate and f"MPAA {movie.certificate}",
        "countryOfOrigin": [{"@type": "Country", "name": name} for name in movie.countries],
        "sameAs": movie.imdb_id and f"https://www.imdb.com/title/{movie.imdb_id}/",
        "image": f"{site}{film_of(movie).poster_url}",
    }
    known = {name: value for name, value in facts.items() if value}
    text = json.dumps(known, ensure_ascii=False)
    # Nothing in a title may end the element; the rest is data, which no browser runs.
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - escaped for a script element just above
