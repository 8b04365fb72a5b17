"""The published contract: FastAPI's document, with the right media type for problems."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI

from tonight.web.problems import MEDIA_TYPE

_METHODS: Final = ("get", "put", "post", "delete", "patch")


class ContractApp(FastAPI):
    """An application whose OpenAPI document says that problems are problem documents.

    FastAPI describes every response with a model as plain JSON.
    """

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        if self.openapi_schema is None:
            document = super().openapi()
            for path in document["paths"].values():
                for method in _METHODS:
                    for status, response in path.get(method, {}).get("responses", {}).items():
                        content = response.get("content", {})
                        if int(status) >= 400 and "application/json" in content:
                            content[MEDIA_TYPE] = content.pop("application/json")
        return super().openapi()
