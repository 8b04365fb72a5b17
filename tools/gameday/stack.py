"""The whole running stack: service, database and viewers in one folder, and what watches them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.gameday.control import Control
from tools.gameday.monitoring import Monitoring, missing_programs, monitoring
from tools.gameday.programs import NotReadyError, Program, wait_until
from tools.gameday.proxy import DelayingProxy
from tools.ports import free_port
from tools.postgres import PostgreSQL, find_programs

ROOT: Final = Path(__file__).parents[2]
WORKERS: Final = 2

#: What the machine of the game day has room for, where we may make a file system of our own.
_DISK_MIB: Final = 384


@dataclass(slots=True)
class Stack:
    """A running stack.

    Attributes:
        folder: Everything that it writes, but the trained models.
        service_port: Where the service listens.
        metrics_port: Where it tells its metrics.
        service: The service, in as many processes as ``WORKERS`` and their parent.
        database: The database; ``None`` where the service keeps its embedded one.
        way: What lies between service and database.
        control: Collects notifications and stands in for systemd.
        monitoring: Prometheus and Alertmanager.
        has_own_disk: Whether the folder is a small file system of its own.
        prepared: What the fault's preparation has written.
        environment: What is executed here finds these variables.
    """

    folder: Path
    service_port: int
    metrics_port: int
    service: Program
    database: PostgreSQL | None
    way: DelayingProxy | None
    control: Control
    monitoring: Monitoring
    has_own_disk: bool
    prepared: Path
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        """The service's address."""
        return f"http://127.0.0.1:{self.service_port}"

    @property
    def data_dir(self) -> Path:
        """The service's data folder."""
        return self.folder / "data"

    def shell(self, commands: str, seconds: float = 180) -> subprocess.CompletedProcess[str]:
        """Runs commands as an operator's shell on this machine would, and stops at an error."""
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )


def why_not() -> str | None:
    """What the stack lacks on this machine; ``None`` when it can run."""
    missing = missing_programs()
    if find_programs() is None:
        missing.append("postgresql-15")
    return f"not installed: {', '.join(missing)}; make test-setup installs it" if missing else None


@contextmanager
def running_stack(
    models: Path,
    *,
    with_postgres: bool = True,
    prepare: Callable[[Path], Mapping[str, str]] = lambda _: {},
) -> Iterator[Stack]:
    """Runs a stack in a new temporary folder until the end of the block.

    Args:
        models: A folder of trained models, which stays as it is.
        with_postgres: Whether the service is put on PostgreSQL; otherwise it keeps SQLite.
        prepare: Gets an empty folder, and gives variables for the service beside the stack's own.
    """
    with ExitStack() as undo:
        folder = Path(tempfile.mkdtemp(prefix="tonight-gameday-"))
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        # The database's own user must come through.
        folder.chmod(0o711)
        has_own_disk = _mount(folder, undo)

        control = Control()
        undo.callback(control.close)
        database = way = None
        if with_postgres:
            database = PostgreSQL.create(folder / "postgres")
            undo.callback(database.stop, "immediate")
            database.start()
            way = DelayingProxy(database.port)
            undo.callback(way.close)

        data_dir = folder / "data"
        data_dir.mkdir(mode=0o700)
        own_models = Path(tempfile.mkdtemp(prefix=".gameday-models-", dir=models.parent))
        undo.callback(shutil.rmtree, own_models, ignore_errors=True)
        _link_models(models, own_models / "models")
        (data_dir / "models").symlink_to(own_models / "models")
        prepared = Path(tempfile.mkdtemp(prefix="tonight-gameday-prepared-"))
        undo.callback(shutil.rmtree, prepared, ignore_errors=True)
        service_port, metrics_port = free_port(), free_port()
        settings = {
            "TONIGHT_DATA_DIR": str(data_dir),
            "TONIGHT_METRICS_PORT": str(metrics_port),
            "TONIGHT_TIMEZONE": "UTC",
            "TONIGHT_RATE_LIMIT_PER_MINUTE": "0",
            "TONIGHT_LOG_FORMAT": "json",
            "OPENBLAS_NUM_THREADS": "1",
            **prepare(prepared),
        }
        if way is not None and database is not None:
            settings["TONIGHT_DATABASE_URL"] = database.url_through(way.port)
            settings["TONIGHT_MIGRATE_AT_START"] = "true"
        unit_file = folder / "tonight.env"
        _write_environment(unit_file, settings)
        service = Program(
            [
                *(sys.executable, "-m", "tonight", "serve"),
                *("--port", str(service_port), "--workers", str(WORKERS)),
            ],
            folder / "service.log",
            # As systemd reads an EnvironmentFile: at each start anew.
            environment=lambda: _read_environment(unit_file),
            cwd=folder,
        )
        undo.callback(service.stop)
        _start(service, service_port)
        # Only now: it would report that the service is down while that is still starting.
        # Elsewhere, as it is on a machine of its own: on a full disk it could note nothing.
        elsewhere = Path(tempfile.mkdtemp(prefix="tonight-gameday-monitoring-"))
        undo.callback(shutil.rmtree, elsewhere, ignore_errors=True)
        try:
            watching = undo.enter_context(monitoring(elsewhere, metrics_port, control.port))
        except NotReadyError as error:
            raise NotReadyError(f"{error}; the service said: {service.tail(5)}") from error
        executables = _executables(folder, control)
        stack = Stack(
            folder=folder,
            service_port=service_port,
            metrics_port=metrics_port,
            service=service,
            database=database,
            way=way,
            control=control,
            monitoring=watching,
            has_own_disk=has_own_disk,
            prepared=prepared,
            environment={
                "PATH": f"{executables}:{os.environ['PATH']}",
                "TONIGHT_ENVIRONMENT_FILE": str(unit_file),
                "TONIGHT_URL": f"http://127.0.0.1:{service_port}",
                "TONIGHT_METRICS_URL": f"http://127.0.0.1:{metrics_port}",
                "PROMETHEUS_URL": watching.prometheus_url,
                "ALERTMANAGER_URL": watching.alertmanager_url,
                **{key: value for key, value in settings.items() if key.startswith("TONIGHT_")},
                **_postgres_environment(database),
            },
        )
        _add_units(stack)
        yield stack


def _add_units(stack: Stack) -> None:
    def start() -> None:
        _start(stack.service, stack.service_port)

    def restart() -> None:
        stack.service.stop()
        start()

    stack.control.add_unit(
        "tonight",
        start=start,
        stop=stack.service.stop,
        restart=restart,
        reload=stack.service.reload,
    )
    database, way = stack.database, stack.way
    if database is not None and way is not None:

        def restart_database() -> None:
            database.stop()
            database.start()

        def restart_way() -> None:
            way.delay_seconds = 0

        stack.control.add_unit(
            "postgresql", start=database.start, stop=database.stop, restart=restart_database
        )
        stack.control.add_unit("pgbouncer", restart=restart_way)


def _start(service: Program, port: int) -> None:
    """Starts the service and waits for its first answer."""
    service.start()
    wait_until(lambda: _has_started(service, port), "the service answers", seconds=120)


def _has_started(service: Program, port: int) -> bool:
    """Whether it answers.

    Raises:
        NotReadyError: It has ended instead.
    """
    if not service.is_running():
        raise NotReadyError(f"the service has ended:\n{service.tail()}")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        return int(answer.status) == 200


def _mount(folder: Path, undo: ExitStack) -> bool:
    """Puts a small file system of its own on the folder, where we may."""
    if os.geteuid() != 0:
        return False
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_DISK_MIB}m,mode=0711", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        return False
    undo.callback(subprocess.run, ["umount", "--lazy", str(folder)], check=False)
    return True


def _executables(folder: Path, control: Control) -> Path:
    executables = folder / "bin"
    executables.mkdir()
    for name in ("tonight", "python"):
        # A link to Python would not find its environment.
        script = executables / name
        script.write_text(f'#!/bin/sh\nexec "{Path(sys.executable).with_name(name)}" "$@"\n')
        script.chmod(0o755)
    control.write_systemctl(executables)
    return executables


def _postgres_environment(database: PostgreSQL | None) -> dict[str, str]:
    """What PostgreSQL's own programs read."""
    if database is None:
        return {}
    return {
        "PGHOST": "127.0.0.1",
        "PGPORT": str(database.port),
        "PGUSER": "postgres",
        "PGDATABASE": "postgres",
    }


def _write_environment(path: Path, settings: Mapping[str, str]) -> None:
    path.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))


def _read_environment(path: Path) -> dict[str, str]:
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _link_models(source: Path, target: Path) -> None:
    """A folder of models of the stack's own; their arrays, which never change, take no room."""
    shutil.copytree(source, target, copy_function=os.link, symlinks=True)
