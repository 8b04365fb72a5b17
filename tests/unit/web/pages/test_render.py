from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tonight.domain.movie import GENRES
from tonight.web.pages.render import render_movie_page, render_problem_page
from tonight.web.pages.static_files import STATIC_DIR, static_url
from tonight.web.pages.view import (
    Alternative,
    Choices,
    Film,
    MoviePage,
    Notice,
    ProblemPage,
    Reason,
    Relaxation,
    Share,
)

HEAT = Film(
    "heat-1995",
    "Heat",
    1995,
    runtime_minutes=170,
    certificate="R",
    genres=("Crime", "Drama"),
    directors=("Michael Mann",),
    cast=("Al Pacino", "Robert De Niro"),
    languages=("English",),
    countries=("United States",),
)
UNKNOWN = Film("x-1999", "X", 1999)
PAGE = MoviePage(
    HEAT,
    Reason("Because you liked Alien.", (Share("Alien", 0.7, "liked"), Share("W", 0.3, "base"))),
    query=(("genre", "Crime"), ("max_minutes", "180"), ("like", "alien-1979")),
    choices=Choices(GENRES, ("English", "French"), ("France",), ("G", "PG")),
    alternatives=(Alternative(UNKNOWN), Alternative(HEAT, "Quieter.", "/film/heat-1995")),
    n_fitting=1204,
    n_unknown=31,
    n_likes=2,
    ends_at="22:41",
)
PROBLEM = ProblemPage(
    404,
    "Nothing fits",
    "No film is that short.",
    "nothing-fits",
    query=(("max_minutes", "61"),),
    relaxations=(Relaxation("20 minutes more gives 4 films", "/movie?max_minutes=81"),),
)


class Outline(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text = " ".join(f"{self.text} {data}".split())

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and wanted.items() <= attributes.items()
        ]


PAGES = {
    "film": render_movie_page(PAGE),
    "stranger": render_movie_page(MoviePage(UNKNOWN, Reason("Widely liked."))),
    "seen": render_movie_page(replace(PAGE, notice=Notice("Noted.", "7", "alien-1979"))),
    "not saved": render_movie_page(
        replace(PAGE, is_saving=False, notice=Notice("Not saved.", is_warning=True))
    ),
    "nothing fits": render_problem_page(PROBLEM),
    "all seen": render_problem_page(ProblemPage(404, "All seen", "Tomorrow.", "all-seen")),
    "problem": render_problem_page(ProblemPage(503, "Not yet", "In a moment.")),
}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_code_or_style_inside(name: str) -> None:
    for tag, attributes in Outline(PAGES[name]).elements:
        assert "style" not in attributes, tag
        assert not [attribute for attribute in attributes if attribute.startswith("on")], tag
        assert tag != "style"
        if tag == "script":
            assert attributes["src"].startswith("/static/")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_one_heading_and_loads_only_from_here(name: str) -> None:
    outline = Outline(PAGES[name])
    assert len(outline.all("h1")) == 1
    for tag, attributes in outline.elements:
        if tag in ("img", "script", "link"):
            address = attributes.get("src") or attributes["href"]
            assert address.startswith(("/static/", "/posters/"))


@pytest.mark.parametrize("name", PAGES)
def test_identifiers_are_unique(name: str) -> None:
    ids = [
        attributes["id"] for _, attributes in Outline(PAGES[name]).elements if "id" in attributes
    ]
    assert len(ids) == len(set(ids))


def test_every_static_address_names_a_file_that_is_there() -> None:
    for html in PAGES.values():
        for name in re.findall(r'"/static/([^"?]+)\?v=[0-9a-f]{12}"', html):
            assert (STATIC_DIR / name).is_file()


def test_the_film_is_told_with_its_reason_and_its_end() -> None:
    text = Outline(PAGES["film"]).text
    for part in ("Heat", "1995", "2 h 50 min", "Michael Mann", "Al Pacino", "ends at 22:41"):
        assert part in text
    assert "Because you liked Alien." in text
    assert "Alien 70%" in text
    assert "1,204 films fit this evening; 31 more were left out" in text


def test_an_unknown_fact_is_visibly_unknown() -> None:
    outline = Outline(PAGES["stranger"])
    assert "length unknown" in outline.text
    assert "certificate unknown" in outline.text
    # Length, certificate, director, cast, genre, language, country.
    assert len(outline.all("span", **{"class": "unknown"})) == 7


def test_a_stranger_is_told_how_to_be_known() -> None:
    assert "We don’t know you yet" in Outline(PAGES["stranger"]).text
    assert "We don’t know you yet" not in Outline(PAGES["film"]).text


def test_the_four_verdicts_post_what_they_say_and_come_back() -> None:
    outline = Outline(PAGES["film"])
    kinds = [button["value"] for button in outline.all("button", name="kind")]
    assert kinds[:4] == ["liked", "seen", "not_tonight", "never"]
    assert outline.all("form", action="/feedback", method="post")
    assert outline.all("input", type="hidden", name="movie_id", value="heat-1995")
    back = "/movie?genre=Crime&max_minutes=180&like=alien-1979"
    assert outline.all("input", type="hidden", name="back", value=back)


def test_what_was_just_said_can_be_taken_back_and_rated() -> None:
    outline = Outline(PAGES["seen"])
    assert outline.all("form", action="/feedback/undo", method="post")
    assert outline.all("input", name="feedback_id", value="7")
    kinds = [button["value"] for button in outline.all("button", name="kind")]
    assert kinds[:3] == ["liked", "okay", "disliked"]


def test_nothing_can_be_said_while_saving_is_off() -> None:
    outline = Outline(PAGES["not saved"])
    verdicts = outline.all("button", name="kind")
    assert verdicts
    assert all("disabled" in button for button in verdicts)
    assert "Saving is off" in outline.text


def test_the_form_shows_the_wishes_and_hides_the_rest() -> None:
    outline = Outline(PAGES["film"])
    ticked = [box["value"] for box in outline.all("input", name="genre") if "checked" in box]
    assert ticked == ["Crime"]
    assert outline.all("input", name="max_minutes", value="180", type="number")
    assert outline.all("input", name="like", value="alien-1979", type="hidden")


def test_a_problem_offers_its_ways_out() -> None:
    outline = Outline(PAGES["nothing fits"])
    assert outline.all("a", href="/movie?max_minutes=81")
    assert "20 minutes more gives 4 films" in outline.text
    assert outline.all("form", method="get")
    assert not Outline(PAGES["problem"]).all("form")


def test_markup_in_data_stays_text() -> None:
    evil = '"><script>alert(1)</script>'
    page = MoviePage(
        replace(HEAT, title=evil, directors=(evil,), cast=(evil,)),
        Reason(evil, (Share(evil, 0.5, "liked"), Share(evil, 0.5, "base"))),
        query=(("genre", evil), ("like", evil)),
        alternatives=(Alternative(replace(HEAT, title=evil), evil),),
        notice=Notice(evil, evil, evil),
    )
    problem = ProblemPage(400, evil, evil, "nothing-fits", query=(("until", evil),))
    for html in (render_movie_page(page), render_problem_page(problem)):
        assert "<script>alert" not in html
        assert len(Outline(html).all("script")) == 1


def test_a_static_address_changes_with_the_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tonight.web.pages.static_files.STATIC_DIR", tmp_path)
    static_url.cache_clear()
    try:
        (tmp_path / "a.css").write_text("a{}")
        before = static_url("a.css")
        (tmp_path / "a.css").write_text("b{}")
        static_url.cache_clear()
        after = static_url("a.css")
    finally:
        static_url.cache_clear()
    assert before.startswith("/static/a.css?v=")
    assert before != after


def test_an_address_of_no_file_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        static_url("nothing.css")


def test_the_manifest_names_icons_that_are_there() -> None:
    manifest = json.loads((STATIC_DIR / "tonight.webmanifest").read_text())
    assert manifest["start_url"] == "/movie"
    assert manifest["icons"]
    for icon in manifest["icons"]:
        assert (STATIC_DIR / icon["src"]).is_file()


def test_the_style_sheet_has_every_tone_and_class_that_the_pages_use() -> None:
    css = (STATIC_DIR / "tonight.css").read_text()
    used = set()
    for html in PAGES.values():
        for _, attributes in Outline(html).elements:
            used.update(attributes.get("class", "").split())
    unstyled = {name for name in used if f".{name}" not in css}
    assert unstyled == set()
