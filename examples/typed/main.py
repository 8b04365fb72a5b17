"""``uvicorn examples.typed.main:app``"""

from __future__ import annotations

from random import choice
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query
from pydantic import BaseModel


class Film(BaseModel):
    title: str
    year: int
    minutes: int


FILMS = [
    Film(title="Metropolis", year=1927, minutes=153),
    Film(title="Casablanca", year=1942, minutes=102),
    Film(title="Alien", year=1979, minutes=117),
]
app = FastAPI()


@app.get("/movie", responses={404: {"description": "No film is that short."}})
async def movie(max_minutes: Annotated[int, Query(ge=1, le=999)] = 999) -> Film:
    fitting = [film for film in FILMS if film.minutes <= max_minutes]
    if not fitting:
        raise HTTPException(404, f"No film takes {max_minutes} minutes or less.")
    return choice(fitting)
