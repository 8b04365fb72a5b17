"""Models are published whole, loaded as they were, and refused with advice when they are not."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from tonight.artifacts import manifest as manifests
from tonight.artifacts.errors import (
    ModelDamagedError,
    ModelForeignError,
    ModelMissingError,
    ModelTooNewError,
    ModelTruncatedError,
)
from tonight.artifacts.manifest import ArrayFile, Description, Manifest
from tonight.artifacts.model_files import (
    current_version,
    list_versions,
    load,
    load_current,
    publish,
)
from tonight.domain.errors import ModelArtifactError

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
ALGORITHMS = {"toy"}

Arrays = Mapping[str, NDArray[np.generic]]


def toy_arrays(value: float = 1.0) -> dict[str, NDArray[np.generic]]:
    return {
        "weights": np.full((40, 30), value, dtype=np.float32),
        "titles": np.array(["Alien", "Amélie"]),
        "long.counts": np.arange(5, dtype=np.int64),
    }


def describe(value: float, created_at: datetime = NOW) -> Description:
    return Description(
        algorithm="toy",
        parameters={"ridge": value, "stages": [{"from": 1}]},
        metrics={"ndcg@100": 0.35},
        data_sha256="0" * 64,
        code_version="0.1.0",
        created_at=created_at,
    )


def publish_toy(
    models: Path,
    value: float = 1.0,
    *,
    created_at: datetime = NOW,
    arrays: Arrays | None = None,
    keep: int = 3,
) -> str:
    return publish(
        models,
        describe(value, created_at),
        toy_arrays(value) if arrays is None else arrays,
        keep,
    )


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "data" / "models"


def test_what_is_loaded_is_what_was_published(models: Path) -> None:
    version = publish_toy(models, 2.5)
    model = load_current(models, ALGORITHMS)

    assert model is not None
    assert model.version == version
    assert model.manifest.parameters == {"ridge": 2.5, "stages": [{"from": 1}]}
    assert model.manifest.metrics == {"ndcg@100": 0.35}
    assert model.manifest.created_at == NOW
    assert model.manifest.code_version == "0.1.0"
    assert set(model.arrays) == set(toy_arrays())
    for name, array in toy_arrays(2.5).items():
        np.testing.assert_array_equal(model.arrays[name], array)
        assert model.arrays[name].dtype == array.dtype


@settings(max_examples=25, deadline=None)
@given(
    array=npst.arrays(
        dtype=st.one_of(
            npst.floating_dtypes(), npst.integer_dtypes(), npst.boolean_dtypes(), st.just("<U7")
        ),
        shape=npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    ),
    transposed=st.booleans(),
)
def test_any_plain_array_survives_the_round_trip_in_c_order(
    tmp_path_factory: pytest.TempPathFactory, array: NDArray[np.generic], transposed: bool
) -> None:
    models = tmp_path_factory.mktemp("models")
    given_array = array.T if transposed else array

    publish_toy(models, arrays={"a": given_array})
    model = load_current(models, ALGORITHMS)

    assert model is not None
    np.testing.assert_array_equal(model.arrays["a"], given_array)
    assert model.arrays["a"].dtype == given_array.dtype
    assert model.arrays["a"].flags.c_contiguous


def test_arrays_are_read_only_maps_of_the_files(models: Path) -> None:
    publish_toy(models)
    model = load_current(models, ALGORITHMS)

    assert model is not None
    weights = model.arrays["weights"]
    assert isinstance(weights, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        weights[0, 0] = 7


def test_without_a_published_model_there_is_none(models: Path) -> None:
    assert load_current(models, ALGORITHMS) is None
    assert list_versions(models) == []


def test_the_newest_published_model_is_the_current_one(models: Path) -> None:
    publish_toy(models, 1.0)
    newest = publish_toy(models, 2.0)

    assert current_version(models) == newest
    assert sorted(list_versions(models)) == list_versions(models)
    assert len(list_versions(models)) == 2


def test_an_older_version_can_be_loaded_by_its_name(models: Path) -> None:
    older = publish_toy(models, 1.0)
    publish_toy(models, 2.0)

    assert load(models, older, ALGORITHMS).manifest.parameters["ridge"] == 1.0


def test_only_the_newest_versions_stay(models: Path) -> None:
    versions = [
        publish_toy(models, float(i), created_at=NOW + timedelta(minutes=i)) for i in range(5)
    ]

    assert list_versions(models) == versions[2:]


def test_the_current_version_stays_when_the_clock_went_back(models: Path) -> None:
    for i in range(3):
        publish_toy(models, float(i), created_at=NOW + timedelta(minutes=i))
    current = publish_toy(models, 9.0, created_at=NOW - timedelta(days=1))

    assert current_version(models) == current
    assert current in list_versions(models)
    assert len(list_versions(models)) == 3


def test_a_mapped_version_can_be_read_after_it_was_pruned(models: Path) -> None:
    publish_toy(models, 3.0)
    model = load_current(models, ALGORITHMS)
    publish_toy(models, 4.0, created_at=NOW + timedelta(minutes=1), keep=1)

    assert model is not None
    assert model.version not in list_versions(models)
    assert float(np.sum(model.arrays["weights"], dtype=np.float64)) == 3.0 * 40 * 30


def test_a_version_that_cannot_be_removed_is_gone_nevertheless(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = publish_toy(models, 1.0)
    with monkeypatch.context() as patched:

        def refuse(folder: Path, ignore_errors: bool = False) -> None:
            if not ignore_errors:
                raise PermissionError(f"a file in {folder} is mapped")

        patched.setattr("tonight.artifacts.model_files.shutil.rmtree", refuse)
        newer = publish(models, describe(2.0), toy_arrays(2.0), keep=1)

    assert list_versions(models) == [newer]
    with pytest.raises(ModelMissingError, match="cannot be read"):
        load(models, older, ALGORITHMS)

    publish_toy(models, 3.0, keep=2)
    assert not (models / older).exists()


def test_publishing_the_same_model_again_leaves_whole_files_in_place(models: Path) -> None:
    version = publish_toy(models)
    inode = (models / version / "weights.npy").stat().st_ino

    assert publish_toy(models) == version
    assert (models / version / "weights.npy").stat().st_ino == inode
    assert not (models / ".unfinished").exists()


def test_publishing_the_same_model_again_mends_a_damaged_file(models: Path) -> None:
    version = publish_toy(models)
    (models / version / "weights.npy").write_bytes(b"")

    assert publish_toy(models) == version
    assert load(models, version, ALGORITHMS).version == version


def test_what_a_killed_publisher_left_behind_is_swept_away(models: Path) -> None:
    (models / ".unfinished").mkdir(parents=True)
    (models / ".unfinished" / "weights.npy").write_bytes(b"half")
    (models / "current.new").write_text("half")

    version = publish_toy(models)

    assert current_version(models) == version
    assert {entry.name for entry in models.iterdir()} == {version, "current", ".publish.lock"}


def test_a_publication_that_fails_changes_nothing(models: Path) -> None:
    before = publish_toy(models)
    with pytest.raises(ValueError, match="JSON"):
        publish_toy(models, float("nan"))

    assert list_versions(models) == [before]
    assert current_version(models) == before
    assert not (models / ".unfinished").exists()


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({}, "at least one"),
        ({"../weights": np.zeros(2)}, "cannot name"),
        ({"Weights": np.zeros(2)}, "cannot name"),
        ({"a": np.array([object()])}, "not a plain"),
        ({"a": np.zeros(2, dtype=[("x", "f4")])}, "not a plain"),
    ],
)
def test_what_could_not_be_loaded_is_not_published(
    models: Path, arrays: Arrays, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        publish_toy(models, arrays=arrays)


def test_a_time_without_zone_is_refused(models: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        publish_toy(models, created_at=NOW.replace(tzinfo=None))


@pytest.mark.parametrize("name", ["weights.npy", "titles.npy", "manifest.json"])
@pytest.mark.parametrize("position", [0, 64, -1])
def test_one_flipped_bit_anywhere_is_noticed(models: Path, name: str, position: int) -> None:
    path = models / publish_toy(models) / name
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)

    with pytest.raises(ModelDamagedError, match="Train again"):
        load_current(models, ALGORITHMS)


@pytest.mark.parametrize("n_bytes", [0, 1, 127, 4000])
def test_a_truncated_array_is_named(models: Path, n_bytes: int) -> None:
    path = models / publish_toy(models) / "weights.npy"
    path.write_bytes(path.read_bytes()[:n_bytes])

    with pytest.raises(ModelTruncatedError, match=rf"weights\.npy has {n_bytes} bytes"):
        load_current(models, ALGORITHMS)


@pytest.mark.parametrize("name", ["weights.npy", "manifest.json"])
def test_a_missing_file_is_named(models: Path, name: str) -> None:
    (models / publish_toy(models) / name).unlink()

    with pytest.raises(ModelMissingError, match=name):
        load_current(models, ALGORITHMS)


@pytest.mark.parametrize("content", ["", "../../etc", "20261123T201500Z-nothexadecim\n", "\0"])
def test_a_pointer_that_names_no_version_is_refused(models: Path, content: str) -> None:
    publish_toy(models)
    (models / "current").write_text(content)

    with pytest.raises(ModelDamagedError, match="does not name a model"):
        load_current(models, ALGORITHMS)


def test_a_name_that_leaves_the_folder_is_not_followed(models: Path) -> None:
    with pytest.raises(ModelMissingError, match="not the name"):
        load(models, "../elsewhere", ALGORITHMS)


def test_an_unknown_algorithm_is_refused(models: Path) -> None:
    publish_toy(models)

    with pytest.raises(ModelForeignError, match="'toy'"):
        load_current(models, {"another"})


def place(models: Path, encoded: bytes, files: Mapping[str, bytes]) -> str:
    """Puts a version there whose name vouches for a manifest that we did not write."""
    version = f"20261123T201500Z-{manifests.digest(encoded)}"
    folder = models / version
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_bytes(encoded)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return version


def test_a_newer_format_is_refused_with_its_number(models: Path) -> None:
    version = place(models, b'{"format_version": 2, "what": "we cannot know"}', {})

    with pytest.raises(ModelTooNewError, match=r"in format 2.*Update Tonight"):
        load(models, version, ALGORITHMS)


@pytest.mark.parametrize(
    "encoded",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"format_version": true}',
        b'{"format_version": 1}',
        b'{"format_version": "1"}',
    ],
)
def test_something_else_in_the_manifests_place_is_foreign(models: Path, encoded: bytes) -> None:
    version = place(models, encoded, {})

    with pytest.raises(ModelForeignError, match="not a model of Tonight"):
        load(models, version, ALGORITHMS)


def manifest_of(files: Mapping[str, ArrayFile]) -> Manifest:
    return Manifest(
        algorithm="toy",
        parameters={},
        metrics={},
        data_sha256="0" * 64,
        code_version="0.1.0",
        created_at=NOW,
        arrays=files,
    )


@pytest.mark.parametrize("name", ["refused", "forced"])
def test_a_reason_that_is_no_text_is_foreign(models: Path, name: str) -> None:
    document = json.loads(manifest_of({}).encode())
    version = place(models, json.dumps({**document, name: 5}).encode(), {})

    with pytest.raises(ModelForeignError, match="not a model of Tonight"):
        load(models, version, ALGORITHMS)


def test_a_model_without_arrays_is_not_published(models: Path) -> None:
    with pytest.raises(ValueError, match="at least one array"):
        publish_toy(models, arrays={})


@pytest.mark.parametrize("name", ["../../escape", "/etc/passwd", "A", ""])
def test_an_array_cannot_lie_outside_the_folder(models: Path, name: str) -> None:
    encoded = manifest_of({name: ArrayFile("<f4", (1,), 132, "0" * 64)}).encode()
    version = place(models, encoded, {})

    with pytest.raises(ModelForeignError, match="cannot name an array"):
        load(models, version, ALGORITHMS)


@pytest.mark.parametrize("field", ["dtype", "shape", "n_bytes", "sha256"])
def test_an_incomplete_entry_of_an_array_is_foreign(models: Path, field: str) -> None:
    document = json.loads(manifest_of({"a": ArrayFile("<f4", (1,), 132, "0" * 64)}).encode())
    del document["arrays"]["a"][field]
    version = place(models, json.dumps(document).encode(), {})

    with pytest.raises(ModelForeignError, match="not complete"):
        load(models, version, ALGORITHMS)


def test_a_file_that_is_no_array_is_never_unpickled(models: Path, tmp_path: Path) -> None:
    source = tmp_path / "objects.npy"
    np.save(source, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    for content in (source.read_bytes(), b"not an array", b""):
        digest = hashlib.sha256(content).hexdigest()
        encoded = manifest_of({"a": ArrayFile("|O", (1,), len(content), digest)}).encode()
        version = place(models, encoded, {"a.npy": content})

        with pytest.raises(ModelForeignError, match="not an array"):
            load(models, version, ALGORITHMS)


def test_an_array_of_another_shape_than_promised_is_foreign(models: Path) -> None:
    model_folder = models / publish_toy(models)
    content = (model_folder / "weights.npy").read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    encoded = manifest_of({"w": ArrayFile("<f4", (30, 40), len(content), digest)}).encode()
    version = place(models, encoded, {"w.npy": content})

    with pytest.raises(ModelForeignError, match="manifest says"):
        load(models, version, ALGORITHMS)


def publish_many(models: Path, worker: int) -> None:
    for i in range(6):
        publish_toy(models, worker * 100.0 + i, created_at=NOW + timedelta(seconds=i), keep=1)


def test_readers_always_find_a_whole_model_while_publishers_replace_it(models: Path) -> None:
    publish_toy(models)
    context = multiprocessing.get_context("spawn")
    publishers = [context.Process(target=publish_many, args=(models, worker)) for worker in (1, 2)]
    for publisher in publishers:
        publisher.start()
    loads = 0
    while any(publisher.is_alive() for publisher in publishers):
        model = load_current(models, ALGORITHMS)
        assert model is not None
        assert np.all(model.arrays["weights"] == model.manifest.parameters["ridge"])
        loads += 1
    for publisher in publishers:
        publisher.join()
        assert publisher.exitcode == 0
        publisher.close()

    assert loads > 0
    assert list_versions(models) == [current_version(models)]


def test_the_errors_are_the_products_own() -> None:
    for error in (ModelMissingError, ModelDamagedError, ModelForeignError, ModelTooNewError):
        assert issubclass(error, ModelArtifactError)
    assert issubclass(ModelTruncatedError, ModelDamagedError)
