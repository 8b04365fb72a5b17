"""What the page of a viewer's own films shows, as plain values, and how they are filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final
from urllib.parse import urlencode

from tonight.domain.feedback import FeedbackKind
from tonight.services.list_my_films import OVER, MyFilm, Order
from tonight.services.portray_taste import Tally
from tonight.web.pages.film_view import Day, Said, day_of, said_of
from tonight.web.pages.taste_map import DrawnMap
from tonight.web.pages.view import Film, Notice, film_of, film_url

MY_FILMS_PATH: Final = "/my-films"

#: How many films are on one page.
PAGE_SIZE: Final = 50

#: More genres than these are not drawn.
MAX_GENRES: Final = 12

#: What can be chosen, as it is called on the page.
VERDICT_LABELS: Final = {
    FeedbackKind.LIKED.value: "Liked",
    FeedbackKind.OKAY.value: "Okay",
    FeedbackKind.DISLIKED.value: "Not for me",
    FeedbackKind.SEEN.value: "Seen",
    FeedbackKind.NOT_TONIGHT.value: "Not tonight",
    FeedbackKind.NEVER.value: "Never",
    OVER: "Taken back or over",
}
ORDER_LABELS: Final = {
    Order.NEWEST.value: "Newest first",
    Order.OLDEST.value: "Oldest first",
    Order.TITLE.value: "By title",
    Order.YEAR.value: "By year",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the viewer looks for among his films.

    Attributes:
        text: Part of a title or name.
        verdict: One of ``VERDICT_LABELS``, or empty.
        order: One of ``ORDER_LABELS``.
        page: From 1.
    """

    text: str = ""
    verdict: str = ""
    order: str = Order.NEWEST.value
    page: int = 1

    def url(self, page: int = 1) -> str:
        """The address of a page of the same choice."""
        pairs = [
            ("q", self.text),
            ("verdict", self.verdict),
            ("sort", "" if self.order == Order.NEWEST else self.order),
            ("page", "" if page == 1 else str(page)),
        ]
        kept = [(name, value) for name, value in pairs if value]
        return f"{MY_FILMS_PATH}?{urlencode(kept)}" if kept else MY_FILMS_PATH


@dataclass(frozen=True, slots=True)
class Row:
    """One film of the viewer's.

    Attributes:
        movie_id: The film.
        title: Its title.
        film: Its facts; ``None`` when it has left the catalogue.
        url: Its page, where there is one.
        said: What counts of what he said.
        earlier: What does not count any more.
    """

    movie_id: str
    title: str
    film: Film | None
    url: str | None
    said: tuple[Said, ...]
    earlier: tuple[Said, ...]

    @property
    def anchor(self) -> str:
        """The name of the row within the page."""
        return f"film-{self.movie_id}"

    @property
    def kinds(self) -> dict[str, Said]:
        """What counts, by its kind."""
        return {said.kind: said for said in self.said}


@dataclass(frozen=True, slots=True)
class Bar:
    """A decade or a genre as a bar, in per cent of the longest one.

    Attributes:
        name: What it is.
        n_liked: Films that the viewer liked.
        n_okay: Films that were okay, or of which he only said that he has seen them.
        n_disliked: Films that were not for him.
        liked: The length of their part.
        okay: Likewise.
        disliked: Likewise.
    """

    name: str
    n_liked: int
    n_okay: int
    n_disliked: int
    liked: float
    okay: float
    disliked: float

    @property
    def in_words(self) -> str:
        """The three numbers in words."""
        parts = (
            (self.n_liked, "liked"),
            (self.n_okay, "okay or seen"),
            (self.n_disliked, "not for you"),
        )
        return ", ".join(f"{count} {name}" for count, name in parts if count) or "none"


@dataclass(frozen=True, slots=True)
class Portrait:
    """The viewer's taste at a glance."""

    decades: tuple[Bar, ...]
    genres: tuple[Bar, ...]
    maps: tuple[DrawnMap, ...]


@dataclass(frozen=True, slots=True)
class MyFilmsPage:
    """Everything that is known of the viewer.

    Attributes:
        n_films: Of how many films he has said something, taken back or not.
        n_by_verdict: How many films have each verdict, by the verdict's label.
        since: The day of his first word.
        portrait: His taste at a glance.
        choice: What he looks for.
        rows: The films of this page.
        n_chosen: How many films he has found.
        n_pages: On how many pages they are.
        is_saving: Whether feedback can be saved now.
        notice: What has just happened.
    """

    n_films: int
    n_by_verdict: tuple[tuple[str, int], ...]
    since: Day | None
    portrait: Portrait
    choice: Choice
    rows: tuple[Row, ...]
    n_chosen: int
    n_pages: int
    is_saving: bool
    notice: Notice | None

    @property
    def back(self) -> str:
        """The local path of this page."""
        return self.choice.url(self.choice.page)

    @property
    def first_number(self) -> int:
        """The number of the first film on this page."""
        return (self.choice.page - 1) * PAGE_SIZE + 1

    @property
    def verdict_labels(self) -> dict[str, str]:
        """What can be chosen."""
        return VERDICT_LABELS

    @property
    def order_labels(self) -> dict[str, str]:
        """The orders that can be chosen."""
        return ORDER_LABELS

    @property
    def is_choosing(self) -> bool:
        """Whether not all of the films are asked for."""
        return bool(self.choice.text or self.choice.verdict)


@dataclass(frozen=True, slots=True)
class DeletePage:
    """The question before everything is deleted.

    Attributes:
        n_films: About how many films something is known.
        notice: What has just happened.
    """

    n_films: int
    notice: Notice | None = None


def row_of(mine: MyFilm, zone: tzinfo | None) -> Row:
    """A film of the viewer's for the page, its days in the viewer's zone."""
    return Row(
        movie_id=mine.movie_id,
        title=mine.title,
        film=None if mine.movie is None else film_of(mine.movie),
        url=None if mine.movie is None else film_url(mine.movie_id),
        said=tuple(said_of(one, zone) for one in (mine.opinion, mine.bar) if one is not None),
        earlier=tuple(said_of(one, zone) for one in mine.earlier),
    )


def count_verdicts(films: Sequence[MyFilm]) -> tuple[tuple[str, int], ...]:
    """How many films have each verdict, by its label; those that no film has are left out."""
    counts = dict.fromkeys(VERDICT_LABELS, 0)
    for film in films:
        for said in (film.opinion, film.bar):
            if said is not None:
                counts[said.kind.value] += 1
        if not film.counts:
            counts[OVER] += 1
    return tuple((VERDICT_LABELS[name], count) for name, count in counts.items() if count)


def first_day(films: Sequence[MyFilm], zone: tzinfo | None) -> Day | None:
    """The day of the viewer's first word."""
    moments = [
        said.created_at
        for film in films
        for said in (film.opinion, film.bar, *film.earlier)
        if said is not None
    ]
    return day_of(min(moments), zone) if moments else None


def bars_of(tallies: Sequence[Tally]) -> tuple[Bar, ...]:
    """Tallies as bars, the longest of which takes the whole room."""
    longest = max((tally.n_films for tally in tallies), default=0) or 1
    return tuple(
        Bar(
            tally.name,
            tally.n_liked,
            tally.n_okay,
            tally.n_disliked,
            *(
                round(100 * count / longest, 2)
                for count in (tally.n_liked, tally.n_okay, tally.n_disliked)
            ),
        )
        for tally in tallies
    )
