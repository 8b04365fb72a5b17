from __future__ import annotations

from datetime import UTC, datetime, time
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.services.small_catalogue import small_catalogue
from tonight.domain.errors import InvalidRequestError
from tonight.domain.movie import Certificate
from tonight.domain.wishes import Wishes
from tonight.services.movie_query import MovieQuery, read_movie_query
from tonight.services.query_parameters import MAX_IDS, PARAMETERS
from tonight.web.api.movie_parameters import openapi_parameters, read_query_string

NOW = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
CATALOGUE = small_catalogue()


def read(query: str | bytes) -> MovieQuery:
    raw = query if isinstance(query, bytes) else query.encode()
    texts = read_query_string(raw)
    return read_movie_query(texts, CATALOGUE).at(lambda: NOW, ZoneInfo("Europe/Berlin"))


def errors(query: str | bytes) -> dict[str, str]:
    with pytest.raises(InvalidRequestError) as caught:
        read(query)
    return {error.name: error.message for error in caught.value.errors}


def assert_understood_or_explained(query: str | bytes) -> None:
    reasons = None
    try:
        read(query)
    except InvalidRequestError as error:
        reasons = error.errors
    assert reasons is None or len(reasons) > 0


def test_a_request_without_parameters_has_no_wishes_and_the_operators_time() -> None:
    query = read("")
    assert query.wishes == Wishes()
    assert query.now.isoformat() == "2026-11-23T20:00:00+01:00"
    assert (query.now_given, query.format) == (False, None)


@pytest.mark.parametrize(
    ("query", "wishes"),
    [
        ("like=short-1990&like=tt0000001&like=long-2000", Wishes(like=("short-1990", "long-2000"))),
        ("dislike=short-1990", Wishes(dislike=("short-1990",))),
        ("exclude=short-1990", Wishes(exclude=("short-1990",))),
        ("genre=comedy&genre=Sci-Fi", Wishes(genre=("Comedy", "Sci-Fi"))),
        ("without_genre=HORROR", Wishes(without_genre=("Horror",))),
        ("max_minutes=120", Wishes(max_minutes=120)),
        ("until=22:30", Wishes(until=time(22, 30), minutes_left=150)),
        ("until=0:15", Wishes(until=time(0, 15), minutes_left=255)),
        ("min_year=1990&max_year=1990", Wishes(min_year=1990, max_year=1990)),
        ("language=french", Wishes(language=("French",))),
        ("country=United+States", Wishes(country=("United States",))),
        ("max_certificate=pg-13", Wishes(max_certificate=Certificate.PG_13)),
        ("max_certificate=M/PG", Wishes(max_certificate=Certificate.PG)),
        ("max_certificate=X", Wishes(max_certificate=Certificate.NC_17)),
        ("novelty=0.5", Wishes(novelty=0.5)),
        ("seed=7", Wishes(seed=7)),
        ("max_minutes=&genre=&like=&seed=", Wishes()),
        ("max_minutes=%20120%20", Wishes(max_minutes=120)),
    ],
)
def test_each_parameter_is_understood(query: str, wishes: Wishes) -> None:
    assert read(query).wishes == wishes


@pytest.mark.parametrize(
    "moment",
    ["2026-11-23T22:00:00-05:00", "2026-11-23T22:00:00 05:00", "2026-11-24T03:00:00Z"],
)
def test_the_viewers_own_time_decides_what_until_means(moment: str) -> None:
    query = read(urlencode({"now": moment, "until": "23:30"}))
    assert query.now_given
    assert query.wishes.until == time(23, 30)


@pytest.mark.parametrize(
    ("query", "name", "message"),
    [
        ("like=nowhere-1900", "like", "there is no film 'nowhere-1900'"),
        ("like=../../etc/passwd", "like", "must be a film's id"),
        ("like=%00", "like", "must be a film's id"),
        ("genre=Comdy", "genre", "did you mean Comedy?"),
        ("genre=zzzz", "genre", "there are Action, Adventure"),
        ("language=Klingon", "language", "there are English, French"),
        ("country=Frnce", "country", "did you mean France?"),
        ("max_minutes=0", "max_minutes", "from 1 to 1440"),
        ("max_minutes=1441", "max_minutes", "from 1 to 1440"),
        ("max_minutes=ninety", "max_minutes", "whole number"),
        ("max_minutes=1e3", "max_minutes", "whole number"),
        ("max_minutes=9" + "9" * 5000, "max_minutes", "whole number"),
        ("max_minutes=%D9%A1%D9%A2", "max_minutes", "whole number"),
        ("max_minutes=90&max_minutes=90", "max_minutes", "only once"),
        ("until=25:00", "until", "HH:MM"),
        ("until=18:00", "until", "18:00 has passed: it is 20:00"),
        ("now=2026-11-23T20:00:00", "now", "with its offset"),
        ("now=yesterday", "now", "ISO 8601"),
        ("now=0001-01-01T00:00:00%2B14:00", "now", "ISO 8601"),
        ("min_year=1800", "min_year", "from 1870 to 2100"),
        ("min_year=2000&max_year=1999", "min_year", "must not be after max_year"),
        ("max_certificate=PG-12", "max_certificate", "must be one of G, PG"),
        ("novelty=2", "novelty", "from 0"),
        ("novelty=nan", "novelty", "from 0"),
        ("novelty=-0.1", "novelty", "from 0"),
        ("seed=-1", "seed", "whole number"),
        ("format=xml", "format", "must be json or html"),
        ("max_minute=90", "max_minute", "did you mean max_minutes?"),
        ("qwertz=1", "qwertz", "unknown parameter"),
        ("like=short-1990&dislike=tt0000001", "dislike", "liked and disliked"),
        ("genre=War&without_genre=war", "without_genre", "wanted and unwanted"),
        ("like=%ff%fe", "query", "percent-encoded UTF-8"),
        (b"like=\xff", "query", "percent-encoded UTF-8"),
    ],
)
def test_what_cannot_be_understood_is_said_with_what_is_allowed(
    query: str | bytes, name: str, message: str
) -> None:
    assert message in errors(query)[name]


def test_every_reason_is_given_at_once() -> None:
    assert set(errors("max_minutes=x&genre=y&seed=z")) == {"max_minutes", "genre", "seed"}


def test_a_repeatable_parameter_has_a_limit() -> None:
    assert f"at most {MAX_IDS}" in errors("&".join(["like=short-1990"] * (MAX_IDS + 1)))["like"]


@given(st.binary(max_size=300))
def test_no_query_string_leads_to_anything_but_a_query_or_its_errors(raw: bytes) -> None:
    assert_understood_or_explained(raw)


@given(
    st.lists(
        st.tuples(st.sampled_from([parameter.name for parameter in PARAMETERS]), st.text()),
        max_size=8,
    )
)
def test_no_value_leads_to_anything_but_a_query_or_its_errors(
    pairs: list[tuple[str, str]],
) -> None:
    query = urlencode(pairs, errors="surrogatepass")
    assert_understood_or_explained(query)


def test_the_example_of_every_documented_parameter_is_accepted() -> None:
    for documented in openapi_parameters():
        if documented["name"] in ("like", "dislike", "exclude", "country"):
            continue  # their examples are of the real catalogue
        example = documented["example"]
        value = example[0] if isinstance(example, list) else example
        read(urlencode({documented["name"]: value}))


def test_every_wish_but_the_time_left_has_a_parameter_of_its_name() -> None:
    wishes = {field for field in Wishes.__dataclass_fields__ if field != "minutes_left"}
    assert {parameter.name for parameter in PARAMETERS} == wishes | {"now", "format"}
