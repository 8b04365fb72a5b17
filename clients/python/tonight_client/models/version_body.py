from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="VersionBody")


@_attrs_define
class VersionBody:
    """What is running.

    Attributes:
        version (str):
        model (None | str): The model's version; null for the fallback.
        commit (None | str): What it was built from; null where nobody has said it.
        source (None | str): Where that is published; null where nobody has said it.
        build (None | str): The run of the pipeline that built it; null where nobody has said it.
        schema (None | str): The database's schema that this release works with.
    """

    version: str
    model: None | str
    commit: None | str
    source: None | str
    build: None | str
    schema: None | str

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        model: None | str
        model = self.model

        commit: None | str
        commit = self.commit

        source: None | str
        source = self.source

        build: None | str
        build = self.build

        schema: None | str
        schema = self.schema

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "version": version,
                "model": model,
                "commit": commit,
                "source": source,
                "build": build,
                "schema": schema,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        def _parse_model(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        model = _parse_model(d.pop("model"))

        def _parse_commit(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        commit = _parse_commit(d.pop("commit"))

        def _parse_source(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        source = _parse_source(d.pop("source"))

        def _parse_build(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        build = _parse_build(d.pop("build"))

        def _parse_schema(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        schema = _parse_schema(d.pop("schema"))

        version_body = cls(
            version=version,
            model=model,
            commit=commit,
            source=source,
            build=build,
            schema=schema,
        )

        return version_body
