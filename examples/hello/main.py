"""``uvicorn examples.hello.main:app``"""

from random import choice

from fastapi import FastAPI

FILMS = {"Metropolis": 153, "Casablanca": 102, "Alien": 117}
app = FastAPI()


@app.get("/movie")
def movie(max_minutes=999):
    return {"title": choice([film for film in FILMS if FILMS[film] <= int(max_minutes)])}
