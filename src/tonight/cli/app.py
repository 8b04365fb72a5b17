"""``tonight``: every command, and what happens when one fails."""

from __future__ import annotations

import sys

import typer

from tonight.cli import serve, train
from tonight.domain.errors import TonightError
from tonight.settings import SettingsError

app = typer.Typer(
    help="One good film for this evening, with a true reason.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command(name="serve")(serve.serve)
app.command(name="train")(train.train)


@app.callback()
def _root() -> None:
    """One good film for this evening, with a true reason."""


def main() -> None:
    """Runs the command line; an expected failure is a message, not a traceback."""
    try:
        app()
    except (SettingsError, TonightError, OSError) as error:
        print(f"tonight: {error}", file=sys.stderr)
        sys.exit(1)
