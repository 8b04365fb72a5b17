"""What an image says of itself: its version, its commit, and the migrations that it brings."""

from __future__ import annotations

import ast
import json
import subprocess
from collections.abc import Mapping
from typing import Final

from tools.containers import docker
from tools.deploy.live import StoppedError
from tools.deploy.records import Release
from tools.release.contracts import contracts_after, is_later, not_for

_LABEL: Final = "org.opencontainers.image"

#: Runs inside: the text of every migration by its name.
_MIGRATIONS: Final = """
import importlib.resources, json
folder = importlib.resources.files("tonight.storage.migrations") / "versions"
files = [each for each in folder.iterdir() if each.name.endswith(".py")]
print(json.dumps({each.name: each.read_text("utf-8") for each in files}))
"""


def is_here(image: str) -> bool:
    """Whether the engine has an image, by name, digest or id."""
    try:
        docker("image", "inspect", "--format", "{{.Id}}", image)
    except subprocess.CalledProcessError:
        return False
    return True


def release_of(image: str) -> Release:
    """The release that an image is; fetched when the engine does not have it.

    Raises:
        StoppedError: It cannot be had, or does not say what it is.
    """
    if not is_here(image):
        try:
            docker("pull", "--quiet", image)
        except subprocess.CalledProcessError as error:
            raise StoppedError(f"There is no image {image!r}: {error.stderr.strip()}") from error
    found = json.loads(docker("image", "inspect", image))[0]
    labels = found["Config"].get("Labels") or {}
    version, commit = (labels.get(f"{_LABEL}.{name}") for name in ("version", "revision"))
    if not version or not commit:
        raise StoppedError(
            f"{image} has no labels {_LABEL}.version and .revision to compare /version with."
        )
    digests = found["RepoDigests"] or []
    # In the registry that was asked, where several have it.
    asked = [each for each in digests if image.startswith(each.partition("@")[0])]
    return Release(found["Id"], next(iter(asked + digests), ""), version, commit)


def here_again(release: Release) -> Release:
    """A release that was deployed before; fetched by its digest when its image was removed.

    Raises:
        StoppedError: It is gone.
    """
    if is_here(release.image):
        return release
    if not release.digest:
        raise StoppedError(f"The image of {release} was removed, and no registry has it.")
    return release_of(release.digest)


def migrations_of(release: Release) -> dict[str, str]:
    """The text of each migration in an image, by its file's name.

    Raises:
        StoppedError: It cannot be run.
    """
    options = ("--rm", "--network=none", "--read-only", "--cap-drop=ALL", "--entrypoint=python")
    try:
        printed = docker("run", *options, release.image, "-c", _MIGRATIONS)
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines()[-1:]
        raise StoppedError(f"{release} cannot be run: {''.join(said)}") from error
    try:
        read: dict[str, str] = json.loads(printed)
    except ValueError as error:
        raise StoppedError(f"{release} does not list its migrations: {printed[:200]!r}") from error
    return read


def require_compatible(version: str, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Makes sure that the release before can live with the migrations that are new.

    Args:
        version: The release that is in use.
        before: Its migrations.
        after: Those of the one that is to follow.

    Raises:
        StoppedError: It cannot; says with which.
    """
    found = [
        f"{name}, {each}"
        for name in sorted(after.keys() - before.keys())
        for each in not_for(version, after[name])
    ]
    if found:
        raise StoppedError(
            f"the release in use could not live with its migrations: {'; '.join(found)}"
        )


def require_its_needs(version: str, own: Mapping[str, str], schema: Mapping[str, str]) -> None:
    """Makes sure that the database has not lost what a release needs.

    Args:
        version: The release that is to take requests.
        own: Its migrations.
        schema: Those that the database has been through.

    Raises:
        StoppedError: It has; says by which migration.
    """
    for name in sorted(schema.keys() - own.keys()):
        after = contracts_after(schema[name])
        if after is not None and not is_later(version, after):
            raise StoppedError(
                f"{name} has removed from the database what {after} and older releases need; the "
                "way back ends after it (doc/release.md)"
            )


def revisions(migrations: Mapping[str, str]) -> tuple[str, set[str]]:
    """The newest revision, and all that are known.

    Args:
        migrations: The text of each.
    """
    known, left = set(), set()
    for source in migrations.values():
        for node in ast.parse(source).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                name = ast.unparse(node.targets[0])
                if name == "revision":
                    known.add(str(node.value.value))
                elif name == "down_revision":
                    left.add(str(node.value.value))
    (head,) = known - left
    return head, known
