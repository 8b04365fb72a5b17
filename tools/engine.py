"""A Docker engine for the tests where none runs: ``python3 tools/engine.py start|stop|host``.

It is the real one (Debian's ``docker.io``) with everything of its own in one folder, and it begins
only when no other engine answers. It runs under the machine's own Python before anything is
installed, so it needs nothing but the standard library.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

#: Below a folder that belongs to root: the engine does what the files in it say.
FOLDER: Final = Path("/var/lib/tonight-engine")
OWN: Final = f"unix://{FOLDER}/docker.sock"

_START_SECONDS: Final = 90
_STOP_SECONDS: Final = 60


def answers(host: str | None) -> bool:
    """Whether an engine answers there; ``None`` is wherever ``docker`` looks by itself."""
    if shutil.which("docker") is None:
        return False
    environment = {**os.environ, **({"DOCKER_HOST": host} if host else {})}
    done = subprocess.run(
        ["docker", "version", "--format", "{{.Server.Version}}"],
        env=environment,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def find() -> dict[str, str] | None:
    """What to add to the environment so that ``docker`` finds an engine; ``None`` without one."""
    if answers(None):
        return {}
    return {"DOCKER_HOST": OWN} if answers(OWN) else None


def start(group: str) -> None:
    """Starts an engine, if none answers.

    Args:
        group: The group that may use it, by number.

    Raises:
        SystemExit: It cannot be started; its last words are shown.
    """
    if find() is not None:
        return
    if shutil.which("dockerd") is None:
        sys.exit("Docker is not installed (Debian: apt-get install docker.io iptables).")
    if os.geteuid() != 0:
        sys.exit("An engine can be started by root only: sudo python3 tools/engine.py start")
    FOLDER.mkdir(mode=0o755, exist_ok=True)
    configuration = FOLDER / "daemon.json"
    configuration.write_text(
        json.dumps(
            {
                "hosts": [OWN],
                "group": group,
                "data-root": str(FOLDER / "data"),
                "exec-root": str(FOLDER / "exec"),
                "pidfile": str(FOLDER / "docker.pid"),
            }
        ),
        "utf-8",
    )
    (FOLDER / "docker.pid").unlink(missing_ok=True)
    log = FOLDER / "log"
    with log.open("w") as file:
        process = subprocess.Popen(
            ["dockerd", "--config-file", configuration],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    end = time.monotonic() + _START_SECONDS
    while not answers(OWN):
        if process.poll() is not None or time.monotonic() > end:
            last = "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])
            sys.exit(f"The Docker engine did not start:\n{last}")
        time.sleep(0.2)
    print(f"A Docker engine runs at {OWN}.")


def stop() -> None:
    """Stops the engine that ``start`` started; its images stay."""
    pidfile = FOLDER / "docker.pid"
    if not answers(OWN) or not pidfile.exists():
        return
    pid = int(pidfile.read_text())
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + _STOP_SECONDS
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.1)


def main() -> None:
    """Does what the command line says."""
    match sys.argv[1:]:
        case ["start"]:
            start(os.environ.get("SUDO_GID", str(os.getgid())))
        case ["stop"]:
            stop()
        case ["host"]:
            found = find()
            if found is None:
                sys.exit("No Docker engine answers.")
            print(found.get("DOCKER_HOST", os.environ.get("DOCKER_HOST", "")))
        case _:
            sys.exit("usage: python3 tools/engine.py start | stop | host")


if __name__ == "__main__":
    main()
