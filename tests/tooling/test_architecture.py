"""The pictures of the architecture are drawn from what they show, and a stale one is found."""

from __future__ import annotations

import dataclasses
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Column, ForeignKey, MetaData, Table, Text

from tonight.services.suggest_movie import Library
from tonight.settings import Settings
from tools.architecture import __main__ as architecture
from tools.architecture.deployment import deployment_picture
from tools.architecture.packages import imports_picture, layers_picture, needed, packages
from tools.architecture.request import request_picture, shown, traced
from tools.architecture.tables import tables_picture

ROOT = Path(__file__).parents[2]
PICTURES = sorted((ROOT / "doc" / "images").glob("architecture-*.svg"))


def words(drawn: str) -> list[str]:
    """What a reader of a picture reads."""
    return ["".join(each.itertext()) for each in ET.fromstring(drawn).iter() if each.text]


def test_no_picture_is_stale() -> None:
    assert architecture.stale() == []


def test_a_picture_that_says_something_else_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for picture in PICTURES:
        (tmp_path / picture.name).write_bytes(picture.read_bytes())
    changed = tmp_path / "architecture-imports.svg"
    changed.write_text(changed.read_text("utf-8").replace("web", "wen"), "utf-8")
    (tmp_path / "architecture-tables.svg").unlink()
    assert architecture.stale(tmp_path) == ["architecture-imports.svg", "architecture-tables.svg"]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_read_on_light_and_dark_and_has_a_title(picture: Path) -> None:
    drawn = picture.read_text("utf-8")
    assert "prefers-color-scheme:dark" in drawn
    assert len(words(drawn)[0]) > 20
    pages = [path.read_text("utf-8") for path in (ROOT / "doc").glob("*.md")]
    assert any(f"](images/{picture.name})" in page for page in pages)


def test_an_arrow_is_left_out_where_others_lead_there() -> None:
    imports = {("web", "bootstrap"): 1, ("bootstrap", "domain"): 2, ("web", "domain"): 9}
    assert needed(imports) == [("bootstrap", "domain"), ("web", "bootstrap")]


def test_the_pictures_follow_the_imports() -> None:
    found = packages(ROOT)
    assert found.imports.keys() <= found.allowed
    more = dataclasses.replace(found, imports={**found.imports, ("settings", "recsys"): 1})
    assert layers_picture(more) != layers_picture(found)
    dots = "<circle"
    assert imports_picture(more).count(dots) == imports_picture(found).count(dots) + 1


def test_what_a_contract_forbids_is_not_shown_as_allowed() -> None:
    allowed = packages(ROOT).allowed
    assert ("web", "services") in allowed
    assert ("storage", "services") in allowed
    assert ("embedded", "recsys") not in allowed
    assert ("artifacts", "services") not in allowed
    assert ("domain", "services") not in allowed


def test_a_table_is_shown_with_its_keys_and_what_it_refers_to() -> None:
    metadata = MetaData()
    Table("viewer", metadata, Column("id", BigInteger, primary_key=True))
    Table(
        "note",
        metadata,
        Column("viewer_id", ForeignKey("viewer.id"), nullable=False),
        Column("said", Text, unique=True),
    )
    said = words(tables_picture(metadata))
    assert [word for word in said if word in ("viewer", "note")] == ["viewer", "note"]
    assert "→ viewer.id" in said
    assert "bigint, not null" in said
    assert said[-2:] == ["text", "unique"]


def test_each_service_is_shown_with_the_port_of_this_machine() -> None:
    said = words(deployment_picture(ROOT / "compose.yaml"))
    assert "5433" in said
    assert any("8443" in words.split(", ") for words in said)
    assert "after migrations" in said


@pytest.mark.slow
def test_the_request_is_shown_with_the_steps_that_it_takes(
    settings: Settings, loaded: tuple[Library, str | None]
) -> None:
    drawn = (ROOT / "doc" / "images" / architecture.REQUEST).read_text("utf-8")
    steps = traced(settings, loaded)
    assert shown(drawn) == [f"{step.depth} {step.name}" for step in steps]
    assert shown(request_picture(steps[:3])) == shown(drawn)[:3]
