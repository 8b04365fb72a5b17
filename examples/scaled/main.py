"""``uvicorn --factory examples.scaled.main:create_app --no-access-log --workers 2``"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query
from pydantic import BaseModel, Field

from examples.scaled.limit import Limit
from examples.scaled.observe import observe
from examples.scaled.store import Store
from examples.scaled.suggest import FILMS, Film, suggest

VERSION = Path(__file__).with_name("VERSION").read_text("utf-8").strip()


class Rating(BaseModel):
    title: str
    stars: Annotated[int, Field(ge=1, le=5)]


def create_app(path: Path | None = None, chance: Random | None = None) -> FastAPI:
    app = FastAPI(title="Films", version=VERSION)
    # The inner one: what is refused is observed too.
    app.add_middleware(Limit, at_most=int(os.environ.get("AT_MOST", "50")))
    observe(app)
    store = Store(path or Path(os.environ.get("RATINGS", "ratings.db")))
    drawn_from = chance or Random()

    @app.get("/movie", responses={404: {"description": "Nothing fits."}})
    async def movie(max_minutes: Annotated[int, Query(ge=1, le=999)] = 999) -> Film:
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

    @app.get("/healthz")
    async def healthz() -> dict[str, str | int]:
        return {"status": "ok", "worker": os.getpid()}

    @app.get("/version")
    async def version() -> dict[str, str]:
        return {"version": VERSION, "commit": os.environ.get("COMMIT", "unknown")}

    return app
