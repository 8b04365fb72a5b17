"""``uvicorn --factory examples.tested.main:create_app``"""

from __future__ import annotations

from random import Random
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query

from examples.tested.suggest import FILMS, Film, suggest


def create_app(chance: Random | None = None) -> FastAPI:
    app = FastAPI()
    drawn_from = chance or Random()

    @app.get("/movie", responses={404: {"description": "No film is that short."}})
    async def movie(max_minutes: Annotated[int, Query(ge=1, le=999)] = 999) -> Film:
        film = suggest(FILMS, max_minutes, drawn_from)
        if film is None:
            raise HTTPException(404, f"No film takes {max_minutes} minutes or less.")
        return film

    return app
