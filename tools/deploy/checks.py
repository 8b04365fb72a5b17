"""Whether a release does what it is for, asked in its slot before it takes a request of others."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import httpx2 as httpx
from prometheus_client.parser import text_string_to_metric_families

from tools.deploy.live import StoppedError
from tools.deploy.records import Release

_SECONDS: Final = 10.0


def door(address: str) -> httpx.Client:
    """A client of a slot, through the proxy as everybody's."""
    return httpx.Client(
        base_url=f"http://{address}", timeout=_SECONDS, headers={"Tonight-Client": "monitoring"}
    )


def wait_until_ready(
    client: httpx.Client, is_gone: Callable[[], str | None], seconds: float
) -> None:
    """Waits until a release says that requests can be sent to it.

    Args:
        client: See ``door``.
        is_gone: Says why it will never be ready, when that is known.
        seconds: How long at most.

    Raises:
        StoppedError: It does not in that time.
    """
    end = time.monotonic() + seconds
    said = "nothing"
    while time.monotonic() < end:
        try:
            answer = client.get("/readyz", timeout=2)
            if answer.status_code == 200:
                return
            said = str(answer.status_code)
        except httpx.TransportError as error:
            said = type(error).__name__
        reason = is_gone()
        if reason is not None:
            raise StoppedError(f"it does not start: {reason}")
        time.sleep(0.2)
    raise StoppedError(f"it was not ready within {seconds:g} s; /readyz said {said}")


def require_version(client: httpx.Client, release: Release, head: str) -> None:
    """Makes sure that what runs is the release.

    Args:
        client: See ``door``.
        release: What its image says that it is.
        head: The schema that it works with, by its migrations.

    Raises:
        StoppedError: It is another one.
    """
    said = _json(client.get("/version"))
    wanted = {"version": release.version, "commit": release.commit, "schema": head}
    for name, value in wanted.items():
        if said.get(name) != value:
            raise StoppedError(f"/version says {name} {said.get(name)!r}, its image {value!r}")


def try_out(client: httpx.Client) -> None:
    """Makes sure that it suggests a film with a reason, and keeps a rating; leaves nothing behind.

    Raises:
        StoppedError: It does not; says what it answered.
    """
    # It takes no database whose schema is older than it needs.
    _json(client.get("/readyz"), database="ok")
    suggestion = _json(client.get("/movie"))
    if not suggestion["reason"]["text"]:
        raise StoppedError("a suggestion has no reason")
    movie_id = suggestion["movie"]["movie_id"]
    rating = {"movie_id": movie_id, "kind": "liked"}
    saved = _json(client.post("/api/v1/feedback", json=rating), status=201)
    try:
        history = _json(client.get("/api/v1/history"))["feedback"]
        if [each["movie_id"] for each in history] != [movie_id]:
            raise StoppedError("a rating that was saved is not in the history")
        undone = client.delete(f"/api/v1/feedback/{saved['feedback_id']}")
        if not undone.is_success or _json(client.get("/api/v1/history"))["feedback"]:
            raise StoppedError(f"a rating cannot be undone: {undone.status_code}")
    finally:
        client.delete("/api/v1/history")


def require_metrics(metrics: str, release: Release) -> None:
    """Makes sure that its listener tells the release, and the suggestion that was just made.

    Args:
        metrics: What the listener says.
        release: What is to run.

    Raises:
        StoppedError: It does not, so nobody could watch it.
    """
    samples = [
        sample for family in text_string_to_metric_families(metrics) for sample in family.samples
    ]
    builds = [each.labels for each in samples if each.name == "tonight_build_info"]
    if [(each["version"], each["commit"]) for each in builds] != [
        (release.version, release.commit)
    ]:
        raise StoppedError(f"its metrics say that it is {builds}")
    if not any(
        each.name == "tonight_requests_total" and each.labels["route"] == "/movie" and each.value
        for each in samples
    ):
        raise StoppedError("its metrics do not count a suggestion")


def _json(answer: httpx.Response, status: int = 200, **wanted: str) -> dict[str, Any]:
    request = f"{answer.request.method} {answer.request.url.path}"
    if answer.status_code != status:
        raise StoppedError(f"{request} answered {answer.status_code}")
    body: dict[str, Any] = answer.json()
    for name, value in wanted.items():
        if body.get(name) != value:
            raise StoppedError(f"{request} says {name} {body.get(name)!r}, and not {value!r}")
    return body
