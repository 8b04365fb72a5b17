"""Everything of ``compose.yaml`` at once: ``python -m tools.compose up|down|smoke|secrets``.

The images of others are named by their digests where ``deploy/images.lock`` knows them; with
``--stand-in`` they are made here. ``TONIGHT_SECRETS`` names another folder for the secrets, and
``TONIGHT_LIVE`` another one for what is in use (``tools/deploy/live.py``).
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tools import image
from tools.containers import docker_environment, has_image
from tools.deploy import live, records
from tools.deploy.images import here_again
from tools.stand_in import stand_in

ROOT: Final = Path(__file__).resolve().parent.parent
PROFILES: Final = ("service", "backup", "monitoring", "tracing", "proxy")

#: Of compose.yaml: a variable and the image that it stands for.
_IMAGE: Final = re.compile(r"\$\{([A-Z]+_IMAGE):-([^}]+)\}")


def folder() -> Path:
    """Where the secrets are."""
    return Path(os.environ.get("TONIGHT_SECRETS") or ROOT / "deploy" / "secrets")


def make_secrets() -> None:
    """Makes the secrets that are missing; those that are there stay.

    The folder is for its owner only. The files in it can be read by all, since in a container
    they keep their mode, and the service is somebody else there.
    """
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    password = place / "database-password"
    if not password.exists():
        _write(password, secrets.token_urlsafe(32))
    url = place / "database-url"
    if not url.exists():
        known = password.read_text("utf-8").strip()
        _write(url, f"postgresql://tonight:{known}@database:5432/tonight")
    keys = place / "signing-keys"
    if not keys.exists():
        _write(keys, secrets.token_urlsafe(32))


def _write(file: Path, secret: str) -> None:
    file.touch(mode=0o644, exist_ok=False)
    file.chmod(0o644)
    file.write_text(f"{secret}\n", "utf-8")


def others() -> dict[str, str]:
    """The variables of compose.yaml that name the images of others, with their names."""
    named = dict(_IMAGE.findall((ROOT / "compose.yaml").read_text("utf-8")))
    del named["TONIGHT_IMAGE"]
    return named


def environment(*, on_stand_ins: bool) -> dict[str, str]:
    """The variables with which compose.yaml means just these images.

    Raises:
        SystemExit: Our own image is not there, or no engine answers.
    """
    own = own_environment()
    if own["TONIGHT_IMAGE"] == image.LOCAL and not has_image(image.LOCAL):
        sys.exit("There is no image yet: make image")
    place = live.folder()
    release = records.in_use(records.read(place), live.live_slot(place))
    if release is not None and own["TONIGHT_IMAGE"] == release.image:
        try:
            here_again(release)
        except live.StoppedError as error:
            sys.exit(f"{error} (TONIGHT_IMAGE=... make up)")
    images = {
        variable: stand_in(name) if on_stand_ins else image.reference(name)
        for variable, name in others().items()
    }
    # What the caller has set counts more.
    return {**images, **own}


def own_environment() -> dict[str, str]:
    """The variables of compose.yaml that do not concern the images of others.

    Raises:
        SystemExit: No engine answers.
    """
    return {
        "COMPOSE_PROFILES": ",".join(PROFILES),
        "TONIGHT_SECRETS": str(folder()),
        **deployed(),
        **docker_environment(),
    }


def deployed() -> dict[str, str]:
    """The variables that say what is in use: what was deployed last, or else the newest build."""
    place = live.folder()
    entries = records.read(place)
    release = records.in_use(entries, live.live_slot(place))
    schema = records.schema_of(entries)
    return {
        "TONIGHT_LIVE": str(place),
        "TONIGHT_IMAGE": release.image if release else image.LOCAL,
        **({"TONIGHT_SCHEMA_IMAGE": schema.image} if schema else {}),
    }


def program() -> list[str]:
    """Docker's Compose: the engine's own, or the one of ``make env-container``."""
    if shutil.which("docker"):
        asked = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
        if asked.returncode == 0:
            return ["docker", "compose"]
    return [str(ROOT / ".venvs" / "container" / "bin" / "docker-compose")]


class Stack:
    """What runs by compose.yaml.

    Args:
        variables: See ``environment``.
    """

    def __init__(self, variables: dict[str, str]) -> None:
        self._variables = variables

    def run(self, *arguments: str) -> None:
        """Runs a command of Compose.

        Raises:
            subprocess.CalledProcessError: It failed, and has said why.
        """
        command = [*program(), "--progress=quiet", *arguments]
        subprocess.run(command, cwd=ROOT, env=self._variables, check=True)

    def quietly(self, *arguments: str) -> None:
        """The same; what it prints is in the error when it fails, and nowhere else."""
        command = [*program(), "--progress=quiet", *arguments]
        subprocess.run(
            command, cwd=ROOT, env=self._variables, check=True, capture_output=True, text=True
        )

    def of(self, name: str) -> Stack:
        """The same with another image of the service."""
        images = {"TONIGHT_IMAGE": name, "TONIGHT_SCHEMA_IMAGE": name}
        return Stack({**self._variables, **images})

    def read(self, *arguments: str) -> str:
        """The same; returns what it printed."""
        command = [*program(), *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self._variables, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def up(self) -> None:
        """Starts everything, and waits until all of it is healthy."""
        make_secrets()
        live_slot = live.live_slot(live.folder())
        scale = [f"--scale={name}={int(slot == live_slot)}" for slot, name in live.SERVICES.items()]
        self.run("up", "--detach", "--wait", "--wait-timeout=180", *scale)

    def down(self, *arguments: str) -> None:
        """Stops and removes everything but what is kept."""
        self.run("down", *arguments)

    def address(self, service: str, port: int) -> str:
        """Where a published port of a service is."""
        return self.read("port", service, str(port)).strip()


def main() -> None:
    """Does what the command line says."""
    parser = argparse.ArgumentParser(description="Everything of compose.yaml at once.")
    parser.add_argument("command", choices=("up", "down", "smoke", "secrets"))
    parser.add_argument("--stand-in", action="store_true", help="with images that are made here")
    chosen = parser.parse_args()
    if chosen.command == "secrets":
        make_secrets()
        live.folder()
        return
    stack = Stack(environment(on_stand_ins=chosen.stand_in))
    try:
        if chosen.command == "down":
            stack.down()
            return
        stack.up()
        if chosen.command == "smoke":
            # Imported here: it needs the development environment, the rest does not.
            from tools.smoke import smoke  # noqa: PLC0415

            smoke(stack)
            return
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
    print(f"Open https://{stack.address('proxy', 443).replace('127.0.0.1', 'localhost')}")


if __name__ == "__main__":
    main()
