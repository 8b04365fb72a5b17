"""A PostgreSQL to develop with: ``python -m tools.database start``, ``stop`` or ``psql``.

With Docker it is the one of ``compose.yaml``, else one of the machine's own programs; its address
is the same, it listens on 127.0.0.1 only, and it asks for no password.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Final

from tools import compose, containers
from tools.postgres import PostgreSQL, find_programs

PORT: Final = 5433
URL: Final = f"postgresql://postgres@127.0.0.1:{PORT}/postgres"

_ROOT: Final = Path(__file__).parent.parent

#: Not in the home folder, which the user postgres cannot enter when root works here.
_FOLDER: Final = Path(f"/var/tmp/tonight-postgres-{os.getuid()}")  # noqa: S108 - see make_own


def start() -> None:
    """Starts it; nothing happens when it runs.

    Raises:
        SystemExit: There is neither Docker nor PostgreSQL.
    """
    if docker_works():
        _compose("up", "--detach", "--wait", "postgres", check=True)
    else:
        server().start()
    print(f"PostgreSQL runs. Let the service use it:\n\n  export TONIGHT_DATABASE_URL={URL}")
    print("  .venv/bin/tonight db upgrade\n  make run")


def stop() -> None:
    """Stops it; its data stay."""
    if docker_works():
        _compose("stop", "postgres", check=True)
    else:
        server().stop()


def psql(arguments: list[str]) -> None:
    """Opens a prompt on the database that the service uses, or on the one that ``start`` starts.

    Raises:
        SystemExit: With psql's own code.
    """
    url = os.environ.get("TONIGHT_DATABASE_URL", URL).replace("+psycopg", "", 1)
    if shutil.which("psql"):
        done = subprocess.run(["psql", url, *arguments], check=False)
    elif docker_works():
        done = _compose("exec", "postgres", "psql", "-U", "postgres", *arguments)
    else:
        sys.exit("psql is not installed (Debian: apt-get install postgresql-client)")
    sys.exit(done.returncode)


def docker_works() -> bool:
    """Whether there is a Docker with Compose whose service answers, or the one of `make engine`."""
    if not containers.is_there():
        return False
    try:
        return _compose("ps", "--quiet", capture_output=True).returncode == 0
    except FileNotFoundError:
        return False  # `make env-container` brings Compose where the engine has none


def _compose(
    *arguments: str, check: bool = False, capture_output: bool = False
) -> subprocess.CompletedProcess[bytes]:
    # Its service in compose.yaml does not start with the others.
    return subprocess.run(
        [*compose.program(), "--profile=development", *arguments],
        cwd=_ROOT,
        env=containers.docker_environment(),
        check=check,
        capture_output=capture_output,
    )


def make_own(folder: Path) -> None:
    """Makes a folder into which nobody else can write; one that is there is looked at first.

    Anybody may make folders beside it, and under its name before us: whoever owns it could read
    and change what is kept there.

    Raises:
        SystemExit: It is not ours alone.
    """
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        sys.exit(
            f"{folder} is not a folder of yours alone (it belongs to another user, is a link, or "
            "others may write to it). Look what it is, and remove it."
        )
    # As root we hand its inside to the user postgres, who has to pass.
    folder.chmod(0o700 if os.geteuid() else 0o711)


def server() -> PostgreSQL:
    """The server of the machine's own programs; made when it is asked for first.

    Raises:
        SystemExit: PostgreSQL is not installed, or the folder of its data is another user's.
    """
    programs = find_programs()
    if programs is None:
        sys.exit(
            "Neither Docker nor PostgreSQL is here. Install one of them (Debian: apt-get install "
            "postgresql), or leave TONIGHT_DATABASE_URL out: SQLite needs nothing."
        )
    make_own(_FOLDER)
    data = _FOLDER / "data"
    if data.exists():
        return PostgreSQL(programs, data, PORT)
    return PostgreSQL.create(data, programs, PORT)


def main() -> None:
    """Does what the command line says."""
    os.chdir(_ROOT)
    match sys.argv[1:]:
        case ["start"]:
            start()
        case ["stop"]:
            stop()
        case ["psql", *arguments]:
            psql(arguments)
        case _:
            sys.exit("usage: python -m tools.database start | stop | psql [arguments]")


if __name__ == "__main__":
    main()
