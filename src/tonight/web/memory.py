"""Saving and taking back what a viewer says, for the API and the page alike."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from tonight.domain.errors import FeedbackNotFoundError
from tonight.domain.feedback import Feedback, FeedbackKind
from tonight.observability import metrics
from tonight.services.give_feedback import give_feedback
from tonight.web.state import state_of
from tonight.web.viewer import ASKED_COOKIE, SHOWN_COOKIE, VIEWER_COOKIE, new_profile_id

#: What a statement says of a film that was suggested this evening.
_VERDICTS: Final = {
    FeedbackKind.LIKED: "accepted",
    FeedbackKind.OKAY: "accepted",
    FeedbackKind.SEEN: "known",
}


def viewers_now(request: Request, now: datetime | None) -> datetime:
    """The viewer's time: what he says, or else ours in the zone that the operator has set."""
    if now is not None:
        return now
    application = state_of(request).application
    return application.clock().astimezone(application.zone)


async def save(
    request: Request,
    movie_id: str,
    kind: FeedbackKind,
    now: datetime | None,
    idempotency_key: str | None = None,
) -> tuple[Feedback, str]:
    """Saves a statement; a viewer without a profile gets one.

    Returns:
        The statement, and the viewer's profile: ``remember`` puts it into the answer.

    Raises:
        MovieNotFoundError: There is no such film.
        IdempotencyConflictError: The key was used for something else.
        StorageError: Nothing was saved.
    """
    state = state_of(request)
    application = state.application
    profile_id = state.cookies.profile_id(request) or new_profile_id()
    moment = viewers_now(request, now)
    # Looked up before the database is: an unknown film is the client's mistake in any case.
    application.library.catalogue.index(movie_id)

    def write() -> Feedback:
        with application.storage_errors_noted(), application.unit_of_work.writing() as store:
            return give_feedback(
                store,
                application.library.catalogue,
                profile_id,
                movie_id,
                kind,
                moment,
                idempotency_key,
            )

    feedback = await to_thread.run_sync(write)
    metrics.FEEDBACK.add(feedback.kind.value)
    if movie_id in state.cookies.shown(request, moment):
        metrics.JUDGED.add(_VERDICTS.get(feedback.kind, "rejected"))
    return feedback, profile_id


async def undo(request: Request, feedback_id: str) -> Feedback:
    """Takes a statement back.

    Raises:
        FeedbackNotFoundError: The viewer has not made such a statement.
        StorageError: Nothing was changed.
    """
    state = state_of(request)
    application = state.application
    profile_id = state.cookies.profile_id(request)
    if profile_id is None:
        raise FeedbackNotFoundError(feedback_id)

    def write() -> Feedback:
        with application.storage_errors_noted(), application.unit_of_work.writing() as store:
            return store.undo(profile_id, feedback_id, application.clock())

    undone = await to_thread.run_sync(write)
    metrics.FEEDBACK_UNDONE.add()
    return undone


async def everything(request: Request) -> list[Feedback]:
    """All that the viewer has ever said, with what was taken back, oldest first.

    Raises:
        StorageError: It cannot be read.
    """
    state = state_of(request)
    application = state.application
    profile_id = state.cookies.profile_id(request)
    if profile_id is None:
        return []

    def read() -> list[Feedback]:
        with application.storage_errors_noted(), application.unit_of_work.reading() as store:
            return store.everything(profile_id)

    return await to_thread.run_sync(read)


async def forget(request: Request) -> int:
    """Deletes everything that is known of the viewer; ``forget_viewer`` ends it in the browser.

    Returns:
        How many statements were deleted.

    Raises:
        StorageError: Something may be left.
    """
    state = state_of(request)
    application = state.application
    profile_id = state.cookies.profile_id(request)
    if profile_id is None:
        return 0

    def write() -> int:
        with application.storage_errors_noted():
            return application.unit_of_work.forget(profile_id)

    return await to_thread.run_sync(write)


def forget_viewer(response: Response) -> None:
    """Lets the browser forget who the viewer is, what he was shown and asked."""
    for name in (VIEWER_COOKIE, SHOWN_COOKIE, ASKED_COOKIE):
        response.delete_cookie(name, path="/", httponly=True, samesite="lax")


def remember(request: Request, response: Response, profile_id: str) -> None:
    """Lets the browser keep the profile, for as long as browsers keep anything."""
    state_of(request).cookies.set_profile_id(request, response, profile_id)
