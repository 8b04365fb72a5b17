"""Viewers who ask for films and rate them, all the time, and remember what they were told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import httpx2 as httpx

#: Between what one viewer does: a busy evening, for a small machine.
_PAUSE_SECONDS: Final = 0.4


@dataclass(slots=True)
class Viewer:
    """One of them.

    Attributes:
        number: Which of all: the last part of the address that he comes from.
        url: Where he asks.
        keeps: Whether he keeps his connection, as a browser does, or makes a new one each time.
        rated: What was acknowledged: the rating's id, and the film.
        failed: When a request began that failed, and how it did.
        commits: Which releases he has met.
        n_answers: How many requests were answered as they should.
        cookies: Who he is.
        begun: When his last request began.
    """

    number: int
    url: str
    keeps: bool
    rated: dict[str, str] = field(default_factory=dict)
    failed: list[tuple[datetime, str]] = field(default_factory=list)
    commits: set[str] = field(default_factory=set)
    n_answers: int = 0
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    begun: datetime = field(default_factory=lambda: datetime.now(UTC))

    def client(self) -> httpx.Client:
        """A connection of his own; he comes from outside, by another proxy."""
        return httpx.Client(
            base_url=self.url,
            cookies=self.cookies,
            headers={"X-Forwarded-For": f"203.0.113.{self.number}", "Accept": "application/json"},
            timeout=20,
        )

    def watch(self, end: threading.Event) -> None:
        """Asks and rates until the end."""
        client = self.client()
        while not end.wait(_PAUSE_SECONDS):
            if not self.keeps:
                client.close()
                client = self.client()
            self.begun = datetime.now(UTC)
            try:
                self._suggestion(client)
                self.commits.add(self._ask(client, "GET", "/version")["commit"])
            except (httpx.HTTPError, AssertionError) as error:
                self.failed.append((self.begun, repr(error)))
            self.cookies = client.cookies
        client.close()

    def _suggestion(self, client: httpx.Client) -> None:
        film = self._ask(client, "GET", "/movie")["movie"]["movie_id"]
        if film in self.rated.values():
            return
        rating = {"movie_id": film, "kind": "liked"}
        saved = self._ask(client, "POST", "/api/v1/feedback", rating)
        self.rated[saved["feedback_id"]] = film

    def _ask(
        self, client: httpx.Client, method: str, path: str, body: dict[str, str] | None = None
    ) -> dict[str, Any]:
        self.begun = datetime.now(UTC)
        answer = client.request(method, path, json=body)
        assert answer.is_success, f"{method} {path} {answer.status_code}"
        self.n_answers += 1
        read: dict[str, Any] = answer.json()
        return read

    def lost(self) -> set[str]:
        """Ratings that were acknowledged, and are not there exactly once."""
        with self.client() as client:
            known = client.get("/api/v1/export").json()["feedback"]
        ids = [each["feedback_id"] for each in known]
        films = [each["movie_id"] for each in known]
        return {
            rating
            for rating, film in self.rated.items()
            if ids.count(rating) != 1 or films.count(film) != 1
        }


@contextmanager
def watching(url: str, n: int) -> Iterator[list[Viewer]]:
    """Viewers who watch inside the block; every second one keeps his connection."""
    viewers = [Viewer(number, url, keeps=number % 2 == 0) for number in range(1, n + 1)]
    end = threading.Event()
    threads = [threading.Thread(target=each.watch, args=(end,)) for each in viewers]
    for thread in threads:
        thread.start()
    try:
        yield viewers
        time.sleep(1)  # what they see afterwards counts too
    finally:
        end.set()
        for thread in threads:
            thread.join()
