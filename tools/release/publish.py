"""A release for others: the tested image of its commit under its version, and what goes with it."""

from __future__ import annotations

import hashlib
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.chart import package
from tools.containers import docker
from tools.image import sbom
from tools.release.repository import RefusedError, Repository


@dataclass(frozen=True, slots=True)
class Release:
    """What was published.

    Attributes:
        version: Its version.
        commit: What it was made from.
        image: The image, by its digest.
        folder: The wheel, the chart, what the image holds, the notes and the checksums.
    """

    version: str
    commit: str
    image: str
    folder: Path


def publish(repository: Repository, images: str) -> Release:
    """Publishes the release whose commit is at hand.

    Args:
        repository: At the commit that ``prepare`` made, once that is main and green.
        images: Where the images of commits are, such as ``ghcr.io/you/tonight``.

    Raises:
        RefusedError: It is no such commit, main may not be released, or its image is another's.
        subprocess.CalledProcessError: The registry, git or the build of the wheel failed.
    """
    version, commit = repository.version, repository.git("rev-parse", "HEAD")
    if repository.git("log", "-1", "--format=%s") != f"chore(release): v{version}":
        raise RefusedError("The commit at hand is no release: `make release` makes one.")
    if f"v{version}" in repository.git("tag", "--list").split():
        raise RefusedError(f"v{version} has been released already.")
    repository.require_releasable()
    image = promote(f"{images}:{commit}", images, version, commit)
    folder = repository.root / "dist" / f"v{version}"
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["make", "--no-print-directory", "wheel"], cwd=repository.root, check=True)
    (wheel,) = (repository.root / "dist").glob(f"tonight-{version}-*.whl")
    (folder / wheel.name).write_bytes(wheel.read_bytes())
    package(version, images, image.partition("@")[2], folder)
    sbom(image, folder / f"tonight-{version}.cdx.json")
    changelog = (repository.root / "CHANGELOG.md").read_text("utf-8")
    (folder / "NOTES.md").write_text(notes(changelog, version, image), "utf-8")
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(folder.iterdir())
        if path.name != "SHA256SUMS"
    ]
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8")
    # Last: what has no tag has not been released, and can be published again.
    repository.git("tag", "--annotate", f"v{version}", "--message", f"v{version}\n\n{image}")
    repository.git("push", "--quiet", "origin", f"v{version}")
    return Release(version, commit, image, folder)


def promote(tested: str, images: str, version: str, commit: str) -> str:
    """Gives the tested image a version's name; returns it by its digest, which stays the same.

    Raises:
        RefusedError: It was built from another commit or version.
        subprocess.CalledProcessError: It is not there, or the registry takes nothing.
    """
    docker("pull", "--quiet", tested)
    for label, wanted in (("revision", commit), ("version", version)):
        form = f'{{{{index .Config.Labels "org.opencontainers.image.{label}"}}}}'
        found = docker("image", "inspect", "--format", form, tested).strip()
        if found != wanted:
            raise RefusedError(f"The {label} of {tested} is {found!r}, and not {wanted!r}.")
    before = digest_of(tested, images)
    for name in (version, version.rpartition(".")[0], "latest"):
        docker("tag", tested, f"{images}:{name}")
        docker("push", "--quiet", f"{images}:{name}")
    after = digest_of(f"{images}:{version}", images)
    if after != before:
        raise RefusedError(f"{images}:{version} is {after}, and not the tested {before}.")
    return f"{images}@{after}"


def digest_of(image: str, images: str) -> str:
    """The digest under which a registry has an image."""
    digests = docker("image", "inspect", "--format", '{{join .RepoDigests " "}}', image).split()
    return next(each.partition("@")[2] for each in digests if each.startswith(f"{images}@"))


def notes(changelog: str, version: str, image: str) -> str:
    """What the changelog says of a version, and how its image is verified.

    Raises:
        RefusedError: It says nothing.
    """
    found = re.search(
        rf"^## {re.escape(version)} .*?\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL
    )
    if found is None:
        raise RefusedError(f"CHANGELOG.md has no section for {version}.")
    return f"{found[1].strip()}\n\n### Image\n\n`{image}`; doc/release.md says how to verify it.\n"
