"""The generated client and the real service understand each other, in every operation."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import tonight_client.api
from tonight_client import Client
from tonight_client.api.films import get_film, get_similar_films, search_films
from tonight_client.api.memory import (
    delete_everything,
    export_everything,
    export_for_letterboxd,
    get_history,
    give_feedback,
    undo_feedback,
)
from tonight_client.api.operation import get_health, get_readiness, get_version
from tonight_client.api.tonight import get_movie
from tonight_client.models import (
    DeletedBody,
    ExportBody,
    FeedbackBody,
    FeedbackKind,
    FeedbackRequest,
    FoundBody,
    HealthBody,
    HistoryBody,
    InvalidRequestBody,
    MovieBody,
    NothingFitsBody,
    ProblemBody,
    ReadyBody,
    SimilarBody,
    SuggestionBody,
    VersionBody,
)

from tests.hard_days.service import running
from tonight.bootstrap import MODELS
from tools.client import README, differences

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def address(trained_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the real service listens, in a process of its own."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "data").mkdir()
    (folder / "data" / MODELS).symlink_to(trained_dir / MODELS)
    with running(folder / "data", folder / "log") as service:
        yield service.url


@pytest.fixture
def tonight(address: str) -> Iterator[Client]:
    """A program that is nobody yet; an answer that the contract does not know is an error."""
    names = {"Tonight-Client": "tonight-python"}
    with Client(base_url=address, headers=names, raise_on_unexpected_status=True) as client:
        yield client


def test_a_suggestion_comes_as_an_object_with_types(tonight: Client) -> None:
    answer = get_movie.sync(client=tonight, like=["the-matrix-1999"], max_minutes=120, seed=7)
    assert isinstance(answer, SuggestionBody)
    assert answer.movie.runtime_minutes is not None
    assert answer.movie.runtime_minutes <= 120
    assert answer.reason.films[0].movie_id == "the-matrix-1999"
    assert isinstance(answer.movie.cast_, list)


def test_problems_come_as_what_the_contract_names_them(tonight: Client) -> None:
    nothing = get_movie.sync(client=tonight, max_year=1930, min_year=1930, max_minutes=61)
    assert isinstance(nothing, NothingFitsBody)
    wrong = get_movie.sync(client=tonight, novelty=7.0)
    assert isinstance(wrong, InvalidRequestBody)
    assert wrong.errors[0].name == "novelty"
    missing = get_film.sync("nowhere-1900", client=tonight)
    assert isinstance(missing, ProblemBody)
    assert missing.type_ == "/problems/movie-not-found"


def test_films_are_found_and_shown(tonight: Client) -> None:
    found = search_films.sync(client=tonight, q="shawshank redemtion")
    assert isinstance(found, FoundBody)
    film = get_film.sync(found.movies[0].movie_id, client=tonight)
    assert isinstance(film, MovieBody)
    assert film.title == "The Shawshank Redemption"
    similar = get_similar_films.sync(film.movie_id, client=tonight, limit=3)
    assert isinstance(similar, SimilarBody)
    assert len(similar.movies) == 3


def test_what_is_said_is_remembered_taken_back_exported_and_deleted(tonight: Client) -> None:
    liked = FeedbackRequest(movie_id="alien-1979", kind=FeedbackKind.LIKED)
    said = give_feedback.sync(client=tonight, body=liked)
    assert isinstance(said, FeedbackBody)
    history = get_history.sync(client=tonight)
    assert isinstance(history, HistoryBody)
    assert [each.feedback_id for each in history.feedback] == [said.feedback_id]
    taken_back = undo_feedback.sync(said.feedback_id, client=tonight)
    assert isinstance(taken_back, FeedbackBody)
    exported = export_everything.sync(client=tonight)
    assert isinstance(exported, ExportBody)
    assert "Title" in export_for_letterboxd.sync_detailed(client=tonight).content.decode()
    assert isinstance(delete_everything.sync(client=tonight), DeletedBody)


def test_it_says_what_runs(tonight: Client) -> None:
    assert isinstance(get_health.sync(client=tonight), HealthBody)
    ready = get_readiness.sync(client=tonight)
    assert isinstance(ready, ReadyBody)
    assert ready.database == "ok"
    version = get_version.sync(client=tonight)
    assert isinstance(version, VersionBody)
    assert version.version


def test_every_operation_of_the_contract_has_its_function_and_no_other() -> None:
    contract = json.loads((ROOT / "openapi.json").read_text("utf-8"))
    operations = {
        each["operationId"] for item in contract["paths"].values() for each in item.values()
    }
    functions = {
        module.name.rpartition(".")[2]
        for module in pkgutil.walk_packages(tonight_client.api.__path__, "tonight_client.api.")
        if not module.ispkg and callable(importlib.import_module(module.name).sync_detailed)
    }
    assert functions == operations


def test_the_example_of_its_readme_is_true(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    example = README.partition("```python\n")[2].partition("```")[0]
    exec(example.replace("http://127.0.0.1:8000", address), {})
    assert "The Matrix" in capsys.readouterr().out


def test_a_stale_client_is_noticed(tmp_path: Path) -> None:
    for name, text in (("made", "new"), ("kept", "old")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same.py").write_text("same")
        (tmp_path / name / "changed.py").write_text(text)
    (tmp_path / "kept" / "left_over.py").write_text("")
    assert differences(tmp_path / "made", tmp_path / "kept") == ["changed.py", "left_over.py"]
