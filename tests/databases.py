"""A real PostgreSQL for the tests, and databases in it that the real migrations have built.

Without PostgreSQL's programs the tests are skipped with the reason, but fail where CI is set: a
pipeline that skips them would look green without having looked.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tonight.storage.postgres_migration import upgrade
from tools.postgres import PostgreSQL, find_programs

_TEMPLATE = "template_tonight"

#: What the code has left and a later release drops: a ``table`` or a ``table.column``.
LEFT: frozenset[str] = frozenset()


def is_compared(name: str | None, _: str, parents: MutableMapping[Any, str | None]) -> bool:
    """Whether the tables of the code have to have something of a database (``include_name``)."""
    return not {name, f"{parents.get('table_name')}.{name}"} & LEFT


@dataclass(slots=True)
class PostgresDatabases:
    """Makes databases on a running server.

    Attributes:
        server: The server.
    """

    server: PostgreSQL
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def empty(self) -> str:
        """The URL of a new database without a table."""
        return self._create("template0")

    def migrated(self) -> str:
        """The URL of a new database with the schema of this release, and no row."""
        return self._create(_TEMPLATE)

    def make_template(self) -> None:
        """Builds what ``migrated`` copies."""
        self.execute(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0")
        upgrade(self.url_of(_TEMPLATE))

    def url_of(self, name: str) -> str:
        """The URL of one of the server's databases."""
        return f"{self.server.url.rpartition('/')[0]}/{name}"

    def execute(self, statement: str) -> None:
        execute(self.server.url, statement)

    def _create(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url_of(name)


def execute(url: str, statement: str) -> None:
    """Runs a statement as the owner of everything."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def programs_or_skip() -> Path:
    """The folder of PostgreSQL's programs; skips the test where there is none."""
    programs = find_programs()
    if programs is None:
        reason = "PostgreSQL's programs are not installed; `make test-setup` installs them"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return programs


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """An empty folder on a file system of its own; skips the test where none can be mounted."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    with tempfile.TemporaryDirectory(prefix="tonight-disk-") as folder:
        options = f"size={megabytes}m,mode=755,uid={os.geteuid()}"
        mount = [*sudo, "mount", "--types", "tmpfs", "--options", options, "tmpfs", folder]
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = f"no file system can be mounted here: {done.stderr.strip()}"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        try:
            yield Path(folder)
        finally:
            subprocess.run([*sudo, "umount", "--lazy", folder], check=True)


@contextmanager
def started_server(place: Path | None = None) -> Iterator[PostgreSQL]:
    """A server with an empty folder, which is removed at the end.

    Args:
        place: Where to put it; a folder of its own by default.
    """
    programs = programs_or_skip()
    # Not in pytest's own folder, which the user postgres cannot enter when root runs the tests.
    with tempfile.TemporaryDirectory(prefix="tonight-postgres-", dir=place) as folder:
        Path(folder).chmod(0o755)
        server = PostgreSQL.create(Path(folder) / "data", programs)
        try:
            server.start()
            yield server
        finally:
            server.resume()
            server.stop("immediate")
            shutil.rmtree(server.folder, ignore_errors=True)


@contextmanager
def started_postgres(place: Path | None = None) -> Iterator[PostgresDatabases]:
    """A server with a template that has this release's schema; see ``started_server``."""
    with started_server(place) as server:
        databases = PostgresDatabases(server)
        databases.make_template()
        yield databases
