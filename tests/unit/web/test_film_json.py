from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tonight.domain.feedback import Taste
from tonight.domain.wishes import Wishes
from tonight.services.answers import suggestion_body
from tonight.services.suggest_movie import Library, suggest_movie
from tonight.web.api.film_json import FilmsAsJson

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
LIKED = ("amelie-2001", "alien-1979", "spirited-away-2001", "fargo-1996")


@pytest.mark.parametrize(
    ("wishes", "taste"),
    [
        (Wishes(seed=3), Taste()),
        (Wishes(seed=3), Taste(liked=LIKED, excluded=frozenset(LIKED))),
        (Wishes(genre=("Comedy",), language=("French",), min_year=1990, novelty=0.7), Taste()),
        (Wishes(like=LIKED, dislike=("heat-1995",), max_minutes=120, seed=0), Taste()),
    ],
)
def test_an_answer_put_together_is_the_answer(
    library: Library, wishes: Wishes, taste: Taste
) -> None:
    films = FilmsAsJson()
    for _ in range(2):
        suggestion = suggest_movie(library, wishes, taste, (), NOW)
        expected = json.loads(json.dumps(suggestion_body(suggestion, NOW)))
        assert json.loads(films.encoded(suggestion, NOW)) == expected
