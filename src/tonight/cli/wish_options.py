"""The options of ``tonight suggest``: a row of the table of parameters is an option."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tonight.services.query_parameters import PARAMETERS, Parameter

if TYPE_CHECKING:
    from tonight.domain.movie import Movie

#: How the value of an option is called in the help.
_METAVARS: Final = {"integer": "NUMBER", "number": "NUMBER", "string": "TEXT"}

#: The values that are as many as the films are, or nearly, and where a film has them.
_OF_FILMS: Final[Mapping[str, Callable[[Movie], Iterable[str]]]] = {
    "like": lambda movie: (movie.movie_id,),
    "dislike": lambda movie: (movie.movie_id,),
    "exclude": lambda movie: (movie.movie_id,),
    "language": lambda movie: movie.languages,
    "country": lambda movie: movie.countries,
}

#: The parameters that are options; the form of the answer has an option of its own.
WISHES: Final = tuple(parameter for parameter in PARAMETERS if parameter.name != "format")


def option_name(parameter_name: str) -> str:
    """The option of a parameter: ``max_minutes`` is ``--max-minutes``."""
    return f"--{parameter_name.replace('_', '-')}"


def completions(parameter: Parameter, incomplete: str) -> list[str]:
    """The values of a parameter that begin with what was typed so far, in whatever case."""
    values: Iterable[str] = parameter.schema.get("enum", ())
    of_film = _OF_FILMS.get(parameter.name)
    if of_film is not None:
        from tonight.embedded import load_catalogue  # noqa: PLC0415 - half a second, here only

        films = load_catalogue(with_movielens=True)
        values = sorted({value for movie in films for value in of_film(movie)})
    start = incomplete.casefold()
    found = [str(value) for value in values if value.casefold().startswith(start)]
    # Typer passes on only what begins exactly as it was typed; the case is ours to forgive.
    typed = [f"{incomplete}{value[len(incomplete) :]}" for value in found]
    if os.environ.get("_TONIGHT_COMPLETE") == "complete_bash":
        # The other shells quote by themselves.
        return [value.replace(" ", "\\ ") for value in typed]
    return typed


def with_wishes(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command an option for each wish, before its own options.

    Args:
        command: Takes the wishes as ``**wishes``, their texts by the name of the parameter.
    """
    own = [
        parameter
        for parameter in inspect.signature(command, eval_str=True).parameters.values()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    signature = inspect.Signature([*map(_option, WISHES), *own])
    vars(command)["__signature__"] = signature  # what Typer reads
    return command


def texts_of(wishes: Mapping[str, str | list[str] | None]) -> dict[str, list[str]]:
    """The texts of the options that were given, by the name of the parameter."""
    given = {name: value for name, value in wishes.items() if value}
    return {name: [value] if isinstance(value, str) else value for name, value in given.items()}


def _option(parameter: Parameter) -> inspect.Parameter:
    def complete(incomplete: str) -> list[str]:
        return completions(parameter, incomplete)

    example = parameter.example[0] if parameter.repeatable else parameter.example
    several = " May be given several times." if parameter.repeatable else ""
    option = typer.Option(
        option_name(parameter.name),
        help=f"{parameter.description}{several} Example: {example}",
        metavar=_METAVARS[parameter.schema["type"]],
        autocompletion=complete,
        show_default=False,
        rich_help_panel="Wishes",
    )
    kind: Any = list[str] if parameter.repeatable else str
    return inspect.Parameter(
        parameter.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind | None, option],
    )
