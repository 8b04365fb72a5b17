from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonight.web.pages.posters.lettering import (
    FACES,
    Box,
    FaceName,
    fit,
    number,
    printable,
    set_text,
    width,
)

GROTESQUE = FACES["grotesque"]


def test_width_is_the_sum_of_the_published_advances() -> None:
    assert width("Heat", GROTESQUE) == pytest.approx((722 + 556 + 556 + 333) / 1000)


def test_the_narrow_face_is_a_fifth_narrower() -> None:
    assert width("Heat", FACES["narrow"]) == pytest.approx(0.82 * width("Heat", GROTESQUE))


def test_an_accent_takes_no_room() -> None:
    assert width("Amélie", GROTESQUE) == pytest.approx(width("Amelie", GROTESQUE))
    assert width("Ame\u0301lie", GROTESQUE) == pytest.approx(width("Amelie", GROTESQUE))


def test_ideographs_are_square() -> None:
    assert width("千尋", GROTESQUE) == 2


def test_lines_are_balanced() -> None:
    box = Box(0, 0, 300, 300)
    setting = fit("The Good, the Bad and the Ugly", "grotesque", box, max_lines=2)
    assert setting.lines == ("The Good, the", "Bad and the Ugly")


def test_ideographs_break_anywhere_but_before_a_closing_mark() -> None:
    setting = fit("君の名は。", "grotesque", Box(0, 0, 100, 400))
    assert "".join(setting.lines) == "君の名は。"
    assert len(setting.lines) > 1
    assert not any(line.startswith("。") for line in setting.lines)


def test_a_short_title_is_set_no_larger_than_asked() -> None:
    assert fit("M", "serif", Box(0, 0, 400, 400), largest=90).size == 90


def test_a_title_beyond_all_measure_ends_in_an_ellipsis() -> None:
    setting = fit("word " * 100, "grotesque", Box(0, 0, 200, 100), smallest=30)
    assert setting.size >= 30
    assert setting.lines[-1].endswith("…")


def test_an_empty_title_still_leaves_a_mark() -> None:
    assert fit(" \n ", "grotesque", Box(0, 0, 200, 100)).lines == ("·",)


@given(
    st.text(max_size=400),
    st.sampled_from(get_args(FaceName)),
    st.floats(60, 400),
    st.floats(40, 400),
)
@settings(max_examples=150)
def test_text_never_leaves_its_box(
    text: str, face: FaceName, box_width: float, box_height: float
) -> None:
    box = Box(10, 20, box_width, box_height)
    setting = fit(text, face, box)
    assert max(setting.widths) <= box_width + 0.01
    assert setting.height <= box_height + 0.01
    for line, line_width in zip(setting.lines, setting.widths, strict=True):
        assert width(line, setting.face) * setting.size == pytest.approx(line_width)


def test_markup_in_a_title_stays_text() -> None:
    box = Box(0, 0, 300, 100)
    svg = set_text(fit("<b>&", "grotesque", box), box, "#000")
    assert "&lt;b&gt;&amp;" in svg


@given(st.text())
def test_printable_text_has_no_character_that_xml_forbids(text: str) -> None:
    assert all(c >= " " and not "\ud800" <= c <= "\udfff" for c in printable(text))


@pytest.mark.parametrize(
    ("value", "text"), [(3.0, "3"), (2.25, "2.2"), (-0.5, "-0.5"), (100, "100")]
)
def test_numbers_are_written_short(value: float, text: str) -> None:
    assert number(value) == text
