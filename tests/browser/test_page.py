from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage

BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
VERDICTS = ("More like this", "Seen it", "Not tonight", "Never")


def title(page: Page) -> Locator:
    return page.locator("h1")


def verdict(page: Page, name: str) -> Locator:
    return page.locator(".film").get_by_role("button", name=name)


@BOTH
def test_a_stranger_gets_one_explained_film(new_page: NewPage, javascript: bool) -> None:
    page = new_page(javascript=javascript)
    response = page.goto("/")
    assert response is not None
    assert response.status == 200
    expect(title(page)).not_to_be_empty()
    expect(page.locator(".reason-text")).not_to_be_empty()
    expect(page.locator(".invitation")).to_contain_text("We don’t know you yet")
    expect(page.locator(".card")).to_have_count(3)


def test_every_poster_is_drawn(page: Page) -> None:
    page.goto("/")
    posters = page.locator("img.poster")
    expect(posters).to_have_count(4)
    for index in range(4):
        poster = posters.nth(index)
        poster.scroll_into_view_if_needed()
        expect(poster).to_have_js_property("complete", True)
        assert poster.evaluate("image => image.naturalWidth") == 400


@BOTH
def test_another_one_is_another_one(new_page: NewPage, javascript: bool) -> None:
    page = new_page(javascript=javascript)
    page.goto("/")
    seen = set()
    for _ in range(4):
        name = title(page).inner_text()
        seen.add(name)
        page.get_by_role("link", name="Another one").click()
        expect(title(page)).not_to_have_text(name)
    assert len(seen) == 4


@BOTH
@pytest.mark.parametrize("name", VERDICTS)
def test_a_verdict_is_noted_and_taken_back(new_page: NewPage, javascript: bool, name: str) -> None:
    page = new_page(javascript=javascript)
    page.goto("/")
    film = title(page).inner_text()
    verdict(page, name).click()
    notice = page.locator("#notice")
    expect(notice).to_contain_text(film)
    expect(title(page)).not_to_have_text(film)
    notice.get_by_role("button", name="Undo").click()
    expect(notice).to_contain_text("Taken back")


def test_two_quick_clicks_say_it_once(page: Page) -> None:
    page.goto("/")
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.url) if request.method == "POST" else None
    )
    verdict(page, "Never").evaluate("button => { button.click(); button.click(); }")
    expect(page.locator("#notice")).to_contain_text("never")
    assert len(sent) == 1


@BOTH
def test_a_seen_film_can_be_rated_at_once(new_page: NewPage, javascript: bool) -> None:
    page = new_page(javascript=javascript)
    page.goto("/")
    film = title(page).inner_text()
    verdict(page, "Seen it").click()
    page.locator("#notice").get_by_role("button", name="Liked it").click()
    expect(page.locator("#notice")).to_contain_text(f"you like {film}")
    expect(page.locator(".eyebrow")).to_have_text("Tonight’s film for you")


def test_a_liked_film_shows_in_the_reason_and_its_picture(page: Page) -> None:
    page.goto("/movie?like=alien-1979&like=blade-runner-1982&seed=1")
    expect(page.locator(".reason-text")).to_contain_text(re.compile("Alien|Blade Runner"))
    parts = page.locator(".shares rect")
    assert parts.count() >= 2
    widths = [float(parts.nth(i).get_attribute("width") or 0) for i in range(parts.count())]
    assert sum(widths) == pytest.approx(100, abs=0.5)


@BOTH
def test_a_wish_is_made_in_the_form_and_removed_by_its_chip(
    new_page: NewPage, javascript: bool
) -> None:
    page = new_page(javascript=javascript)
    page.goto("/")
    page.get_by_text("Any wishes for this evening?").click()
    page.get_by_role("group", name="Any of these genres").get_by_label("Western").check()
    page.get_by_label("Minutes at most").fill("120")
    page.get_by_role("button", name="Find a film").click()
    chips = page.locator(".chips li")
    expect(chips).to_have_text([re.compile("Western"), re.compile("At most 2 h"), "Clear all"])
    expect(page.locator(".facts")).to_contain_text("Western")
    page.get_by_role("link", name="Remove the wish: Western").click()
    expect(chips).to_have_count(1)
    expect(chips).to_contain_text("At most 2 h")


@BOTH
def test_a_wish_too_many_shows_a_way_out_that_works(new_page: NewPage, javascript: bool) -> None:
    page = new_page(javascript=javascript)
    response = page.goto("/movie?language=Persian&genre=War&max_minutes=61")
    assert response is not None
    assert response.status == 404
    way = page.locator(".way").first
    expect(way).to_contain_text(re.compile(r"gives \d+ film"))
    way.click()
    expect(page.locator("main")).to_have_attribute("data-kind", "movie")
    expect(title(page)).not_to_be_empty()


@BOTH
def test_wishes_that_contradict_each_other_are_mended_where_they_were_made(
    new_page: NewPage, javascript: bool
) -> None:
    page = new_page(javascript=javascript)
    page.goto("/")
    page.get_by_text("Any wishes for this evening?").click()
    page.get_by_label("From the year").fill("2000")
    page.get_by_label("To the year").fill("1990")
    page.get_by_role("button", name="Find a film").click()
    expect(page.locator(".detail")).to_have_text("“From the year”: must not be after “To the year”")
    page.get_by_text("Change the wishes").click()
    expect(page.get_by_label("From the year")).to_have_value("2000")
    page.get_by_label("To the year").fill("2010")
    page.get_by_role("button", name="Find a film").click()
    expect(page.locator("main")).to_have_attribute("data-kind", "movie")


def test_a_wrong_address_is_a_page_with_a_way_on(page: Page) -> None:
    response = page.goto("/nowhere")
    assert response is not None
    assert response.status == 404
    page.get_by_role("link", name="A film without any wishes").click()
    expect(page.locator("main")).to_have_attribute("data-kind", "movie")


def test_without_javascript_the_end_is_told_in_the_time_of_the_house(new_page: NewPage) -> None:
    page = new_page(javascript=False)
    page.goto("/")
    expect(page.locator(".ends-at time")).to_have_text(re.compile(r"^\d\d:\d\d$"))


def test_with_javascript_the_end_is_told_in_the_time_of_the_device(new_page: NewPage) -> None:
    zone = "Asia/Kathmandu"
    page = new_page(zone=zone)
    page.goto("/")
    minutes = int(page.locator("[data-runtime]").get_attribute("data-runtime") or 0)
    told = page.locator(".ends-at time").inner_text()
    ends = datetime.now(ZoneInfo(zone)) + timedelta(minutes=minutes)
    near = {f"{ends + timedelta(minutes=shift):%H:%M}" for shift in (-1, 0, 1)}
    assert told in near


def test_a_wish_about_time_sends_the_time_and_keeps_it_out_of_the_address(page: Page) -> None:
    page.goto("/")
    page.get_by_text("Any wishes for this evening?").click()
    page.get_by_label("Over by").fill("23:59")
    with page.expect_request(re.compile("until=23%3A59.*now=")) as sent:
        page.get_by_role("button", name="Find a film").click()
    assert re.search(r"now=\d{4}-\d\d-\d\dT", sent.value.url)
    expect(page).to_have_url(re.compile(r"/movie\?until=23%3A59$"))


def test_javascript_swaps_the_film_without_loading_the_page_anew(page: Page) -> None:
    page.goto("/")
    page.evaluate("window.still = 'here'")
    first = title(page).inner_text()
    page.get_by_role("link", name="Another one").click()
    expect(title(page)).not_to_have_text(first)
    assert page.evaluate("window.still") == "here"
    expect(page.locator("#live")).to_contain_text(f"Tonight’s film: {title(page).inner_text()}")
    expect(title(page)).to_be_focused()


def test_the_back_button_goes_back_over_swaps(page: Page) -> None:
    page.goto("/movie")
    page.goto("/movie?genre=Western")
    page.get_by_role("link", name="Remove the wish: Western").click()
    expect(page).to_have_url(re.compile("/movie$"))
    page.go_back()
    expect(page).to_have_url(re.compile("genre=Western"))
    expect(page.locator(".chips")).to_contain_text("Western")


@pytest.mark.parametrize(
    ("key", "noted"), [("m", "you like"), ("s", "have seen"), ("t", "not tonight"), ("x", "never")]
)
def test_a_key_does_what_its_button_does(page: Page, key: str, noted: str) -> None:
    page.goto("/")
    page.keyboard.press(key)
    expect(page.locator("#notice")).to_contain_text(noted)
    page.keyboard.press("u")
    expect(page.locator("#notice")).to_contain_text("Taken back")


def test_keys_are_listed_and_can_be_switched_off(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("?")
    off = page.get_by_label("Shortcuts are on")
    expect(off).to_be_visible()
    off.uncheck()
    page.reload()
    film = title(page).inner_text()
    page.keyboard.press("n")
    page.wait_for_timeout(300)
    expect(title(page)).to_have_text(film)


def test_keys_stay_letters_while_typing(page: Page) -> None:
    page.goto("/")
    film = title(page).inner_text()
    page.keyboard.press("w")
    page.get_by_label("Minutes at most").focus()
    page.keyboard.press("n")
    page.wait_for_timeout(300)
    expect(title(page)).to_have_text(film)


def test_the_whole_page_can_be_walked_with_the_tab_key(page: Page) -> None:
    page.goto("/movie?genre=Drama")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')")
        reached.append(name)
        if name.startswith("doi.org"):
            break
    order = ["Tonight", "Drama", "Change the wishes", "Another one", *VERDICTS, "Keyboard"]
    places = [next(i for i, name in enumerate(reached) if wanted in name) for wanted in order]
    assert places == sorted(places)


def test_what_has_the_focus_is_seen_to_have_it(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"


def test_a_title_from_right_to_left_is_set_from_right_to_left(page: Page) -> None:
    page.goto("/")
    direction = title(page).evaluate(
        "heading => { heading.textContent = 'جدایی نادر'; return heading.matches(':dir(rtl)'); }"
    )
    assert direction is True


def test_motion_is_for_those_who_like_it(page: Page) -> None:
    page.goto("/")
    assert page.locator(".film-poster .poster").evaluate(
        "i => getComputedStyle(i).animationName"
    ) == ("none")
    page.emulate_media(reduced_motion="no-preference")
    assert page.locator(".film-poster .poster").evaluate(
        "i => getComputedStyle(i).animationName"
    ) == ("rise")


def test_the_film_changes_with_motion_too(page: Page) -> None:
    page.emulate_media(reduced_motion="no-preference")
    page.goto("/")
    film = title(page).inner_text()
    page.get_by_role("link", name="Another one").click()
    expect(title(page)).not_to_have_text(film)
    expect(title(page)).to_be_focused()


def test_a_lost_connection_does_not_lose_the_page(page: Page) -> None:
    page.goto("/")
    page.route(
        "**/movie*",
        lambda route: (
            route.abort() if route.request.resource_type == "fetch" else route.continue_()
        ),
    )
    film = title(page).inner_text()
    page.get_by_role("link", name="Another one").click()
    # The fetch fails, and the browser goes there by itself.
    expect(title(page)).not_to_have_text(film)
