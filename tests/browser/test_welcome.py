"""The newcomer's page in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage

BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
OVER = "Ask me 8 more"


def asked(page: Page) -> Locator:
    return page.locator("h1")


def pick(page: Page) -> Locator:
    return page.locator(".so-far-title")


def tap(page: Page, answer: str) -> None:
    film = asked(page).inner_text()
    page.locator(".answers").get_by_role("button", name=answer).click()
    expect(asked(page)).not_to_have_text(film)


@BOTH
def test_a_newcomer_has_a_film_of_his_own_after_eight_taps(
    new_page: NewPage, *, javascript: bool
) -> None:
    page = new_page(javascript=javascript)
    page.goto("/")
    page.get_by_role("link", name="Tell your taste in a minute").click()
    for number, answer in enumerate(["Liked it", "Haven’t seen it", "Not for me", "Liked it"] * 2):
        expect(page.locator(".eyebrow").first).to_have_text(f"Question {number + 1} of 8")
        tap(page, answer)
    expect(page.get_by_role("link", name=OVER)).to_be_visible()
    expect(page.locator(".legend li").first).to_be_visible()
    film = asked(page).inner_text()
    page.get_by_role("link", name="Take this one").click()
    expect(page.locator("main")).to_have_attribute("data-kind", "movie")
    expect(page.locator(".eyebrow")).to_have_text("Tonight’s film for you")
    expect(asked(page)).to_have_text(film)


@BOTH
def test_the_pick_changes_with_the_tap_and_can_be_taken_at_any(
    new_page: NewPage, *, javascript: bool
) -> None:
    page = new_page(javascript=javascript)
    page.goto("/welcome")
    for answer in ("Liked it", "Haven’t seen it"):
        film = pick(page).inner_text()
        tap(page, answer)
        expect(pick(page)).not_to_have_text(film)
    film = pick(page).inner_text()
    page.get_by_role("link", name="Enough: take this one").click()
    expect(asked(page)).to_have_text(film)


@BOTH
def test_one_back_is_the_question_before(new_page: NewPage, *, javascript: bool) -> None:
    page = new_page(javascript=javascript)
    page.goto("/welcome")
    film = asked(page).inner_text()
    tap(page, "Liked it")
    expect(page.locator(".liked")).to_contain_text(film)
    page.get_by_role("button", name="One back").click()
    expect(asked(page)).to_have_text(film)
    expect(page.locator(".liked")).to_have_count(0)


@BOTH
def test_a_favourite_is_found_in_spite_of_a_slip_and_taken_back(
    new_page: NewPage, *, javascript: bool
) -> None:
    page = new_page(javascript=javascript)
    page.goto("/welcome")
    page.get_by_label("A film that you love").fill("metroplis")
    page.get_by_role("button", name="Find", exact=True).click()
    page.locator(".found").get_by_role("button", name="Metropolis").first.click()
    expect(page.locator("#notice")).to_contain_text("you like Metropolis")
    expect(page.locator(".so-far")).to_contain_text("Metropolis (1927)")
    page.locator(".liked").get_by_role("button", name="Metropolis").click()
    expect(page.locator(".liked")).to_have_count(0)


def test_films_appear_while_a_favourite_is_typed(page: Page) -> None:
    page.goto("/welcome")
    field = page.get_by_label("A film that you love")
    field.press_sequentially("spirited aw")
    expect(page.locator(".found li").first).to_contain_text("Spirited Away")
    expect(field).to_be_focused()
    field.fill("")
    expect(page.locator(".found li")).to_have_count(0)
    expect(page).to_have_url(re.compile("/welcome$"))


@pytest.mark.parametrize(("key", "step"), [("l", "liked"), ("d", "disliked"), ("h", "unseen")])
def test_a_key_answers(page: Page, key: str, step: str) -> None:
    page.goto("/welcome")
    film = asked(page).inner_text()
    page.keyboard.press(key)
    expect(asked(page)).not_to_have_text(film)
    expect(page.locator(".step").first).to_have_class(re.compile(f"step-{step}"))
    expect(asked(page)).to_be_focused()
    expect(page.locator("#live")).to_contain_text(f"Question 2 of 8: {asked(page).inner_text()}")
    expect(page.locator("#live")).to_contain_text(pick(page).inner_text())
    page.keyboard.press("b")
    expect(asked(page)).to_have_text(film)


def test_the_whole_way_by_tab_and_enter(page: Page) -> None:
    page.goto("/welcome")
    for _ in range(2):
        film = asked(page).inner_text()
        page.locator("h1").focus()
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Liked it")).to_be_focused()
        page.keyboard.press("Enter")
        expect(asked(page)).not_to_have_text(film)


def test_two_quick_taps_are_one_answer(page: Page) -> None:
    page.goto("/welcome")
    film = asked(page).inner_text()
    button = page.get_by_role("button", name="Haven’t seen it")
    button.evaluate("button => { button.click(); button.click(); }")
    expect(asked(page)).not_to_have_text(film)
    expect(page.locator(".eyebrow").first).to_have_text("Question 2 of 8")


def test_on_a_phone_the_answers_are_on_the_first_screen_and_the_pick_begins_there(
    new_page: NewPage,
) -> None:
    page = new_page(width=390)
    page.goto("/welcome")
    for element in page.locator(".answers .button").all():
        box = element.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 844
        assert box["height"] >= 44
    box = page.locator(".so-far").bounding_box()
    assert box is not None
    assert box["y"] < 800
