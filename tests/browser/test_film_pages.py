"""The page of a film and the page of one's own films, in a real browser."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage

BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])

LIKED = ("alien-1979", "heat-1995", "casablanca-1942", "toy-story-1995")


def say(page: Page, kind: str, *movie_ids: str) -> None:
    for movie_id in movie_ids:
        answer = page.request.post("/api/v1/feedback", data={"movie_id": movie_id, "kind": kind})
        assert answer.status == 201


def row(page: Page, movie_id: str) -> Locator:
    return page.locator(f"#film-{movie_id}")


@BOTH
def test_a_verdict_on_a_film_is_pressed_and_taken_back_by_pressing_again(
    new_page: NewPage, *, javascript: bool
) -> None:
    page = new_page(javascript=javascript)
    page.goto("/movies/heat-1995")
    liked = page.get_by_role("button", name="Liked it")
    expect(liked).to_have_attribute("aria-pressed", "false")
    liked.click()
    expect(liked).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".eyebrow")).to_contain_text("You liked it")
    expect(page).to_have_url(re.compile("/movies/heat-1995$"))
    liked.click()
    expect(liked).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#notice")).to_contain_text("Taken back")


def test_tonights_alternatives_lead_to_their_pages_and_on_to_similar_films(page: Page) -> None:
    page.goto("/movie?like=alien-1979&seed=3")
    card = page.locator(".card h3 a").first
    name = card.inner_text()
    card.click()
    expect(page.locator("h1")).to_have_text(name)
    page.locator(".wall a").first.click()
    expect(page.locator("h1")).not_to_have_text(name)


def test_a_film_explains_itself_by_links_to_what_was_judged(page: Page) -> None:
    say(page, "liked", *LIKED)
    page.goto("/movies/aliens-1986")
    expect(page.locator(".reason-text")).to_contain_text("which you liked")
    page.locator(".sides a", has_text="Alien (1979)").click()
    expect(page.locator("h1")).to_have_text("Alien")


def test_the_metadata_is_read_as_data_and_breaks_no_policy(page: Page) -> None:
    page.goto("/movies/amelie-2001")
    text = page.locator('script[type="application/ld+json"]').inner_text()
    assert json.loads(text)["name"] == "Amélie"


@BOTH
def test_a_verdict_in_the_list_is_changed_and_taken_back(
    new_page: NewPage, *, javascript: bool
) -> None:
    page = new_page(javascript=javascript)
    say(page, "seen", *LIKED)
    page.goto("/my-films?sort=title")
    heat = row(page, "heat-1995")
    heat.get_by_text("Change").click()
    heat.get_by_role("button", name="Liked it").click()
    expect(heat.locator(".verdict")).to_have_text("Liked")
    expect(page.locator("#notice")).to_contain_text("you like Heat")
    expect(page).to_have_url(
        re.compile(r"/my-films\?sort=title" + ("$" if javascript else "#film-heat-1995$"))
    )
    heat.get_by_text("Change").click()
    expect(heat.locator(".mine-earlier")).to_contain_text("Before: Seen on")
    heat.get_by_role("button", name="Take back “Liked”").click()
    expect(heat.locator(".verdict")).to_have_text("Seen")


def test_what_was_changed_stays_where_it_was_and_keeps_the_focus(page: Page) -> None:
    say(page, "seen", *LIKED)
    page.goto("/my-films")
    heat = row(page, "heat-1995")
    heat.scroll_into_view_if_needed()
    heat.get_by_text("Change").click()
    before = heat.bounding_box()
    heat.get_by_role("button", name="It was okay").click()
    expect(heat.locator(".verdict")).to_have_text("Okay")
    expect(heat.locator("summary")).to_be_focused()
    after = heat.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == pytest.approx(before["y"], abs=2)
    expect(page.locator("#live")).to_contain_text("Heat was okay")


def test_what_leaves_the_list_hands_the_focus_to_its_heading(page: Page) -> None:
    say(page, "seen", *LIKED)
    page.goto("/my-films?verdict=seen")
    heat = row(page, "heat-1995")
    heat.get_by_text("Change").click()
    heat.get_by_role("button", name="Never").click()
    expect(heat.locator(".verdict")).to_have_count(2)
    heat.get_by_text("Change").click()
    heat.get_by_role("button", name="Take back “Seen”").click()
    expect(heat).to_have_count(0)
    expect(page.locator("#list-heading")).to_be_focused()


def test_the_choices_close_with_escape_and_by_a_click_elsewhere(page: Page) -> None:
    say(page, "seen", *LIKED)
    page.goto("/my-films")
    choices = row(page, "heat-1995").locator(".mine-choices")
    summary = row(page, "heat-1995").get_by_text("Change")
    summary.click()
    expect(choices).to_be_visible()
    page.keyboard.press("Escape")
    expect(choices).to_be_hidden()
    summary.click()
    page.locator("h1").click()
    expect(choices).to_be_hidden()


@BOTH
def test_films_are_chosen_by_text_and_verdict(new_page: NewPage, *, javascript: bool) -> None:
    page = new_page(javascript=javascript)
    say(page, "liked", *LIKED)
    say(page, "disliked", "titanic-1997")
    page.goto("/my-films")
    page.get_by_label("Title, director or actor").fill("ridley")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#list-heading")).to_have_text("One film found")
    expect(page.locator(".mine-row")).to_have_count(1)
    page.get_by_label("Title, director or actor").fill("zzzz")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#list-heading")).to_have_text("No film found")
    page.get_by_role("link", name="Show all").click()
    expect(page.locator(".mine-row")).to_have_count(len(LIKED) + 1)
    page.get_by_label("What you said").select_option("Not for me")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".mine-row h3")).to_have_text(["Titanic"])


def test_the_map_shows_liked_films_with_their_posters_and_can_be_read(page: Page) -> None:
    say(page, "liked", *LIKED)
    page.goto("/my-films")
    picture = page.get_by_role("img", name=re.compile("Films that you like"))
    expect(picture).to_have_count(1)  # the other one is for narrow screens
    expect(picture.locator("image")).to_have_count(len(LIKED))
    page.get_by_text("The map in words").click()
    expect(page.locator(".in-words dt")).to_have_count(len(LIKED))


def test_exports_are_downloads(page: Page) -> None:
    say(page, "liked", *LIKED)
    page.goto("/my-films")
    for name, file in (
        ("Take it along (JSON)", "tonight.json"),
        ("For Letterboxd (CSV)", "tonight-letterboxd.csv"),
    ):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename == file
        assert "tt0078748" in download.value.path().read_text("utf-8")


@BOTH
def test_everything_is_deleted_after_a_question(new_page: NewPage, *, javascript: bool) -> None:
    page = new_page(javascript=javascript)
    say(page, "liked", *LIKED)
    page.goto("/my-films")
    page.get_by_role("link", name="Delete everything …").click()
    page.get_by_role("link", name="Keep it").click()
    expect(page.locator(".mine-row")).to_have_count(len(LIKED))
    page.get_by_role("link", name="Delete everything …").click()
    page.get_by_role("button", name="Delete everything for good").click()
    expect(page.locator("#notice")).to_contain_text("Everything is deleted")
    expect(page.locator(".eyebrow")).to_have_text("Nothing yet")
    assert [cookie["name"] for cookie in page.context.cookies()] == []


def test_days_are_told_as_they_are_read(page: Page) -> None:
    say(page, "liked", *LIKED)
    page.goto("/my-films")
    text = row(page, "heat-1995").locator("time").inner_text()
    assert re.fullmatch(rf"\d{{1,2}} [A-Z][a-z]+ {date.today().year}", text)  # noqa: DTZ011


def test_a_right_to_left_title_is_set_so_in_the_list_and_on_the_page(page: Page) -> None:
    say(page, "liked", "heat-1995")
    page.goto("/my-films")
    for path, selector in (("/my-films", ".mine-film h3"), ("/movies/heat-1995", ".wall-title")):
        page.goto(path)
        is_rtl = page.locator(selector).first.evaluate(
            "e => { e.textContent = 'جدایی نادر'; return e.matches(':dir(rtl)'); }"
        )
        assert is_rtl is True
