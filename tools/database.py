"""A PostgreSQL to develop with: ``python -m tools.database start``, ``stop`` or ``psql``.

With Docker it is the one of ``compose.yaml``, else one of the machine's own programs; its address
is the same, it listens on 127.0.0.1 only, and it asks for no password.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tools.postgres import PostgreSQL, find_programs

PORT: Final = 5433
URL: Final = f"postgresql://postgres@127.0.0.1:{PORT}/postgres"

_ROOT: Final = Path(__file__).parent.parent

#: Not in the home folder, which the user postgres cannot enter when root works here.
_FOLDER: Final = Path(f"/var/tmp/tonight-postgres-{os.getuid()}")  # noqa: S108 - of this user


#: Its service in compose.yaml does not start with the others.
_COMPOSE: Final = ["docker", "compose", "--profile", "development"]


def start() -> None:
    """Starts it; nothing happens when it runs.

    Raises:
        SystemExit: There is neither Docker nor PostgreSQL.
    """
    if docker_works():
        subprocess.run([*_COMPOSE, "up", "--detach", "--wait", "postgres"], check=True)
    else:
        server().start()
    print(f"PostgreSQL runs. Let the service use it:\n\n  export TONIGHT_DATABASE_URL={URL}")
    print("  .venv/bin/tonight db upgrade\n  make run")


def stop() -> None:
    """Stops it; its data stay."""
    if docker_works():
        subprocess.run([*_COMPOSE, "stop", "postgres"], check=True)
    else:
        server().stop()


def psql(arguments: list[str]) -> None:
    """Opens a prompt on the database that the service uses, or on the one that ``start`` starts.

    Raises:
        SystemExit: With psql's own code.
    """
    url = os.environ.get("TONIGHT_DATABASE_URL", URL).replace("+psycopg", "", 1)
    if shutil.which("psql"):
        command = ["psql", url, *arguments]
    elif docker_works():
        command = [*_COMPOSE, "exec", "postgres", "psql", "-U", "postgres", *arguments]
    else:
        sys.exit("psql is not installed (Debian: apt-get install postgresql-client)")
    sys.exit(subprocess.run(command, check=False).returncode)


def docker_works() -> bool:
    """Whether there is a Docker with Compose whose service answers."""
    if not shutil.which("docker"):
        return False
    done = subprocess.run([*_COMPOSE, "ps", "--quiet"], cwd=_ROOT, capture_output=True, check=False)
    return done.returncode == 0


def server() -> PostgreSQL:
    """The server of the machine's own programs; made when it is asked for first.

    Raises:
        SystemExit: PostgreSQL is not installed.
    """
    programs = find_programs()
    if programs is None:
        sys.exit(
            "Neither Docker nor PostgreSQL is here. Install one of them (Debian: apt-get install "
            "postgresql), or leave TONIGHT_DATABASE_URL out: SQLite needs nothing."
        )
    data = _FOLDER / "data"
    if data.exists():
        return PostgreSQL(programs, data, PORT)
    _FOLDER.mkdir(mode=0o755, exist_ok=True)
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
