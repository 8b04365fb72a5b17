"""Draws a suggestion for a terminal; the same words come out where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tonight.cli.wish_options import option_name
from tonight.domain.evening import end_of
from tonight.domain.movie import Movie
from tonight.domain.suggestion import NothingFitsReport, Reason, Suggestion, parts_of
from tonight.domain.wishes import Wishes

#: Longer lines are hard to read, however wide the terminal is.
MAX_WIDTH: Final = 100

_BAR_CELLS: Final = 20


def stdout_console() -> Console:
    """The console of standard output: plain where it is no terminal or NO_COLOR is set."""
    # Titles are never markup.
    console = Console(markup=False, emoji=False, highlight=False)
    console.width = min(console.width, MAX_WIDTH)
    return console


def draw_card(suggestion: Suggestion, now: datetime, *, ascii_only: bool) -> RenderableType:
    """The card of a suggestion.

    Args:
        suggestion: The film, its reason and its alternatives.
        now: The viewer's time.
        ascii_only: Whether the terminal has no other letters.
    """
    movie = suggestion.movie
    dot = " - " if ascii_only else " · "
    parts: list[RenderableType] = [Text.assemble((movie.title, "bold"), f" ({movie.year})")]
    if movie.original_title:
        parts.append(Text(movie.original_title, "italic"))
    parts.extend(Text(line) for line in _facts(movie, now, dot))
    parts.append(Padding(Text(suggestion.reason.text), (1, 0, 0, 0)))
    parts.append(Padding(_bars(suggestion.reason, ascii_only=ascii_only), (0, 0, 1, 2)))
    if suggestion.alternatives:
        parts.append(Text("Or, quite different:", "bold"))
        others = [_alternative(movie, dot) for movie in suggestion.alternatives]
        parts.extend(Padding(other, (0, 0, 0, 2)) for other in others)
        parts.append(Text())
    parts.append(Text(_understood(suggestion.wishes), "dim"))
    parts.append(Text(_counts(suggestion), "dim"))
    return Panel(
        Group(*parts), title="Tonight", title_align="left", box=box.ROUNDED, padding=(1, 2)
    )


def draw_nothing_fits(report: NothingFitsReport) -> RenderableType:
    """What to relax when no film fits."""
    lines: list[RenderableType] = [Text("No film fits all the wishes.", "bold")]
    if report.relaxations:
        lines.append(Text("Relaxing one of them helps:"))
    else:
        lines.append(Text("Relaxing one of them is not enough: take back two, or begin anew."))
    for relaxation in report.relaxations:
        change = f"without {option_name(relaxation.parameter)}"
        if relaxation.value is not None:
            change = f"{option_name(relaxation.parameter)} {relaxation.value}"
        text = Text.assemble(f"{relaxation.text}: ", (change, "bold cyan"))
        lines.append(Padding(text, (0, 0, 0, 2)))
    if report.n_unknown:
        lines.append(Text(f"{_films(report.n_unknown)} might fit, but a fact is unknown.", "dim"))
    lines.append(Text(_understood(report.wishes), "dim"))
    return Group(*lines)


def _facts(movie: Movie, now: datetime, dot: str) -> Iterator[str]:
    facts = []
    if movie.runtime_minutes is not None:
        hours, minutes = divmod(movie.runtime_minutes, 60)
        facts.append(f"{hours} h {minutes:02} min")
        facts.append(f"ends at {end_of(now, movie.runtime_minutes):%H:%M}")
    if movie.genres:
        facts.append(", ".join(movie.genres))
    if movie.certificate is not None:
        facts.append(movie.certificate)
    if facts:
        yield dot.join(facts)
    origin = [", ".join(names) for names in (movie.countries, movie.languages) if names]
    if origin:
        yield dot.join(origin)
    if movie.directors:
        yield f"Directed by {', '.join(movie.directors)}"
    if movie.cast:
        yield f"With {', '.join(movie.cast)}"


def _bars(reason: Reason, *, ascii_only: bool) -> Table:
    full, empty = ("#", ".") if ascii_only else ("█", "░")
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, share, style in _shares(reason):
        n_full = round(share * _BAR_CELLS)
        bar = Text.assemble((full * n_full, style), (empty * (_BAR_CELLS - n_full), "dim"))
        table.add_row(f"{share:.0%}", bar, name)
    return table


def _shares(reason: Reason) -> list[tuple[str, float, str]]:
    """The parts of the reason with their shares and colours."""
    shares = []
    for part in parts_of(reason):
        if part.movie is not None:
            shares.append((f"{part.movie.title} ({part.movie.year})", part.share, "cyan"))
        elif part.kind == "more":
            shares.append((f"{part.n_movies} more films you like", part.share, "cyan"))
        elif part.kind == "wish":
            shares.append(("less known, as you wished", part.share, "magenta"))
        else:
            shares.append(("widely liked", part.share, "yellow"))
    return shares


def _alternative(movie: Movie, dot: str) -> Text:
    text = Text.assemble((movie.title, "bold"), f" ({movie.year})")
    if movie.runtime_minutes is not None:
        text.append(f"{dot}{movie.runtime_minutes} min")
    if movie.genres:
        text.append(f"{dot}{', '.join(movie.genres)}")
    return text


def _understood(wishes: Wishes) -> str:
    """What was understood, in the words of the options."""
    given = {
        "like": wishes.like,
        "dislike": wishes.dislike,
        "exclude": wishes.exclude,
        "genre": wishes.genre,
        "without_genre": wishes.without_genre,
        "max_minutes": wishes.max_minutes,
        "until": wishes.until and f"{wishes.until:%H:%M} ({wishes.minutes_left} minutes left)",
        "min_year": wishes.min_year,
        "max_year": wishes.max_year,
        "language": wishes.language,
        "country": wishes.country,
        "max_certificate": wishes.max_certificate,
        "novelty": wishes.novelty or None,
        "seed": wishes.seed,
    }
    words = [
        f"{name.replace('_', ' ')} {_words(value)}"
        for name, value in given.items()
        if value is not None and value != ()
    ]
    return f"Understood: {'; '.join(words)}." if words else "Understood: any film will do."


def _words(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _counts(suggestion: Suggestion) -> str:
    counts = f"{_films(suggestion.n_fitting)} fit{'s' if suggestion.n_fitting == 1 else ''}"
    if suggestion.n_unknown:
        counts += f"; {suggestion.n_unknown:,} more might, but a fact is unknown"
    return f"{counts}."


def _films(n: int) -> str:
    return f"{n:,} film{'' if n == 1 else 's'}"
