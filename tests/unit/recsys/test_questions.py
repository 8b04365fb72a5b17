from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from tests.unit.recsys.datasets import THIRTEEN
from tonight.recsys.interactions import Interactions
from tonight.recsys.metrics import ndcg_at_k
from tonight.recsys.questions import (
    Panel,
    QuestionParameters,
    agreement,
    make_panel,
    next_popular_and_diverse,
    next_question,
)
from tonight.recsys.recommender import (
    NOTHING_KNOWN,
    BoolArray,
    Contributions,
    FloatArray,
    History,
    IndexArray,
    UnknownItemError,
    unseen,
)
from tonight.recsys.top_k import top_k

NONE = np.array([], dtype=np.intp)


@dataclass(frozen=True, slots=True)
class CoLikes:
    """Scores an item by how often it is liked together with the liked ones."""

    likes: FloatArray

    @property
    def n_items(self) -> int:
        return int(self.likes.shape[1])

    def score(self, history: History) -> FloatArray:
        together = self.likes.T @ self.likes
        score = 0.01 * self.likes.sum(axis=0) + together[history.likes].sum(axis=0)
        return np.asarray(score - together[history.dislikes].sum(axis=0), dtype=np.float32)

    def contributions(self, history: History, item_index: int) -> Contributions:
        raise NotImplementedError

    def similarity(self, items_a: IndexArray, items_b: IndexArray) -> FloatArray:
        """Two items are alike when they are neighbours: 0 and 1, 2 and 3..."""
        same = items_a[:, np.newaxis] // 2 == items_b // 2
        return np.where(same, 0.9, 0.1).astype(np.float32)


def people(likes: FloatArray, dislikes: FloatArray | None = None) -> Interactions:
    dislikes = np.zeros_like(likes) if dislikes is None else dislikes
    return Interactions(sparse.csr_array(likes), sparse.csr_array(dislikes))


def two_camps(n_each: int = 10, n_items: int = 12) -> FloatArray:
    """Half of the people like the first half of the items, the others the rest; some noise."""
    likes = np.zeros((2 * n_each, n_items), dtype=np.float32)
    likes[:n_each, : n_items // 2] = 1
    likes[n_each:, n_items // 2 :] = 1
    holes = np.random.default_rng(3).random(likes.shape) < 0.3
    likes[holes] = 0
    # The most liked of all says nothing about the camp.
    likes[:, 0] = 1
    return likes


def nothing_barred(n_items: int = 12) -> BoolArray:
    return np.zeros(n_items, dtype=np.bool_)


def ask(
    panel: Panel,
    likes: FloatArray,
    history: History = NOTHING_KNOWN,
    unknown: object = (),
    barred: BoolArray | None = None,
) -> int | None:
    return next_question(
        CoLikes(likes),
        panel,
        history,
        np.array(unknown, dtype=np.intp),
        nothing_barred(likes.shape[1]) if barred is None else barred,
    )


def test_what_everybody_likes_is_not_worth_a_question() -> None:
    likes = two_camps()
    panel = make_panel(people(likes), QuestionParameters(answer_value=0.0))
    assert panel.pool[0] == 0
    assert ask(panel, likes) != 0


@pytest.mark.parametrize(("liked", "camp"), [(2, range(6)), (8, range(6, 12))])
def test_when_any_answer_is_worth_the_most_the_viewers_own_camp_is_asked_about(
    liked: int, camp: range
) -> None:
    likes = two_camps()
    panel = make_panel(people(likes), QuestionParameters(answer_value=10.0))
    known_to_all = nothing_barred()
    known_to_all[0] = True
    assert ask(panel, likes, History.of([liked]), barred=known_to_all) in camp


def test_what_is_not_known_leads_to_the_other_camp() -> None:
    likes = two_camps()
    panel = make_panel(people(likes))
    assert ask(panel, likes, unknown=[1, 2, 3]) in range(6, 12)


@given(
    st.sets(st.integers(0, 11), max_size=5),
    st.sets(st.integers(0, 11), max_size=5),
    st.sets(st.integers(0, 11), max_size=11),
)
def test_nothing_is_asked_twice(liked: set[int], unknown: set[int], barred: set[int]) -> None:
    likes = two_camps()
    panel = make_panel(people(likes))
    unknown -= liked
    mask = nothing_barred()
    mask[list(barred)] = True
    question = ask(panel, likes, History.of(sorted(liked)), sorted(unknown), mask)
    settled = liked | unknown | barred
    assert question not in settled
    assert (question is None) == (len(settled) == 12)
    assert set(np.flatnonzero(mask).tolist()) == barred


@pytest.mark.parametrize("first", range(12))
def test_the_second_part_of_what_was_spoken_of_waits_until_nothing_else_is_left(
    first: int,
) -> None:
    likes = two_camps()
    panel = make_panel(people(likes))
    second = first + 1 if first % 2 == 0 else first - 1
    for history, unknown in ((History.of([first]), []), (NOTHING_KNOWN, [first])):
        assert ask(panel, likes, history, unknown) not in (first, second)
        others = nothing_barred()
        others[[item for item in range(12) if item not in (first, second)]] = True
        assert ask(panel, likes, history, unknown, others) == second


def test_only_what_many_know_is_asked_about() -> None:
    likes = two_camps()
    panel = make_panel(people(likes), QuestionParameters(pool=3))
    most_rated = np.argsort(-likes.sum(axis=0), kind="stable")[:3]
    assert set(panel.pool.tolist()) == set(most_rated.tolist())
    history = History.of(most_rated)
    assert ask(panel, likes, history) is None


def test_an_item_that_hardly_anybody_likes_is_not_asked_about() -> None:
    likes = two_camps()
    dislikes = np.zeros_like(likes)
    likes[1:, 5], dislikes[1:, 5] = 0, 1
    assert 5 not in make_panel(people(likes, dislikes)).pool


@pytest.mark.parametrize("wrong", [-1, 12])
def test_an_unknown_index_is_refused(wrong: int) -> None:
    likes = two_camps()
    panel = make_panel(people(likes))
    with pytest.raises(UnknownItemError):
        ask(panel, likes, History.of([wrong]))
    with pytest.raises(UnknownItemError):
        ask(panel, likes, unknown=[wrong])


def test_nobody_on_the_panel_is_no_question() -> None:
    nobody = np.zeros((0, 12), dtype=np.float32)
    assert ask(make_panel(people(nobody)), nobody) is None


def test_the_choice_is_that_of_trying_everything_out() -> None:
    likes = two_camps(n_each=6)
    parameters = QuestionParameters(answer_value=0.0, shortlist=12, too_alike=1.0)
    panel = make_panel(people(likes), parameters)
    model, history, unknown = CoLikes(likes), History.of([2]), np.array([7])
    weights = agreement(panel, history, unknown)
    eligible = np.ones(12, dtype=np.bool_)
    eligible[unknown] = False
    best = np.full(12, -np.inf)
    for item in set(range(12)) - {2, 7}:
        candidates = unseen(history, eligible)
        candidates = candidates[candidates != item]
        before = top_k(model.score(history), candidates, 100)
        after = top_k(model.score(History.of([2, item])), candidates, 100)
        best[item] = 0
        for person, row in enumerate(likes):
            targets = np.setdiff1d(np.flatnonzero(row), [item])
            if row[item] and len(targets):
                gain = ndcg_at_k(after, targets, 100) - ndcg_at_k(before, targets, 100)
                # The product's denominator counts the item itself as well: scale to it.
                ideal = (1 / np.log2(np.arange(2, len(targets) + 3))).cumsum()
                best[item] += weights[person] * gain * ideal[-2] / ideal[-1]
    chosen = ask(panel, likes, history, [7])
    assert chosen is not None
    assert best[chosen] == pytest.approx(best.max(), abs=1e-6)


def test_who_answers_alike_stands_for_the_viewer() -> None:
    dislikes = np.zeros_like(THIRTEEN)
    dislikes[3, 0] = 1
    panel = make_panel(people(THIRTEEN, dislikes), QuestionParameters(mismatch=0.1))
    # Likes 0, dislikes nothing, does not know 3: the five mismatch 0, 1, 2, 2 and 0 times.
    weights = agreement(panel, History.of([0]), np.array([3]))
    expected = np.array([1, 0.1, 0.01, 0.01, 1])
    assert weights == pytest.approx(expected / expected.sum())
    # A dislike is matched by a dislike only.
    weights = agreement(panel, History.of([], [0]), NONE)
    expected = np.array([0.1, 0.1, 0.1, 1, 0.1])
    assert weights == pytest.approx(expected / expected.sum())


def test_nothing_said_everybody_counts_alike() -> None:
    panel = make_panel(people(THIRTEEN))
    assert agreement(panel, NOTHING_KNOWN, NONE) == pytest.approx(np.full(5, 0.2))


def test_a_long_history_does_not_leave_a_single_person() -> None:
    rng = np.random.default_rng(1)
    likes = (rng.random((50, 300)) < 0.3).astype(np.float32)
    history = History.of(rng.choice(300, 80, replace=False))
    few = make_panel(people(likes), QuestionParameters(trusted=8))
    all_of_it = make_panel(people(likes), QuestionParameters(trusted=1000))
    assert agreement(few, history, NONE).max() < 0.15
    assert agreement(all_of_it, history, NONE).max() > 0.5


@given(st.lists(st.integers(0, 5), unique=True), st.data())
def test_weights_are_shares(liked: list[int], data: st.DataObject) -> None:
    rest = [item for item in range(6) if item not in liked]
    disliked = data.draw(st.lists(st.sampled_from(rest), unique=True)) if rest else []
    rest = [item for item in rest if item not in disliked]
    panel = make_panel(people(THIRTEEN))
    weights = agreement(panel, History.of(liked, disliked), np.array(rest, dtype=np.intp))
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1, abs=1e-5)


def test_without_a_panel_the_best_known_comes_first() -> None:
    popularity = np.array([3, 9, 5], dtype=np.float32)
    nothing_asked = np.zeros((3, 0), dtype=np.float32)
    assert next_popular_and_diverse(popularity, nothing_asked, np.array([10, 20, 30])) == 20


def test_without_a_panel_what_resembles_the_last_one_waits() -> None:
    popularity = np.array([8, 9, 0], dtype=np.float32)
    similarity = np.array([[0.1, 0.2], [0.2, 0.9], [0.0, 0.0]], dtype=np.float32)
    candidates = np.array([10, 20, 30])
    assert next_popular_and_diverse(popularity, similarity, candidates) == 10
    assert next_popular_and_diverse(popularity, similarity, candidates, diversity=0.0) == 20
