"""What the newcomer's page shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from tonight.web.pages.view import PAGE_PATH, Film, Notice, Query, Reason

WELCOME_PATH: Final = "/welcome"


class Answer(StrEnum):
    """What a viewer can say to a question."""

    LIKED = "liked"
    DISLIKED = "disliked"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Pick:
    """Tonight's film as it stands.

    Attributes:
        film: The film.
        reason: Why it.
        query: The parameters with which the main page shows the same film.
    """

    film: Film
    reason: Reason
    query: Query

    @property
    def url(self) -> str:
        """Where the film is shown as tonight's."""
        return f"{PAGE_PATH}?{urlencode(self.query)}"


@dataclass(frozen=True, slots=True)
class WelcomePage:
    """A question, and what the answers so far lead to.

    Attributes:
        question: The film that is asked about; ``None`` when the round is over.
        answers: What was said in this round, oldest first.
        n_questions: How many questions make a round.
        last_asked: The film that the last answer was about, for the way back.
        pick: Tonight's film as it stands; ``None`` when no film is left.
        liked: The films that the viewer likes, the newest first, at most a few of them.
        n_liked: How many they are.
        query: What the viewer looks for among all films.
        found: What was found; ``None`` where nothing was looked for.
        is_saving: Whether answers can be saved now.
        may_go_on: Whether there is another round.
        notice: What has just happened.
    """

    question: Film | None
    answers: tuple[Answer, ...]
    n_questions: int
    last_asked: str | None
    pick: Pick | None
    liked: tuple[Film, ...] = ()
    n_liked: int = 0
    query: str = ""
    found: tuple[Film, ...] | None = None
    is_saving: bool = True
    may_go_on: bool = False
    notice: Notice | None = None

    @property
    def back(self) -> str:
        """The local path of this page."""
        return WELCOME_PATH

    @property
    def number(self) -> int:
        """The number of the question, from 1."""
        return len(self.answers) + 1

    @property
    def steps(self) -> tuple[str, ...]:
        """One word for each question of the round: its answer, "now", or "ahead"."""
        ahead = self.n_questions - len(self.answers)
        coming = ("now", *("ahead",) * (ahead - 1)) if self.question else ("ahead",) * ahead
        return (*map(str, self.answers), *coming)
