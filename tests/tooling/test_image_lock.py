"""The digests of the images of others: read from a registry, or said not to be known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tools import compose, image, stand_in

ROOT = Path(__file__).parents[2]


def test_each_image_that_ours_is_built_on_or_runs_beside_is_in_the_lock_and_no_other() -> None:
    assert set(image.locked()) == {image.base_name(), *compose.others().values()}


def test_each_image_in_the_lock_has_a_stand_in() -> None:
    assert set(image.locked()) <= {*stand_in.SYSTEMS, *stand_in.IMAGES}


def test_what_was_never_read_is_used_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = f"sha256:{'0123456789abcdef' * 4}"
    lock = tmp_path / "images.lock"
    lock.write_text(f"# a comment\none:1 unverified\ntwo:2 {digest}\n")
    monkeypatch.setattr(image, "LOCK", lock)
    assert [image.reference(name) for name in ("one:1", "two:2")] == ["one:1", f"two:2@{digest}"]


@pytest.mark.parametrize("line", ["one:1", "one:1 sha256:12", "one:1  unverified"])
def test_a_line_that_is_neither_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    lock = tmp_path / "images.lock"
    lock.write_text(f"{line}\n")
    monkeypatch.setattr(image, "LOCK", lock)
    with pytest.raises(ValueError, match="not a name and its digest"):
        image.locked()


@pytest.mark.parametrize(
    ("remote", "source"),
    [
        ("https://user:secret@example.org/we/tonight.git", "https://example.org/we/tonight"),
        ("https://git.example.org:8443/we/tonight.git", "https://git.example.org:8443/we/tonight"),
        ("/a/folder/of/this/machine", ""),
        ("", ""),
    ],
)
def test_the_source_is_where_anybody_can_go(
    monkeypatch: pytest.MonkeyPatch, remote: str, source: str
) -> None:
    monkeypatch.setattr(image, "git", lambda *_: remote)
    assert image.source() == source


def test_what_built_it_is_an_address_or_the_image_is_not_built(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BUILD_URL", "https://ci.example/runs/17")
    assert image.pipeline_run() == "https://ci.example/runs/17"
    monkeypatch.setenv("BUILD_URL", "17")
    with pytest.raises(ValueError, match="BUILD_URL must be an http"):
        image.pipeline_run()


def test_the_wheel_is_built_by_what_pyproject_allows() -> None:
    pinned = (ROOT / "deploy" / "requirements-build.txt").read_text("utf-8")
    found = re.search(r"^poetry-core==(\S+) \\$", pinned, re.MULTILINE)
    assert found is not None
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    allowed = re.search(r'^requires = \["(poetry-core[^"]+)"\]$', pyproject, re.MULTILINE)
    assert allowed is not None
    assert found[1] in Requirement(allowed[1]).specifier
