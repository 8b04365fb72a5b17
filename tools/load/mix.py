"""What viewers ask for in an evening, and how often."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.bench.connection import encode
from tools.bench.service import LIKED

_NAME: Final = ("Tonight-Client", "load-test")
_PROGRAM: Final = (("Accept", "application/json"), _NAME)
_BROWSER: Final = (("Accept", "text/html"), _NAME)

WISHES: Final = (
    *("max_minutes=120", "max_minutes=95&genre=Comedy", "genre=Drama&min_year=1990"),
    *("language=French", "min_year=1970&max_year=1989", "novelty=0.7", "genre=Thriller"),
)
SEARCHES: Final = ("matrix", "jurassic p", "hitchcok", "amelie", "tarantino", "casablnca 1942")

Cookies = dict[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request.

    Attributes:
        name: What the report calls it.
        share: How many of a hundred requests are of it.
        encode: Its bytes, for a viewer who is known by his cookies, and a number that varies it.
    """

    name: str
    share: int
    encode: Callable[[Cookies, int], bytes]


def _statement(_: Cookies, n: int) -> bytes:
    # By a newcomer: the viewers' histories stay as long as they are, and so the figures the same.
    kind = ("liked", "okay", "disliked", "seen", "not_tonight")[n % 5]
    body = json.dumps({"movie_id": LIKED[n % len(LIKED)], "kind": kind}).encode()
    return encode("/api/v1/feedback", method="POST", body=body, headers=_PROGRAM)


#: An evening: a page, a few more suggestions, the posters beside them, a word about two films.
MIX: Final = (
    Kind(
        "a film for a viewer with 20 likes",
        40,
        lambda cookies, n: encode(
            f"/movie?{WISHES[n % len(WISHES)]}", cookies=cookies, headers=_PROGRAM
        ),
    ),
    Kind(
        "a film for a stranger",
        15,
        lambda _, n: encode(f"/movie?{WISHES[n % len(WISHES)]}", headers=_PROGRAM),
    ),
    Kind("the page", 10, lambda cookies, _: encode("/", cookies=cookies, headers=_BROWSER)),
    Kind(
        "a poster",
        15,
        lambda _, n: encode(f"/posters/{LIKED[n % len(LIKED)]}.svg", headers=_BROWSER),
    ),
    Kind(
        "a search",
        10,
        lambda _, n: encode(
            f"/api/v1/search?q={SEARCHES[n % len(SEARCHES)].replace(' ', '+')}", headers=_PROGRAM
        ),
    ),
    Kind("a statement saved", 10, _statement),
)


def draw(
    n: int, viewers: Sequence[Cookies], rng: np.random.Generator
) -> tuple[list[bytes], NDArray[np.int64]]:
    """Requests of viewers who do not know of each other, and the index of each one's kind."""
    shares = np.array([kind.share for kind in MIX], dtype=float)
    kinds = rng.choice(len(MIX), size=n, p=shares / shares.sum())
    who = rng.integers(len(viewers), size=n)
    requests = [
        MIX[kind].encode(viewers[viewer], number)
        for number, (kind, viewer) in enumerate(zip(kinds, who, strict=True))
    ]
    return requests, kinds
