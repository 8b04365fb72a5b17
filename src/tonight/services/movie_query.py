"""What a viewer asks for: read by the table of the parameters, with everything wrong at once."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, Final

from tonight.domain.errors import InvalidParameter, InvalidRequestError
from tonight.domain.evening import minutes_until
from tonight.domain.wishes import Wishes
from tonight.services.query_parameters import PARAMETERS, Parameter

if TYPE_CHECKING:
    # The command line's help must not wait for NumPy.
    from tonight.services.catalogue import Catalogue

MAX_HINTS: Final = 20

_BY_NAME: Final = {parameter.name: parameter for parameter in PARAMETERS}


@dataclass(frozen=True, slots=True)
class MovieQuery:
    """What a viewer asks for.

    Attributes:
        wishes: The wishes, every id replaced by the film's own ``movie_id``.
        now: The viewer's time, with the viewer's offset or zone.
        now_given: Whether the request said what time it is.
        format: ``json`` or ``html`` where the request overrides its ``Accept``.
    """

    wishes: Wishes
    now: datetime
    now_given: bool
    format: str | None


@dataclass(frozen=True, slots=True)
class TimelessQuery:
    """What a viewer asks for, whenever he does.

    Attributes:
        wishes: As in ``MovieQuery``, but for the minutes left.
        now: The viewer's time where the request says it.
        format: As in ``MovieQuery``.
    """

    wishes: Wishes
    now: datetime | None
    format: str | None

    def at(self, clock: Callable[[], datetime], zone: tzinfo | None) -> MovieQuery:
        """What is asked for at this moment.

        Args:
            clock: The present moment in UTC, for viewers who do not say what time it is.
            zone: The viewers' zone, for the same; ``None`` is the machine's own.

        Raises:
            InvalidRequestError: The evening is over already.
        """
        moment = self.now or clock().astimezone(zone)
        wishes = self.wishes
        if wishes.until is not None:
            left = minutes_until(wishes.until, moment)
            if left is None:
                message = f"{wishes.until:%H:%M} has passed: it is {moment:%H:%M}"
                raise InvalidRequestError([InvalidParameter("until", message)])
            wishes = replace(wishes, minutes_left=left)
        return MovieQuery(wishes, moment, self.now is not None, self.format)


def read_movie_query(texts: Mapping[str, Sequence[str]], catalogue: Catalogue) -> TimelessQuery:
    """Understands what a viewer asks for.

    Args:
        texts: The values of each parameter by its name, as they were written.
        catalogue: The films, for ids and names.

    Raises:
        InvalidRequestError: Something is wrong; carries every reason at once.
    """
    values: dict[str, Any] = {}
    errors: list[InvalidParameter] = []
    for name, given in texts.items():
        parameter = _BY_NAME.get(name)
        if parameter is None:
            # Beyond a few nobody reads on, and looking for the near names costs time.
            message = _unknown(name) if len(errors) < MAX_HINTS else "unknown parameter"
            errors.append(InvalidParameter(name[:100], message))
        elif not parameter.repeatable and len(given) > 1:
            errors.append(InvalidParameter(name, "may be given only once"))
        elif parameter.repeatable and len(given) > parameter.max_values:
            message = f"may be given at most {parameter.max_values} times"
            errors.append(InvalidParameter(name, message))
        else:
            _read(parameter, given, catalogue, values, errors)
    now = values.pop("now", None)
    answer_format = values.pop("format", None)
    wishes = Wishes(**values)
    _contradictions(wishes, errors)
    if errors:
        raise InvalidRequestError(errors)
    return TimelessQuery(wishes, now, answer_format)


def _read(
    parameter: Parameter,
    texts: Sequence[str],
    catalogue: Catalogue,
    values: dict[str, Any],
    errors: list[InvalidParameter],
) -> None:
    read: list[Any] = []
    for text in texts:
        try:
            read.append(parameter.read(text.strip(), catalogue))
        except ValueError as error:
            errors.append(InvalidParameter(parameter.name, str(error)))
            return
    values[parameter.name] = tuple(dict.fromkeys(read)) if parameter.repeatable else read[0]


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name[:100], _BY_NAME, n=1)
    return f"unknown parameter; did you mean {near[0]}?" if near else "unknown parameter"


def _contradictions(wishes: Wishes, errors: list[InvalidParameter]) -> None:
    errors.extend(
        InvalidParameter("dislike", f"{movie_id} is liked and disliked")
        for movie_id in wishes.dislike
        if movie_id in wishes.like
    )
    errors.extend(
        InvalidParameter("without_genre", f"{genre} is wanted and unwanted")
        for genre in wishes.without_genre
        if genre in wishes.genre
    )
    if (
        wishes.min_year is not None
        and wishes.max_year is not None
        and wishes.min_year > wishes.max_year
    ):
        errors.append(InvalidParameter("min_year", "must not be after max_year"))
