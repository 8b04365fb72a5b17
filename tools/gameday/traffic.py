"""Viewers: they ask for films, say what they think of them, and note what they got."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

#: What viewers ask for; the films are in the embedded catalogue.
QUESTIONS: Final = (
    "/movie",
    "/movie?max_minutes=120",
    "/movie?like=the-matrix-1999&max_minutes=140",
    "/movie?genre=Comedy&min_year=1990",
    "/movie?language=French",
)
KINDS: Final = ("liked", "okay", "disliked", "not_tonight", "seen")

#: Longer than any deadline of the service.
_PATIENCE_SECONDS: Final = 15

What = Literal["suggestion", "feedback"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a viewer got.

    Attributes:
        moment: When he asked, by the monotonic clock.
        what: What he wanted.
        status: HTTP's; 0 when there was no answer at all.
        seconds: How long it took.
        retry_after: What the answer says about when to try again.
    """

    moment: float
    what: What
    status: int
    seconds: float
    retry_after: str | None


class Traffic:
    """Viewers in threads of their own.

    Attributes:
        answers: What all of them got so far.
    """

    def __init__(self, port: int) -> None:
        self.answers: list[Answer] = []
        self._port = port
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def add(self, viewers: int, pause_seconds: float, address: str = "127.0.0.1") -> None:
        """Lets more viewers come.

        Args:
            viewers: How many.
            pause_seconds: How long each thinks between two requests, on average.
            address: Where they come from; any of 127.0.0.0/8.
        """
        for number in range(viewers):
            seed = len(self._threads) + number
            thread = threading.Thread(
                target=self._view, args=(seed, pause_seconds, address), daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def since(self, moment: float, what: What = "suggestion") -> list[Answer]:
        """What was asked since a moment and has been answered."""
        return [a for a in list(self.answers) if a.moment >= moment and a.what == what]

    def stop(self) -> None:
        """Sends everybody home."""
        self._stop.set()
        for thread in self._threads:
            thread.join(_PATIENCE_SECONDS + 5)

    def _view(self, seed: int, pause_seconds: float, address: str) -> None:
        rng = random.Random(seed)  # noqa: S311 - viewers need not be secret
        cookies: dict[str, str] = {}
        connection: http.client.HTTPConnection | None = None
        film = "the-matrix-1999"
        while not self._stop.wait(rng.uniform(0.5, 1.5) * pause_seconds):
            if connection is None:
                connection = http.client.HTTPConnection(
                    "127.0.0.1", self._port, timeout=_PATIENCE_SECONDS, source_address=(address, 0)
                )
            what: What = "feedback" if rng.random() < 0.25 else "suggestion"
            headers = {"Accept": "application/json", "Tonight-Client": "gameday"}
            if cookies:
                headers["Cookie"] = "; ".join(f"{key}={value}" for key, value in cookies.items())
            begin = time.monotonic()
            status, retry_after = 0, None
            try:
                if what == "feedback":
                    body = json.dumps({"movie_id": film, "kind": rng.choice(KINDS)})
                    headers["Content-Type"] = "application/json"
                    connection.request("POST", "/api/v1/feedback", body, headers)
                else:
                    connection.request("GET", rng.choice(QUESTIONS), headers=headers)
                answer = connection.getresponse()
                content = answer.read()
                status, retry_after = answer.status, answer.headers.get("Retry-After")
                for cookie in answer.headers.get_all("Set-Cookie") or ():
                    name, _, value = cookie.partition(";")[0].partition("=")
                    cookies[name] = value
                if what == "suggestion" and status == 200:
                    film = json.loads(content)["movie"]["movie_id"]
            except (OSError, http.client.HTTPException):
                connection.close()
                connection = None
            seconds = time.monotonic() - begin
            self.answers.append(Answer(begin, what, status, seconds, retry_after))
        if connection is not None:
            connection.close()


@contextmanager
def viewers(port: int, count: int = 4, pause_seconds: float = 0.2) -> Iterator[Traffic]:
    """Viewers that come and go during the block."""
    traffic = Traffic(port)
    traffic.add(count, pause_seconds)
    try:
        yield traffic
    finally:
        traffic.stop()


def share_answered(answers: Sequence[Answer]) -> float:
    """The share of suggestions that were answered with a film, or that none fits; 1 of none."""
    good = sum(answer.status in (200, 404) for answer in answers)
    return good / len(answers) if answers else 1.0


def quantile(answers: Sequence[Answer], q: float) -> float:
    """A quantile of the seconds; 0 of none."""
    seconds = sorted(answer.seconds for answer in answers)
    return seconds[min(len(seconds) - 1, int(q * len(seconds)))] if seconds else 0.0
