"""Turns view-models into HTML."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tonight.web.pages.film_view import FilmPage
from tonight.web.pages.my_films_view import DeletePage, MyFilmsPage
from tonight.web.pages.static_files import static_url
from tonight.web.pages.view import PAGE_PATH, MoviePage, ProblemPage
from tonight.web.pages.welcome_view import WelcomePage

_environment: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_environment.globals.update(static_url=static_url, page_path=PAGE_PATH)
_movie: Final = _environment.get_template("movie.html")
_film: Final = _environment.get_template("film.html")
_my_films: Final = _environment.get_template("my_films.html")
_delete: Final = _environment.get_template("my_films_delete.html")
_welcome: Final = _environment.get_template("welcome.html")
_problem: Final = _environment.get_template("problem.html")


def render_movie_page(page: MoviePage) -> str:
    """The HTML document that shows tonight's film."""
    return _movie.render(page=page)


def render_film_page(page: FilmPage) -> str:
    """The HTML document about one film."""
    return _film.render(page=page)


def render_my_films_page(page: MyFilmsPage) -> str:
    """The HTML document with everything that is known of the viewer."""
    return _my_films.render(page=page)


def render_delete_page(page: DeletePage) -> str:
    """The HTML document that asks before everything is deleted."""
    return _delete.render(page=page)


def render_welcome_page(page: WelcomePage) -> str:
    """The HTML document with a newcomer's question."""
    return _welcome.render(page=page)


def render_problem_page(problem: ProblemPage) -> str:
    """The HTML document that says why there is no film, and what to do about it."""
    return _problem.render(page=problem)
