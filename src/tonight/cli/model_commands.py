"""The commands of ``tonight model`` with their options and their help."""

from __future__ import annotations

from typing import Annotated, Final

import typer

model: Final = typer.Typer(
    help="Look after the model: list, show, publish, roll back.",
    no_args_is_help=True,
)


def _given(reason: str | None) -> str | None:
    """The reason as it was given.

    Raises:
        typer.BadParameter: It says nothing, and the manifest would keep that.
    """
    if reason is not None and not reason.strip():
        raise typer.BadParameter("say why")
    return reason


FORCE: Final = typer.Option(
    "--force",
    metavar="REASON",
    callback=_given,
    help="Publish it even if it is worse; the manifest keeps why.",
)
_AS_JSON: Final = typer.Option("--json", help="Print JSON, for programs.")


@model.command(
    "list",
    help="List the versions that are kept, the newest first, with what was measured of each.\n\n"
    "Three stay, the one in use among them, and the newest of those that were refused.",
    epilog="Examples:\n\ntonight model list\ntonight model list --json",
)
def list_models(*, as_json: Annotated[bool, _AS_JSON] = False) -> None:
    """Lists the versions."""
    from tonight.cli import model as command  # noqa: PLC0415

    command.list_models(as_json=as_json)


@model.command(
    help="Show what one version is, after every byte of it was checked.\n\n"
    "Its data's hash, its parameters, what was measured, and the release that trained it.",
    epilog="Examples:\n\ntonight model show\n"
    "tonight model show 20261127T201500Z-3f9c2ab41d07 --json",
)
def show(
    version: Annotated[
        str | None,
        typer.Argument(metavar="[VERSION]", help="The version; the current one when left out."),
    ] = None,
    *,
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Shows a version."""
    from tonight.cli import model as command  # noqa: PLC0415

    command.show(version, as_json=as_json)


@model.command(
    help="Make a version that is kept the current one.\n\n"
    "It is refused, with the exit code 4, when it is worse than popularity, worse than the one in "
    "use by more than 0.01 of nDCG@100, or covers fewer films. A service that runs takes it "
    "within seconds.",
    epilog="Examples:\n\ntonight model publish 20261127T201500Z-3f9c2ab41d07\n"
    "tonight model publish 20261127T201500Z-3f9c2ab41d07 --force 'the older data were wrong'",
)
def publish(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="The version.")],
    force: Annotated[str | None, FORCE] = None,
    *,
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Publishes a version."""
    from tonight.cli import model as command  # noqa: PLC0415

    command.publish(version, force, as_json=as_json)


@model.command(
    help="Measure how much the viewers' own feedback should count in the next trainings.\n\n"
    "Each weight is tried on three viewers of five, one of five decides, and one of five, who had "
    "no part in it, says what the choice is worth. Takes one training for each weight. With fewer "
    "than 100 viewers who have said enough nothing is changed, and the exit code is 1.",
    epilog="Examples:\n\ntonight model weigh\ntonight model weigh --json",
)
def weigh(*, as_json: Annotated[bool, _AS_JSON] = False) -> None:
    """Weighs the feedback."""
    from tonight.cli import model as command  # noqa: PLC0415

    command.weigh(as_json=as_json)


@model.command(
    help="Go back to an earlier version, whatever was measured of it.\n\n"
    "Without a name that is the newest one before the current one that is whole and was not "
    "refused. A service that runs takes it within seconds.",
    epilog="Examples:\n\ntonight model rollback\n"
    "tonight model rollback 20261127T201500Z-3f9c2ab41d07",
)
def rollback(
    version: Annotated[
        str | None, typer.Argument(metavar="[VERSION]", help="The version to go back to.")
    ] = None,
    *,
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Goes back to an earlier version."""
    from tonight.cli import model as command  # noqa: PLC0415

    command.rollback(version, as_json=as_json)
