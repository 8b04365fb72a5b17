"""What was just said, carried over one redirect in a cookie that lives a minute."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from tonight.domain.feedback import Feedback, FeedbackKind
from tonight.services.catalogue import Catalogue
from tonight.web.pages.view import Notice

NOTICE_COOKIE: Final = "tonight_notice"
MAX_AGE_SECONDS: Final = 60

_KINDS: Final = frozenset(kind.value for kind in FeedbackKind)
_UNDONE: Final = "undone"
_DELETED: Final = "deleted"
_TEXTS: Final = {
    FeedbackKind.LIKED: "Noted: you like {title}. What follows builds on it.",
    FeedbackKind.OKAY: "Noted: {title} was okay.",
    FeedbackKind.DISLIKED: "Noted: {title} was not for you.",
    FeedbackKind.SEEN: "Noted: you have seen {title}.",
    FeedbackKind.NOT_TONIGHT: "{title}: not tonight. It may come back tomorrow.",
    FeedbackKind.NEVER: "{title} will never be suggested again.",
}


def leave_notice(response: Response, feedback: Feedback) -> None:
    """Lets the next page say what was saved or taken back."""
    kind = feedback.kind if feedback.undone_at is None else _UNDONE
    _leave(response, f"{kind}.{feedback.movie_id}.{feedback.feedback_id}")


def leave_notice_of_deletion(response: Response) -> None:
    """Lets the next page say that everything was deleted."""
    _leave(response, _DELETED)


def _leave(response: Response, value: str) -> None:
    response.set_cookie(
        NOTICE_COOKIE,
        value,
        max_age=MAX_AGE_SECONDS,
        path="/",
        httponly=True,
        samesite="lax",
    )


def read_notice(request: Request, catalogue: Catalogue) -> Notice | None:
    """What the page before this one saved, if anything.

    The cookie is not signed: all it can do is to make a page say one of these sentences about a
    film of the catalogue.
    """
    value = request.cookies.get(NOTICE_COOKIE, "")
    if value == _DELETED:
        return Notice("Everything is deleted. We don’t know you any more.")
    parts = value.split(".")
    if len(parts) != 3:
        return None
    kind, movie_id, feedback_id = parts
    index = catalogue.find(movie_id)
    if index is None:
        return None
    title = catalogue.movies[index].title
    if kind == _UNDONE:
        return Notice(f"Taken back: what you said about {title}.")
    if kind not in _KINDS:
        return None
    return Notice(
        _TEXTS[FeedbackKind(kind)].format(title=title),
        undo_feedback_id=feedback_id,
        rate_movie_id=movie_id if kind == FeedbackKind.SEEN else None,
    )


def all_shown(n_fitting: int) -> Notice:
    """Says that the round begins anew: every film that fits has been shown this evening."""
    text = (
        "This is the one film that fits; you have seen it this evening."
        if n_fitting == 1
        else f"That was all: you have been shown each of the {n_fitting} films that fit. "
        "Here they come again."
    )
    return Notice(text)


def forget_notice(request: Request, response: Response) -> None:
    """Takes the cookie back once its sentence has been shown."""
    if NOTICE_COOKIE in request.cookies:
        response.delete_cookie(NOTICE_COOKIE, path="/", httponly=True, samesite="lax")
