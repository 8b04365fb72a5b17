"""What the routes work with: the wired application and what follows from it once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from anyio import to_thread
from starlette.requests import Request

from tonight.bootstrap import Application
from tonight.domain.errors import StorageError
from tonight.domain.feedback import Taste, taste_of
from tonight.services.search_index import SearchIndex
from tonight.web.pages.view import Choices
from tonight.web.viewer import Cookies


@dataclass(frozen=True, slots=True)
class WebState:
    """One worker's state.

    Attributes:
        application: Everything below the front door.
        cookies: Signs and reads the cookies.
        choices: What the page's form offers.
        search: Gives what finds films by what is typed. It is made when it is first asked for: the
            start need not wait for it.
    """

    application: Application
    cookies: Cookies
    choices: Choices
    search: Callable[[], SearchIndex]


def state_of(request: Request) -> WebState:
    """The worker's state."""
    state: WebState = request.app.state.tonight
    return state


async def read_taste(state: WebState, profile_id: str | None, now: datetime) -> Taste | None:
    """What the viewer has said so far; ``None`` when it cannot be read at the moment."""
    if profile_id is None:
        return Taste()

    def read() -> Taste:
        with state.application.unit_of_work.reading() as store:
            return taste_of(store.history(profile_id), now)

    try:
        return await to_thread.run_sync(read)
    except StorageError as error:
        state.application.note_storage_error(error)
        return None
