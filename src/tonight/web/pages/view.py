"""What the pages show, as plain values: a route fills these in, a template reads them out.

Everything that can be worked out from the request's own parameters (the form's state, the
chips, the links that change one wish, the way back) is derived here from ``query``, so that a
route hands over facts only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

from tonight.domain.movie import Movie

#: Where the page lives; every link that keeps the evening's wishes leads here.
PAGE_PATH: Final = "/movie"

#: Parameters as they came, decoded, in order; repeated names are repeated pairs.
Query = tuple[tuple[str, str], ...]

#: Parameters that the form edits. All others (``like``, ``exclude``...) travel along unseen.
FORM_FIELDS: Final = frozenset(
    {
        "genre",
        "without_genre",
        "max_minutes",
        "until",
        "min_year",
        "max_year",
        "language",
        "country",
        "max_certificate",
        "novelty",
    }
)

#: How many tones the style sheet has for films that the viewer likes: one for each share shown.
N_TONES: Final = 6

#: Parameters that belong to one answer, not to the evening: links and forms drop them.
MOMENTARY: Final = frozenset({"seed", "now"})


@dataclass(frozen=True, slots=True)
class Film:
    """A film's facts, ready to be read. ``None`` and ``()`` are shown as unknown."""

    movie_id: str
    title: str
    year: int
    original_title: str | None = None
    runtime_minutes: int | None = None
    certificate: str | None = None
    genres: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()

    @property
    def poster_url(self) -> str:
        """The address of the drawn poster."""
        return f"/posters/{self.movie_id}.svg"

    @property
    def length(self) -> str | None:
        """The running time in hours and minutes, such as ``2 h 11 min``."""
        return None if self.runtime_minutes is None else hours_and_minutes(self.runtime_minutes)


@dataclass(frozen=True, slots=True)
class Share:
    """One part of the reason.

    Attributes:
        label: A film's title, a wish in words, or "Widely liked".
        share: Its part of the whole, 0 to 1.
        kind: What it is: a film of the viewer's, a wish of the evening, or popularity.
        url: The film's page, where it is one film.
    """

    label: str
    share: float
    kind: Literal["liked", "wish", "base"]
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the picture of shares, in per cent of its width."""

    label: str
    percent: int
    start: float
    width: float
    tone: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why this film: a sentence, and the shares of the score it stands on (largest first)."""

    text: str
    shares: tuple[Share, ...] = ()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The shares side by side, each in its tone."""
        segments = []
        start = 0.0
        n_liked = 0
        for share in self.shares:
            tone = f"liked-{n_liked % N_TONES}" if share.kind == "liked" else share.kind
            n_liked += share.kind == "liked"
            width = round(share.share * 100, 2)
            percent = round(share.share * 100)
            segments.append(Segment(share.label, percent, round(start, 2), width, tone, share.url))
            start += width
        return tuple(segments)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A film offered beside tonight's.

    Attributes:
        film: Its facts.
        reason: A short reason, where there is one.
        url: Where it can be read about.
    """

    film: Film
    reason: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What has just been saved or gone wrong, in a bar above the film.

    Attributes:
        text: A sentence: "Noted: you have seen Heat."
        undo_feedback_id: The feedback that the Undo button takes back, if it can be.
        rate_movie_id: The film to offer "liked / okay / not for me" for, after "seen it".
        is_warning: Whether something failed, such as saving.
    """

    text: str
    undo_feedback_id: str | None = None
    rate_movie_id: str | None = None
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers to choose from, in the order of display."""

    genres: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chip:
    """An active wish in words, with the address of the same page without it."""

    label: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A single wish whose loosening helps: "20 minutes more gives 4 films"."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class MoviePage:
    """Tonight's film and all around it.

    Attributes:
        film: Tonight's film.
        reason: Why it.
        query: The request's parameters.
        choices: What the form offers.
        alternatives: Films that differ from it, three as a rule.
        n_fitting: How many films fitted the wishes.
        n_unknown: How many were left out because a fact that a wish asks for is unknown.
        n_likes: How many films the viewer has told us to like; 0 means that we don't know him.
        ends_at: When the film would end (``22:41``), where the viewer's time is known.
        is_saving: Whether feedback can be saved now.
        notice: What has just happened.
    """

    film: Film
    reason: Reason
    query: Query = ()
    choices: Choices = Choices()
    alternatives: tuple[Alternative, ...] = ()
    n_fitting: int = 0
    n_unknown: int = 0
    n_likes: int = 0
    ends_at: str | None = None
    is_saving: bool = True
    notice: Notice | None = None

    @property
    def wishes(self) -> Wishes:
        """The form's state."""
        return Wishes(self.query)

    @property
    def back(self) -> str:
        """The local path that shows this evening again."""
        return url_of(self.query)


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """A page without a film: nothing fits, everything is seen, or something went wrong.

    Attributes:
        status: The HTTP status.
        title: The problem in a few words.
        detail: What happened and what can be done, in a sentence or two.
        kind: ``nothing-fits`` and ``all-seen`` show the form; ``problem`` where it has choices.
        query: The request's parameters.
        choices: What the form offers.
        relaxations: Ways out, best first.
        n_unknown: How many films were left out because a fact was unknown.
        notice: What has just happened.
    """

    status: int
    title: str
    detail: str
    kind: Literal["nothing-fits", "all-seen", "problem"] = "problem"
    query: Query = ()
    choices: Choices = Choices()
    relaxations: tuple[Relaxation, ...] = ()
    n_unknown: int = 0
    notice: Notice | None = None

    @property
    def wishes(self) -> Wishes:
        """The form's state."""
        return Wishes(self.query)

    @property
    def back(self) -> str:
        """The local path that shows this evening again."""
        return url_of(self.query)


@dataclass(frozen=True, slots=True)
class Wishes:
    """The evening's wishes as the form and the chips show them."""

    query: Query

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a repeatable parameter."""
        return tuple(value for key, value in self.query if key == name and value)

    def one(self, name: str) -> str:
        """The last value of a parameter, empty when it is absent."""
        values = self.all(name)
        return values[-1] if values else ""

    @property
    def unseen(self) -> Query:
        """The pairs that the form has to carry along in hidden fields."""
        return tuple(
            (key, value)
            for key, value in self.query
            if key not in FORM_FIELDS and key not in MOMENTARY
        )

    @property
    def clear_url(self) -> str:
        """The same page without any wish."""
        return url_of(self.unseen)

    @property
    def chips(self) -> tuple[Chip, ...]:
        """The active wishes, in the order in which they were asked for."""
        chips = []
        for pair in dict.fromkeys(self.query):
            label = wish_in_words(*pair)
            if label is not None:
                rest = tuple(other for other in self.query if other != pair)
                chips.append(Chip(label, url_of(rest)))
        return tuple(chips)


def film_of(movie: Movie) -> Film:
    """A film's facts for the page.

    Args:
        movie: The film of the catalogue.
    """
    return Film(
        movie_id=movie.movie_id,
        title=movie.title,
        year=movie.year,
        original_title=movie.original_title,
        runtime_minutes=movie.runtime_minutes,
        certificate=None if movie.certificate is None else str(movie.certificate),
        genres=movie.genres,
        directors=movie.directors,
        cast=movie.cast,
        languages=movie.languages,
        countries=movie.countries,
    )


def film_url(movie_id: str) -> str:
    """The local path of a film's page."""
    return f"/movies/{movie_id}"


def url_of(query: Query) -> str:
    """The page's local path with these parameters, without those of the moment."""
    kept = [(key, value) for key, value in query if key not in MOMENTARY and value]
    return f"{PAGE_PATH}?{urlencode(kept)}" if kept else PAGE_PATH


def hours_and_minutes(minutes: int) -> str:
    """A length of time as it is said: ``58 min``, ``2 h``, ``2 h 11 min``."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} min")
    return " ".join(parts)


def wish_in_words(name: str, value: str) -> str | None:
    """A parameter as a chip says it; ``None`` for one that is no wish or says nothing."""
    if name not in FORM_FIELDS or not value:
        return None
    if name == "novelty":
        return _novelty_in_words(value)
    if name == "max_minutes":
        return f"At most {hours_and_minutes(int(value))}" if _is_count(value) else value
    form = {
        "without_genre": "No {}",
        "until": "Over by {}",
        "min_year": "From {} on",
        "max_year": "Up to {}",
        "language": "In {}",
        "country": "From {}",
        "max_certificate": "{} or milder",
    }.get(name, "{}")
    return form.format(value)


def _novelty_in_words(value: str) -> str | None:
    try:
        novelty = float(value)
    except ValueError:
        return value
    if not novelty > 0:
        return None
    if novelty < 1 / 3:
        return "A little off the beaten track"
    return "Less known" if novelty < 2 / 3 else "Hidden gems"


def _is_count(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 5
