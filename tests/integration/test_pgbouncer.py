"""The service works behind pgbouncer in transaction mode, where sessions belong to nobody."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.databases import PostgresDatabases
from tonight.domain.feedback import Feedback, FeedbackKind
from tonight.storage.migration import newest_revision
from tonight.storage.postgres_migration import upgrade
from tonight.storage.postgres_store import open_postgres_store
from tools.ports import free_port

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)

pytestmark = pytest.mark.slow


@pytest.fixture
def pooled_url(postgres: PostgresDatabases) -> Iterator[str]:
    """An empty database, through a pooler with two connections for everybody."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        reason = "pgbouncer is not installed; `make test-setup` installs it"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="tonight-pgbouncer-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "users").write_text('"postgres" ""\n')
        (folder / "pgbouncer.ini").write_text(
            f"[databases]\n* = host=127.0.0.1 port={postgres.server.port}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
            f"auth_type = trust\nauth_file = {folder}/users\n"
            "pool_mode = transaction\ndefault_pool_size = 2\n"
        )
        as_root = os.geteuid() == 0
        user = pwd.getpwnam("postgres") if as_root else None
        with subprocess.Popen(
            [program, str(folder / "pgbouncer.ini")],
            cwd="/",
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                wait_for(port, process)
                yield postgres.empty().replace(f":{postgres.server.port}/", f":{port}/")
            finally:
                process.terminate()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        assert process.poll() is None
        assert time.monotonic() < deadline
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def test_more_requests_than_the_pooler_has_connections_lose_nothing(pooled_url: str) -> None:
    assert upgrade(pooled_url) == (None, newest_revision())
    store = open_postgres_store(pooled_url, pool_size=6, timeout_seconds=30)

    def use(viewer: int) -> None:
        for number in range(15):
            name = f"{viewer}-{number}"
            with store.writing() as feedback:
                statement = Feedback(name, "alien-1979", FeedbackKind.SEEN, NOW)
                feedback.add(f"viewer {viewer}", statement, name)
            with store.reading() as feedback:
                assert feedback.history(f"viewer {viewer}")[-1].feedback_id == name

    threads = [threading.Thread(target=use, args=(viewer,)) for viewer in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with store.reading() as feedback:
        assert [len(feedback.history(f"viewer {viewer}")) for viewer in range(6)] == [15] * 6
    store.close()
