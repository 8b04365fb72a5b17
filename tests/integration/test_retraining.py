"""``tonight train`` learns from the installation's own viewers, on either database.

Without the embedded ratings a training takes two seconds; everything else is as with them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.databases import PostgresDatabases
from tonight.artifacts.model_files import current_version, load
from tonight.bootstrap import ALGORITHM, DATABASE
from tonight.domain.feedback import Feedback, FeedbackKind
from tonight.embedded import data_sha256
from tonight.storage.migration import migrate
from tonight.storage.postgres_store import open_postgres_store
from tonight.storage.sqlite import open_engine
from tonight.storage.unit_of_work import SqlUnitOfWork

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
FILMS = (
    *("alien-1979", "heat-1995", "fargo-1996", "jaws-1975", "psycho-1960", "parasite-2019"),
    *("barbie-2023", "casablanca-1942", "titanic-1997", "frozen-2013"),
)


class Installation:
    """A data folder and a database, with the commands that work on them."""

    def __init__(self, data_dir: Path, store: SqlUnitOfWork, **settings: str) -> None:
        self.data_dir = data_dir
        self.store = store
        self.settings = settings
        self._n_statements = 0

    def say(self, viewer: str, *movie_ids: str, kind: FeedbackKind = FeedbackKind.LIKED) -> None:
        with self.store.writing() as feedback:
            for movie_id in movie_ids:
                self._n_statements += 1
                feedback.add(viewer, Feedback(f"f{self._n_statements}", movie_id, kind, NOW))

    def crowd(self, n_viewers: int) -> None:
        """Viewers who like six of ten films each."""
        for n in range(n_viewers):
            self.say(f"viewer-{n}", *(FILMS[(n + step) % len(FILMS)] for step in range(6)))

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tonight", *arguments],
            env={
                **os.environ,
                "TONIGHT_DATA_DIR": str(self.data_dir),
                "TONIGHT_WITH_MOVIELENS": "false",
                **self.settings,
                **settings,
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def feedback_of_the_model(self) -> dict[str, Any]:
        shown = json.loads(self.run("model", "show", "--json").stdout)
        assert shown["data_sha256"] == data_sha256(with_movielens=False)
        return dict(shown["parameters"]["feedback"])


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    if request.param == "postgresql":
        databases: PostgresDatabases = request.getfixturevalue("postgres")
        url = databases.migrated()
        store = open_postgres_store(url, pool_size=2, timeout_seconds=30)
        yield Installation(data_dir, store, TONIGHT_DATABASE_URL=url)
    else:
        migrate(data_dir / DATABASE, NOW)
        store = SqlUnitOfWork(open_engine(data_dir / DATABASE))
        yield Installation(data_dir, store)
    store.close()


def arrays(data_dir: Path) -> dict[str, Any]:
    version = current_version(data_dir / "models")
    assert version is not None
    return {
        name: np.asarray(array)
        for name, array in load(data_dir / "models", version, {ALGORITHM}).arrays.items()
    }


def test_the_model_learns_from_the_viewers_and_its_manifest_says_from_how_many(
    installation: Installation,
) -> None:
    done = installation.run("train")
    assert done.returncode == 0, done.stderr
    assert "without feedback: fewer than 20 viewers" in done.stderr
    without = installation.feedback_of_the_model()
    assert (without["viewers"], without["opinions"], without["sha256"]) == (0, 0, None)

    # One viewer moves nothing, not by a single bit, whatever he says.
    before = arrays(installation.data_dir)
    installation.say("zealot", *FILMS)
    assert installation.run("train").returncode == 0
    after = arrays(installation.data_dir)
    assert all(np.array_equal(before[name], array) for name, array in after.items())

    installation.crowd(30)
    done = installation.run("train")
    assert done.returncode == 0, done.stderr
    assert "with 190 opinions of 31 viewers" in done.stderr
    found = installation.feedback_of_the_model()
    assert (found["viewers"], found["opinions"], found["weight"]) == (31, 190, 0.5)
    assert len(found["sha256"]) == 64
    learnt = arrays(installation.data_dir)
    assert learnt["few_likes"].shape == (len(FILMS), len(FILMS))
    # Whom a newcomer is compared with are raters: none of the viewers is in the model.
    assert len(learnt["people_likes_rows"]) == 1
    assert len(learnt["people_likes_items"]) == 0


def test_the_weight_is_chosen_by_measuring_and_the_trainings_use_it(
    installation: Installation,
) -> None:
    installation.crowd(30)
    done = installation.run("model", "weigh")
    assert done.returncode == 1
    assert "100 are needed to measure" in done.stderr
    for n in range(30, 120):
        # Two kinds of viewers, so that there is something to be learnt.
        kind = FILMS[:6] if n % 2 else FILMS[4:]
        installation.say(f"viewer-{n}", *kind)

    done = installation.run("model", "weigh", "--json")
    assert done.returncode == 0, done.stderr
    chosen = json.loads(done.stdout)
    best = max(chosen["validation"], key=chosen["validation"].get)
    assert chosen["weight"] == float(best)
    assert f"weight {chosen['weight']:g}: nDCG@100" in done.stderr
    kept = json.loads((installation.data_dir / "feedback-weight.json").read_text("utf-8"))
    assert (kept["weight"], kept["viewers"]) == (chosen["weight"], 120)

    kept["weight"] = 0.25
    (installation.data_dir / "feedback-weight.json").write_text(json.dumps(kept), "utf-8")
    assert installation.run("train").returncode == 0
    found = installation.feedback_of_the_model()
    assert (found["weight"], found["weight_was_measured"]) == (0.25, True)
    assert found["sha256"] == kept["sha256"]


def test_what_was_taken_back_or_deleted_is_not_learnt(installation: Installation) -> None:
    installation.crowd(20)
    with installation.store.writing() as feedback:
        feedback.undo("viewer-3", "f19", NOW)
    installation.store.forget("viewer-7")
    done = installation.run("train")
    assert done.returncode == 0, done.stderr
    # Nineteen are left, which is too few.
    assert installation.feedback_of_the_model()["viewers"] == 0
    installation.say("viewer-20", *FILMS)
    assert installation.run("train").returncode == 0
    found = installation.feedback_of_the_model()
    assert (found["viewers"], found["opinions"]) == (20, 18 * 6 + 5 + 10)


def test_a_database_that_is_away_leaves_the_ratings_alone_and_that_is_said(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    migrate(data_dir / DATABASE, NOW)
    store = SqlUnitOfWork(open_engine(data_dir / DATABASE))
    away = Installation(
        data_dir, store, TONIGHT_DATABASE_URL="postgresql://tonight:secret@127.0.0.1:1/tonight"
    )
    done = away.run("train")
    store.close()
    assert done.returncode == 0, done.stderr
    assert "without the feedback, which cannot be read" in done.stderr
    assert "secret" not in done.stderr
    found = away.feedback_of_the_model()
    assert (found["viewers"], found["unread"]) == (0, "StorageUnavailableError")
