"""``tonight``: every command with its options and its help.

A command's work is imported when it runs: the help must not wait for NumPy.
"""

from __future__ import annotations

import signal
import sys
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from tonight.cli.db_commands import db
from tonight.cli.exit_codes import FAILED
from tonight.cli.messages import complain
from tonight.cli.model_commands import FORCE, model
from tonight.cli.wish_options import with_wishes
from tonight.domain.errors import TonightError

_AS_JSON: Final = typer.Option("--json", help="Print JSON, for programs.")
_HOST: Final = typer.Option(help="The address to listen at.")
_PORT: Final = typer.Option(min=0, max=65_535, help="The port to listen at; 0 takes a free one.")


class Commands(TyperGroup):
    """The commands; an expected failure of any of them is a message, not a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Runs a command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except (TonightError, OSError) as error:
            complain(str(error))
            raise typer.Exit(FAILED) from error


app = typer.Typer(
    cls=Commands,
    help="One good film for this evening, with a true reason.",
    epilog=(
        "Examples:\n\n"
        "tonight suggest --genre Comedy --max-minutes 100\n"
        "tonight search amelie\n"
        "tonight serve\n\n"
        "The settings are environment variables (TONIGHT_DATA_DIR, TONIGHT_TIMEZONE, ...); "
        "tonight doctor checks them."
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(db, name="db")
app.add_typer(model, name="model")


@app.command(
    help="Suggest one film for tonight.\n\n"
    "The wishes are those of the service's GET /movie, and all can be combined. Nothing is saved. "
    "The first run trains the model, which takes some seconds. When no film fits, the answer says "
    "which wish to relax, and the exit code is 3.",
    epilog=(
        "Examples:\n\n"
        "tonight suggest\n"
        "tonight suggest --like the-matrix-1999 --like alien-1979 --until 22:30\n"
        "tonight suggest --genre Comedy --without-genre Romance --max-certificate PG-13\n"
        "tonight suggest --language French --novelty 0.8 --seed 7 --json"
    ),
)
@with_wishes
def suggest(
    *,
    as_json: Annotated[bool, _AS_JSON] = False,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the film in the browser, in a running service.")
    ] = False,
    service: Annotated[
        str, typer.Option(metavar="URL", help="The running service, for --open.")
    ] = "http://127.0.0.1:8000",
    **wishes: str | list[str] | None,
) -> None:
    """Suggests one film."""
    from tonight.cli import suggest as command  # noqa: PLC0415

    command.suggest(wishes, as_json=as_json, opened_at=service if open_page else None)


@app.command(
    help="Find films by their titles, years, directors and actors, in any spelling.\n\n"
    "The ids that are shown are what tonight suggest --like takes. Where the output is no terminal "
    "each film is a line: id, title and directors, with tabs between them.",
    epilog="Examples:\n\n"
    "tonight search amelie\n"
    "tonight search starwars 5 --limit 3\n"
    "tonight suggest --like $(tonight search blade runner --limit 1 | cut -f 1)",
)
def search(
    query: Annotated[list[str], typer.Argument(metavar="WORDS", help="What you know of the film.")],
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many films.")] = 10,
    *,
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Finds films."""
    from tonight.cli import search as command  # noqa: PLC0415

    command.search(" ".join(query), limit, as_json=as_json)


@app.command(
    help="Serve the page and the API.\n\n"
    "The first start trains the model, which takes some seconds. Ctrl-C stops the service after "
    "the requests that it is answering.",
    epilog=(
        "Examples:\n\n"
        "tonight serve\n"
        "tonight serve --port 8080 --workers 2\n"
        "TONIGHT_DATA_DIR=/srv/tonight tonight serve --host 0.0.0.0"
    ),
)
def serve(
    host: Annotated[str, _HOST] = "127.0.0.1",
    port: Annotated[int, _PORT] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that serve.")] = 1,
) -> None:
    """Runs the service."""
    from tonight.cli import serve as command  # noqa: PLC0415

    command.serve(host, port, workers)


@app.command(
    help="Train the model anew and make it the current one.\n\n"
    "The first start trains by itself. A service that runs takes the new model within seconds, "
    "without a restart. A model that is worse is kept and not used, and the exit code is 4.",
    epilog="Examples:\n\ntonight train\ntonight train --force 'the older data were wrong'",
)
def train(force: Annotated[str | None, FORCE] = None) -> None:
    """Trains the model."""
    from tonight.cli import train as command  # noqa: PLC0415

    command.train(force)


@app.command(
    help="Check what the service needs, and say how to mend what is wrong.\n\n"
    "Settings, time zone, data folder, embedded data, model, database, signing key and port; each "
    "is ok, warn (it works, but not as well as it could) or fail. Nothing is changed.",
    epilog="Examples:\n\ntonight doctor\ntonight doctor --port 8080 --json",
)
def doctor(
    host: Annotated[str, _HOST] = "127.0.0.1",
    port: Annotated[int, _PORT] = 8000,
    *,
    as_json: Annotated[bool, _AS_JSON] = False,
) -> None:
    """Checks what the service needs."""
    from tonight.cli import doctor as command  # noqa: PLC0415

    command.doctor(host, port, as_json=as_json)


@app.command(
    help="Show what a running service does: how much, how fast, how well, and for whom.\n\n"
    "It asks the operator's listener (TONIGHT_METRICS_HOST, TONIGHT_METRICS_PORT), which has the "
    "same with charts at /status.",
    epilog="Examples:\n\ntonight status\ntonight status --json",
)
def status(*, as_json: Annotated[bool, _AS_JSON] = False) -> None:
    """Shows what a running service does."""
    from tonight.cli import operator as command  # noqa: PLC0415

    command.show_status(as_json=as_json)


@app.command(
    "log-level",
    help="Change what a running service logs, in all its workers, until it is started again.",
    epilog="Examples:\n\ntonight log-level DEBUG\ntonight log-level INFO",
)
def log_level(
    level: Annotated[str, typer.Argument(metavar="LEVEL", help="DEBUG, INFO, WARNING or ERROR.")],
) -> None:
    """Changes what a running service logs."""
    from tonight.cli import operator as command  # noqa: PLC0415

    command.change_level(level)


def main() -> None:
    """Runs the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that has no letter for what a title holds shows a question mark.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr] # they are text files
    if sys.platform != "win32":
        # Like any command whose reader has gone: quietly.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    app()
