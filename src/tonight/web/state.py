"""What the routes work with: the wired application and what follows from it once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from anyio import to_thread
from starlette.requests import Request

from tonight.bootstrap import Application
from tonight.domain.errors import StorageBusyError, StorageError
from tonight.domain.feedback import Taste, standing, taste_of
from tonight.services.movie_query import TimelessQuery
from tonight.services.ports import UnitOfWork
from tonight.services.search_index import SearchIndex
from tonight.web.api.film_json import FilmsAsJson
from tonight.web.capacity import Capacity
from tonight.web.pages.view import Choices
from tonight.web.viewer import Cookies


@dataclass(frozen=True, slots=True)
class Origin:
    """Where that which runs is from, as far as whoever built it has said it.

    Attributes:
        commit: What it was built from.
        source: Where that is published.
        build: The run of the pipeline that built it.
    """

    commit: str | None
    source: str | None
    build: str | None


@dataclass(frozen=True, slots=True)
class WebState:
    """One worker's state.

    Attributes:
        application: Everything below the front door.
        cookies: Signs and reads the cookies.
        choices: What the page's form offers.
        search: Gives what finds films by what is typed. It is made when it is first asked for: the
            start need not wait for it.
        capacity: What the worker can take, and whether it is about to stop.
        origin: Where the release is from.
        queries: Understands the query strings of ``GET /movie``.
        films_as_json: Films as JSON, filled as they are sent: their facts do not change.
    """

    application: Application
    cookies: Cookies
    choices: Choices
    search: Callable[[], SearchIndex]
    capacity: Capacity
    origin: Origin
    queries: Callable[[bytes], TimelessQuery]
    films_as_json: FilmsAsJson = field(default_factory=FilmsAsJson)


def state_of(request: Request) -> WebState:
    """The worker's state."""
    state: WebState = request.app.state.tonight
    return state


def _read_with_patience(memory: UnitOfWork, profile_id: str, now: datetime) -> Taste:
    with memory.reading() as store:
        return taste_of(standing(store.history(profile_id)), now)


async def read_taste(state: WebState, profile_id: str | None, now: datetime) -> Taste | None:
    """What the viewer has said so far; ``None`` when it cannot be read at the moment."""
    if profile_id is None:
        return Taste()

    memory = state.application.unit_of_work

    try:
        if memory.reads_at_once:
            with suppress(StorageBusyError):
                return memory.taste(profile_id, now)
        return await to_thread.run_sync(_read_with_patience, memory, profile_id, now)
    except StorageError as error:
        state.application.note_storage_error(error)
        return None
