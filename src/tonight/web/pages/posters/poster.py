"""Chooses a composition for a film and draws its poster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from xml.sax.saxutils import escape

from tonight.domain.movie import Movie
from tonight.web.pages.posters import cut_paper, figures, geometry, places, scenes
from tonight.web.pages.posters.drawing import HEIGHT, WIDTH, Chance
from tonight.web.pages.posters.lettering import printable
from tonight.web.pages.posters.sheet import Sheet

Composition = Callable[[Sheet], str]

COMPOSITIONS: Final[tuple[Composition, ...]] = (
    cut_paper.cutout,
    cut_paper.profiles,
    figures.deco,
    figures.embrace,
    figures.eye,
    figures.smile,
    figures.speed,
    figures.stripes,
    figures.vinyl,
    geometry.bauhaus,
    geometry.halftone,
    geometry.numerals,
    geometry.stacked,
    geometry.swiss,
    geometry.vortex,
    geometry.wedge,
    places.forest,
    places.skyline,
    places.stairs,
    places.waves,
    scenes.blinds,
    scenes.door,
    scenes.horizon,
    scenes.mesa,
    scenes.minimal,
    scenes.orbit,
    scenes.synth,
)

#: What a genre looks like. The order is that of how much a genre says about a film's look.
BY_GENRE: Final[dict[str, tuple[Composition, ...]]] = {
    "Film-Noir": (scenes.blinds, cut_paper.cutout, places.skyline),
    "Western": (scenes.mesa, scenes.mesa, geometry.stacked),
    "Sci-Fi": (scenes.orbit, scenes.orbit, geometry.halftone, scenes.horizon),
    "Horror": (scenes.door, figures.eye, places.forest),
    "Music": (figures.vinyl,),
    "Musical": (figures.vinyl, geometry.bauhaus),
    "Animation": (geometry.bauhaus, places.waves, scenes.horizon),
    "Documentary": (geometry.halftone, geometry.numerals, geometry.swiss),
    "War": (geometry.wedge, scenes.horizon),
    "Sport": (figures.speed, geometry.numerals),
    "Fantasy": (figures.eye, places.forest, places.waves),
    "Family": (geometry.bauhaus, figures.smile, places.forest),
    "Mystery": (geometry.vortex, cut_paper.cutout, scenes.door, places.stairs),
    "Thriller": (geometry.vortex, cut_paper.cutout, figures.eye, places.stairs),
    "Crime": (cut_paper.cutout, geometry.stacked, places.skyline),
    "Romance": (figures.embrace, cut_paper.profiles, places.skyline),
    "Comedy": (figures.smile, geometry.stacked, geometry.bauhaus),
    "Adventure": (scenes.horizon, places.waves, figures.speed),
    "Action": (figures.speed, geometry.stacked, geometry.wedge),
    "Biography": (geometry.numerals, places.stairs, geometry.swiss),
    "History": (geometry.wedge, geometry.numerals),
    "Drama": (scenes.minimal, geometry.swiss, geometry.halftone, places.stairs),
}
ANYTHING: Final = (geometry.swiss, geometry.numerals, scenes.minimal)

_BRIGHT: Final = frozenset({"Action", "Sci-Fi", "Thriller", "Music", "Horror", "Comedy"})


def compositions_for(movie: Movie) -> tuple[Composition, ...]:
    """The compositions that suit a film, by its genres and its era; repeats weigh more.

    Args:
        movie: The film.
    """
    suited: list[Composition] = []
    genres = [genre for genre in BY_GENRE if genre in movie.genres]
    for genre in genres[:2]:
        suited += BY_GENRE[genre]
    if movie.year < 1940:
        suited += [figures.deco] * (len(suited) + 1)
    elif movie.year < 1960 and {"Crime", "Mystery", "Thriller"} & set(genres):
        suited += [scenes.blinds] * 2
    elif 1960 <= movie.year < 1970:
        suited += [geometry.swiss, cut_paper.cutout]
    elif 1970 <= movie.year < 1980 and "Western" not in genres:
        suited += [figures.stripes] * 2
    elif 1980 <= movie.year < 1990 and _BRIGHT & set(genres):
        suited += [scenes.synth] * 2
    return tuple(suited) or ANYTHING


def poster_svg(movie: Movie) -> str:
    """A film's poster as an SVG document of 400 by 600 units.

    The same film always gets the same poster. The document refers to nothing outside itself
    and has no script.

    Args:
        movie: The film; only title, year, genres, people and ``movie_id`` are used.
    """
    chance = Chance(movie.movie_id)
    composition = chance.pick(compositions_for(movie))
    return draw(movie, composition, chance)


def draw(movie: Movie, composition: Composition, chance: Chance) -> str:
    """The document for a film in a given composition.

    Args:
        movie: The film.
        composition: How it is laid out.
        chance: What decides all that is left open.
    """
    directors = movie.directors[:2]
    sheet = Sheet(movie.title, movie.year, directors, movie.cast[:3], chance)
    art = composition(sheet)
    title = escape(printable(movie.title)[:200])
    people = escape(printable(" & ".join(directors))[:120])
    told = f"A drawn poster: {title}, {movie.year}" + (f", {people}." if people else ".")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="t d">'
        f'<title id="t">{title}</title><desc id="d">{told}</desc>{art}</svg>'
    )
