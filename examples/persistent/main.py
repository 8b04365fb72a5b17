"""``uvicorn --factory examples.persistent.main:create_app``"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query
from pydantic import BaseModel, Field

from examples.persistent.store import Store
from examples.persistent.suggest import FILMS, Film, suggest


class Rating(BaseModel):
    title: str
    stars: Annotated[int, Field(ge=1, le=5)]


def create_app(path: Path | None = None, chance: Random | None = None) -> FastAPI:
    app = FastAPI()
    store = Store(path or Path(os.environ.get("RATINGS", "ratings.db")))
    drawn_from = chance or Random()

    @app.get("/movie", responses={404: {"description": "Nothing fits."}})
    def movie(max_minutes: Annotated[int, Query(ge=1, le=999)] = 999) -> Film:
        film = suggest(FILMS, max_minutes, store.stars(), drawn_from)
        if film is None:
            raise HTTPException(404, "No film fits.")
        return film

    @app.post("/ratings", status_code=201, responses={404: {"description": "Unknown film."}})
    def rate(rating: Rating) -> Rating:
        if rating.title not in {film.title for film in FILMS}:
            raise HTTPException(404, "There is no such film.")
        store.rate(rating.title, rating.stars)
        return rating

    return app
