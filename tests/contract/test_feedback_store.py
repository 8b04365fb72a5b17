"""Every store of feedback keeps the same promises: the fake, and the real one on both databases.

Their schemas are those that the real migrations build.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.databases import PostgresDatabases
from tests.fakes.feedback import InMemoryUnitOfWork
from tonight.domain.errors import FeedbackNotFoundError, IdempotencyConflictError
from tonight.domain.feedback import Feedback, FeedbackKind, standing, taste_of
from tonight.services.ports import UnitOfWork
from tonight.storage.migration import migrate
from tonight.storage.postgres_store import open_postgres_store
from tonight.storage.sqlite import QuickReader, open_engine
from tonight.storage.unit_of_work import SqlUnitOfWork

NOW = datetime(2026, 11, 23, 20, 15, 30, 123456, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def statement(
    feedback_id: str = "f1",
    movie_id: str = "alien-1979",
    kind: FeedbackKind = FeedbackKind.LIKED,
    created_at: datetime = NOW,
) -> Feedback:
    expires_at = NOW + timedelta(hours=9) if kind is FeedbackKind.NOT_TONIGHT else None
    return Feedback(feedback_id, movie_id, kind, created_at, expires_at)


@pytest.fixture(params=["memory", "sqlite", "sqlite-at-once", "postgresql"])
def unit_of_work(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[UnitOfWork]:
    if request.param == "memory":
        yield InMemoryUnitOfWork()
        return
    if request.param == "postgresql":
        databases: PostgresDatabases = request.getfixturevalue("postgres")
        on_server = open_postgres_store(databases.migrated(), pool_size=4, timeout_seconds=30)
        yield on_server
        on_server.close()
        return
    database = tmp_path / "tonight.db"
    migrate(database, NOW)
    quick = QuickReader(database, 5.0) if request.param == "sqlite-at-once" else None
    real = SqlUnitOfWork(open_engine(database), quick)
    yield real
    real.close()


def add(
    unit_of_work: UnitOfWork, feedback: Feedback, profile_id: str = "ann", key: str | None = None
) -> Feedback:
    with unit_of_work.writing() as store:
        return store.add(profile_id, feedback, key)


def history(unit_of_work: UnitOfWork, profile_id: str = "ann") -> list[Feedback]:
    with unit_of_work.reading() as store:
        found = store.history(profile_id)
    # What every suggestion reads must never differ from what the history says.
    for now in (NOW, LATER):
        assert unit_of_work.taste(profile_id, now) == taste_of(standing(found), now)
    return found


def undo(
    unit_of_work: UnitOfWork, feedback_id: str, at: datetime = LATER, profile_id: str = "ann"
) -> Feedback:
    with unit_of_work.writing() as store:
        return store.undo(profile_id, feedback_id, at)


def test_an_unknown_profile_has_an_empty_history(unit_of_work: UnitOfWork) -> None:
    assert history(unit_of_work) == []


@pytest.mark.parametrize("kind", FeedbackKind)
def test_a_statement_comes_back_as_it_was_said(
    unit_of_work: UnitOfWork, kind: FeedbackKind
) -> None:
    said = statement(kind=kind)

    assert add(unit_of_work, said) == said
    assert history(unit_of_work) == [said]


def test_moments_come_back_in_utc(unit_of_work: UnitOfWork) -> None:
    said = statement(created_at=NOW.astimezone(timezone(timedelta(hours=5, minutes=45))))
    add(unit_of_work, said)

    [found] = history(unit_of_work)
    assert found.created_at == NOW
    assert found.created_at.tzinfo is UTC


def test_a_moment_without_zone_is_refused(unit_of_work: UnitOfWork) -> None:
    with pytest.raises(ValueError, match="time zone"):
        add(unit_of_work, statement(created_at=NOW.replace(tzinfo=None)))

    assert history(unit_of_work) == []


def test_a_history_is_in_the_order_of_saying_even_when_the_clock_goes_back(
    unit_of_work: UnitOfWork,
) -> None:
    said = [
        statement("f1", "a-2001"),
        statement("f2", "b-2002", created_at=NOW - timedelta(days=1)),
        statement("f3", "a-2001", FeedbackKind.DISLIKED),
    ]
    for one in said:
        add(unit_of_work, one)

    assert history(unit_of_work) == said


def test_several_statements_of_one_unit_of_work_stand_together(unit_of_work: UnitOfWork) -> None:
    with unit_of_work.writing() as store:
        store.add("ann", statement("f1"))
        store.add("ann", statement("f2"))
        assert len(store.history("ann")) == 2

    assert len(history(unit_of_work)) == 2


def test_profiles_do_not_see_each_other(unit_of_work: UnitOfWork) -> None:
    add(unit_of_work, statement("f1"), "ann")
    add(unit_of_work, statement("f2"), "bob")

    assert [one.feedback_id for one in history(unit_of_work, "ann")] == ["f1"]
    assert [one.feedback_id for one in history(unit_of_work, "bob")] == ["f2"]


def test_an_undone_statement_leaves_the_history(unit_of_work: UnitOfWork) -> None:
    add(unit_of_work, statement("f1"))
    add(unit_of_work, statement("f2"))

    assert undo(unit_of_work, "f1") == replace(statement("f1"), undone_at=LATER)
    assert history(unit_of_work) == [statement("f2")]


def test_undoing_twice_keeps_the_first_moment(unit_of_work: UnitOfWork) -> None:
    add(unit_of_work, statement("f1"))
    first = undo(unit_of_work, "f1", LATER)

    assert undo(unit_of_work, "f1", LATER + timedelta(minutes=1)) == first
    assert first.undone_at == LATER


@pytest.mark.parametrize(("profile_id", "feedback_id"), [("ann", "f2"), ("bob", "f1")])
def test_only_ones_own_statements_can_be_undone(
    unit_of_work: UnitOfWork, profile_id: str, feedback_id: str
) -> None:
    add(unit_of_work, statement("f1"), "ann")

    with pytest.raises(FeedbackNotFoundError) as caught:
        undo(unit_of_work, feedback_id, profile_id=profile_id)
    assert caught.value.feedback_id == feedback_id
    assert history(unit_of_work, "ann") == [statement("f1")]


def test_a_repeated_request_is_answered_with_the_earlier_statement(
    unit_of_work: UnitOfWork,
) -> None:
    earlier = add(unit_of_work, statement("f1"), key="k")

    assert add(unit_of_work, statement("f2", created_at=LATER), key="k") == earlier
    assert history(unit_of_work) == [earlier]


@pytest.mark.parametrize(
    "other",
    [statement("f2", movie_id="heat-1995"), statement("f2", kind=FeedbackKind.DISLIKED)],
)
def test_a_key_used_for_another_request_is_a_conflict(
    unit_of_work: UnitOfWork, other: Feedback
) -> None:
    add(unit_of_work, statement("f1"), key="k")

    with pytest.raises(IdempotencyConflictError):
        add(unit_of_work, other, key="k")
    assert history(unit_of_work) == [statement("f1")]


def test_a_repeated_request_does_not_bring_back_what_was_undone(unit_of_work: UnitOfWork) -> None:
    add(unit_of_work, statement("f1"), key="k")
    undone = undo(unit_of_work, "f1")

    assert add(unit_of_work, statement("f2"), key="k") == undone
    assert history(unit_of_work) == []


def test_two_profiles_may_use_the_same_key(unit_of_work: UnitOfWork) -> None:
    add(unit_of_work, statement("f1"), "ann", key="k")
    add(unit_of_work, statement("f2", "heat-1995"), "bob", key="k")

    assert history(unit_of_work, "bob") == [statement("f2", "heat-1995")]


def test_requests_without_a_key_are_never_the_same(unit_of_work: UnitOfWork) -> None:
    add(unit_of_work, statement("f1"))
    add(unit_of_work, statement("f2"))

    assert len(history(unit_of_work)) == 2


def test_everything_holds_what_was_taken_back(unit_of_work: UnitOfWork) -> None:
    add(unit_of_work, statement("f1"))
    add(unit_of_work, statement("f2"))
    undone = undo(unit_of_work, "f1")

    with unit_of_work.reading() as store:
        assert store.everything("ann") == [undone, statement("f2")]
        assert store.everything("nobody") == []


def test_a_forgotten_viewer_is_an_unknown_one(unit_of_work: UnitOfWork) -> None:
    add(unit_of_work, statement("f1"), key="k")
    add(unit_of_work, statement("f2"))
    undo(unit_of_work, "f2")
    add(unit_of_work, statement("f3"), "bob")

    assert unit_of_work.forget("ann") == 2
    with unit_of_work.reading() as store:
        assert store.everything("ann") == []
        assert store.everything("bob") == [statement("f3")]
    assert unit_of_work.forget("ann") == 0


def test_a_forgotten_viewer_can_begin_anew_with_the_same_keys(unit_of_work: UnitOfWork) -> None:
    add(unit_of_work, statement("f1"), key="k")
    unit_of_work.forget("ann")

    again = statement("f2", "heat-1995")
    assert add(unit_of_work, again, key="k") == again
    assert history(unit_of_work) == [again]


def test_a_unit_of_work_that_fails_changes_nothing(unit_of_work: UnitOfWork) -> None:
    add(unit_of_work, statement("f1"))

    def change_and_fail() -> None:
        with unit_of_work.writing() as store:
            store.add("ann", statement("f2"), "k")
            store.undo("ann", "f1", LATER)
            store.add("new", statement("f3"))
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        change_and_fail()

    assert history(unit_of_work, "ann") == [statement("f1")]
    assert history(unit_of_work, "new") == []
    assert add(unit_of_work, statement("f2", "heat-1995"), key="k") == statement("f2", "heat-1995")


def test_writers_in_many_threads_lose_nothing(unit_of_work: UnitOfWork) -> None:
    def write(writer: int) -> None:
        for i in range(5):
            add(unit_of_work, statement(f"{writer}-{i}"), "ann")

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = [one.feedback_id for one in history(unit_of_work)]
    assert sorted(found) == [f"{writer}-{i}" for writer in range(4) for i in range(5)]


def abort_if(aborted: bool) -> None:
    if aborted:
        raise InterruptedError


class FeedbackMachine(RuleBasedStateMachine):
    """Does to a store what viewers do, and to a list per viewer what that should amount to."""

    open_unit_of_work: Callable[[], UnitOfWork]

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, list[Feedback]] = {"ann": [], "bob": []}
        self.keys: dict[tuple[str, str], str] = {}
        self.n_statements = 0

    @initialize()
    def open(self) -> None:
        self.unit_of_work = type(self).open_unit_of_work()

    def teardown(self) -> None:
        if isinstance(self.unit_of_work, SqlUnitOfWork):
            self.unit_of_work.close()

    @rule(
        profile_id=st.sampled_from(["ann", "bob"]),
        movie_id=st.sampled_from(["a-2001", "b-2002"]),
        kind=st.sampled_from(FeedbackKind),
        key=st.sampled_from([None, "k1", "k2"]),
        aborted=st.booleans(),
    )
    def add(
        self, profile_id: str, movie_id: str, kind: FeedbackKind, key: str | None, aborted: bool
    ) -> None:
        self.n_statements += 1
        new = statement(f"f{self.n_statements}", movie_id, kind)
        first_id = self.keys.get((profile_id, key or ""))
        earlier = next((one for one in self.said[profile_id] if one.feedback_id == first_id), None)
        conflict = earlier is not None and (earlier.movie_id, earlier.kind) != (movie_id, kind)
        try:
            with self.unit_of_work.writing() as store:
                saved = store.add(profile_id, new, key)
                assert saved == (earlier or new)
                abort_if(aborted)
        except InterruptedError:
            return
        except IdempotencyConflictError:
            assert conflict
            return
        assert not conflict
        if earlier is None:
            self.said[profile_id].append(new)
            if key is not None:
                self.keys[profile_id, key] = new.feedback_id

    @rule(profile_id=st.sampled_from(["ann", "bob"]), number=st.integers(1, 12))
    def undo(self, profile_id: str, number: int) -> None:
        at = NOW + timedelta(seconds=self.n_statements)
        mine = self.said[profile_id]
        position = next((i for i, f in enumerate(mine) if f.feedback_id == f"f{number}"), None)
        if position is None:
            with pytest.raises(FeedbackNotFoundError):
                undo(self.unit_of_work, f"f{number}", at, profile_id)
            return
        if mine[position].undone_at is None:
            mine[position] = replace(mine[position], undone_at=at)
        assert undo(self.unit_of_work, f"f{number}", at, profile_id) == mine[position]

    @rule(profile_id=st.sampled_from(["ann", "bob"]))
    def forget(self, profile_id: str) -> None:
        assert self.unit_of_work.forget(profile_id) == len(self.said[profile_id])
        self.said[profile_id] = []
        self.keys = {key: value for key, value in self.keys.items() if key[0] != profile_id}

    @precondition(lambda self: isinstance(self.unit_of_work, SqlUnitOfWork))
    @rule()
    def restart(self) -> None:
        assert isinstance(self.unit_of_work, SqlUnitOfWork)
        self.unit_of_work.close()

    @invariant()
    def histories_are_as_said(self) -> None:
        for profile_id, mine in self.said.items():
            standing = [one for one in mine if one.undone_at is None]
            assert history(self.unit_of_work, profile_id) == standing


@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgresql"])
def test_any_course_of_events_amounts_to_the_same_as_in_the_model(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    template = tmp_path / "template.db"
    migrate(template, NOW)

    def open_sqlite() -> UnitOfWork:
        database = Path(tempfile.mkdtemp(dir=tmp_path)) / "tonight.db"
        shutil.copyfile(template, database)
        return SqlUnitOfWork(open_engine(database))

    def open_postgresql() -> UnitOfWork:
        databases: PostgresDatabases = request.getfixturevalue("postgres")
        return open_postgres_store(databases.migrated(), pool_size=2, timeout_seconds=30)

    opening: dict[str, Callable[[], UnitOfWork]] = {
        "memory": InMemoryUnitOfWork,
        "sqlite": open_sqlite,
        "postgresql": open_postgresql,
    }

    class Machine(FeedbackMachine):
        open_unit_of_work = staticmethod(opening[kind])

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
