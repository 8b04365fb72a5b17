"""Builds the image of this commit: ``python -m tools.image build|push|sbom|lock``.

``deploy/images.lock`` says which base it is built on, by digest where a pipeline has asked the
registry for it, else by name.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from tonight.settings import is_public_address
from tools.containers import docker, docker_environment
from tools.stand_in import stand_in

ROOT: Final = Path(__file__).resolve().parent.parent
LOCK: Final = ROOT / "deploy" / "images.lock"
SBOM: Final = ROOT / "dist" / "tonight.cdx.json"

#: The name under which the newest build is found, beside that of its commit.
LOCAL: Final = "tonight:local"

_UNVERIFIED: Final = "unverified"
_LINE: Final = re.compile(r"^(?P<name>[^\s#]+) (?P<digest>unverified|sha256:[0-9a-f]{64})$")


def locked() -> dict[str, str | None]:
    """The images of others by name, with their digests; ``None`` where it was never read.

    Raises:
        ValueError: A line is neither a comment nor a name with its digest.
    """
    found: dict[str, str | None] = {}
    for line in LOCK.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        parts = _LINE.match(line)
        if parts is None:
            raise ValueError(f"{LOCK.name}: not a name and its digest: {line!r}")
        found[parts["name"]] = None if parts["digest"] == _UNVERIFIED else parts["digest"]
    return found


def base_name() -> str:
    """The base that the Dockerfile names."""
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    named = re.search(r"^ARG BASE_IMAGE=(\S+)$", dockerfile, re.MULTILINE)
    assert named is not None  # noqa: S101 - a Dockerfile without it builds nothing
    return named[1]


def reference(name: str) -> str:
    """An image by its digest, or by its name where that is not known."""
    digest = locked()[name]
    return f"{name}@{digest}" if digest else name


def git(*arguments: str) -> str:
    """What git prints; nothing where it fails."""
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def commit() -> str:
    """The commit that is built; one with changes that are not committed is not that commit."""
    changed = "-dirty" if git("status", "--porcelain") else ""
    return git("rev-parse", "HEAD") + changed


def version() -> str:
    """The release, as pyproject.toml has it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def source() -> str:
    """Where the source is published, without whatever opens it; nothing where it is not."""
    url = urlsplit(git("config", "--get", "remote.origin.url"))
    if url.scheme != "https":
        return ""
    return urlunsplit(url._replace(netloc=url.netloc.rpartition("@")[2])).removesuffix(".git")


def pipeline_run() -> str:
    """The pipeline's run that builds, from ``BUILD_URL``; nothing where none does.

    Raises:
        ValueError: It is no address: the image would refuse to start with it.
    """
    url = os.environ.get("BUILD_URL", "")
    if url and not is_public_address(url):
        raise ValueError("BUILD_URL must be an http(s) address without a password, or be left out")
    return url


def build(*, on_stand_in: bool) -> str:
    """Builds the image; returns its name.

    Args:
        on_stand_in: Whether the base is made here instead of fetched.

    Raises:
        ValueError: What it would say of itself is not allowed.
        subprocess.CalledProcessError: The engine could not build it, and has said why.
    """
    base = stand_in(base_name()) if on_stand_in else reference(base_name())
    name = f"tonight:{commit()}"
    values = {
        "BASE_IMAGE": base,
        "COMMIT": commit(),
        "VERSION": version(),
        "SOURCE": source(),
        "BUILD": pipeline_run(),
    }
    options = [f"--build-arg={key}={value}" for key, value in values.items()]
    command = ["docker", "build", *options, f"--tag={name}", f"--tag={LOCAL}", str(ROOT)]
    environment = docker_environment()
    if int(docker("version", "--format", "{{.Client.Version}}").partition(".")[0]) < 23:
        # Debian's has BuildKit and does not use it by itself; newer ones do where they have it.
        environment["DOCKER_BUILDKIT"] = "1"
    subprocess.run(command, env=environment, check=True)
    return name


def push(repository: str) -> str:
    """Pushes the newest build under its commit's name; returns its digest, which the registry made.

    Raises:
        ValueError: No repository is named, or it was built from what is in no commit.
        subprocess.CalledProcessError: The registry took nothing.
    """
    if not repository:
        raise ValueError("Say where to: make image-push IMAGE=ghcr.io/you/tonight")
    built_from = docker(
        "image",
        "inspect",
        "--format",
        '{{index .Config.Labels "org.opencontainers.image.revision"}}',
        LOCAL,
    ).strip()
    if built_from != git("rev-parse", "HEAD"):
        raise ValueError(f"{LOCAL} was built from {built_from}, which is not the commit at hand")
    name = f"{repository}:{built_from}"
    docker("tag", LOCAL, name)
    docker("push", "--quiet", name)
    digests = docker("image", "inspect", "--format", '{{join .RepoDigests " "}}', name).split()
    return next(
        digest
        for repository_pushed, _, digest in (each.partition("@") for each in digests)
        if repository_pushed == repository
    )


def sbom(image: str, to: Path) -> None:
    """Lists what an image holds, as CycloneDX, from the image itself.

    Raises:
        subprocess.CalledProcessError: syft failed.
    """
    to.parent.mkdir(exist_ok=True)
    syft = ROOT / ".venvs" / "container" / "bin" / "syft"
    command = [str(syft), "scan", f"docker:{image}", "--quiet", f"--output=cyclonedx-json={to}"]
    # It would ask its maker for a newer version.
    environment = {**docker_environment(), "SYFT_CHECK_FOR_APP_UPDATE": "false"}
    subprocess.run(command, env=environment, check=True)


def write_lock() -> None:
    """Writes the digests that the registry tells.

    Raises:
        subprocess.CalledProcessError: The registry cannot be reached; the file stays as it was.
    """
    found = {}
    for name in locked():
        docker("pull", "--quiet", name)
        repository = name.rpartition(":")[0]
        digests = docker("image", "inspect", "--format", '{{join .RepoDigests " "}}', name)
        found[name] = next(
            each.partition("@")[2]
            for each in digests.split()
            if each.partition("@")[0].endswith(repository)
        )
    lines = LOCK.read_text("utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    body = [f"{name} {digest}" for name, digest in found.items()]
    LOCK.write_text("\n".join([*head, *body]) + "\n", "utf-8")


def main() -> None:
    """Does what the command line says."""
    parser = argparse.ArgumentParser(description="Build the image of this commit.")
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build")
    building.add_argument("--stand-in", action="store_true", help="on a base made here")
    pushing = commands.add_parser("push")
    pushing.add_argument("repository", help="such as ghcr.io/you/tonight")
    commands.add_parser("sbom")
    commands.add_parser("lock")
    chosen = parser.parse_args()
    try:
        if chosen.command == "build":
            name = build(on_stand_in=chosen.stand_in)
            size = int(docker("image", "inspect", "--format", "{{.Size}}", name))
            print(f"Built {name}, which is {LOCAL} too: {size / 1e6:.0f} MB.")
        elif chosen.command == "push":
            digest = push(chosen.repository)
            print(f"Pushed {chosen.repository}@{digest}.")
            if output := os.environ.get("GITHUB_OUTPUT"):
                with Path(output).open("a", encoding="utf-8") as file:
                    file.write(f"digest={digest}\n")
        elif chosen.command == "sbom":
            sbom(LOCAL, SBOM)
            print(f"Wrote {SBOM.relative_to(ROOT)}.")
        else:
            write_lock()
    except ValueError as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError as error:
        notes = "\n".join(getattr(error, "__notes__", []))
        sys.exit(f"{' '.join(map(str, error.cmd[:3]))} failed. {notes}".strip())


if __name__ == "__main__":
    main()
