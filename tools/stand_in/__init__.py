"""Bases for images where no registry can be reached, made of Debian's packages by mmdebstrap.

They verify what a Dockerfile and a compose file do, not the published images that those name. Each
has a tag of its own, so that nobody takes it for the published one, and a label that every image
built on it inherits. The machine's certificates and pip's index go into them: what is built on them
gets its packages from where this machine does.
"""

from __future__ import annotations

import configparser
import io
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.containers import docker, has_image

LABEL: Final = "tonight.stand-in-for"

_CERTIFICATES: Final = "/etc/ssl/certs/ca-certificates.crt"


_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class System:
    """What mmdebstrap makes.

    Attributes:
        suite: Debian's.
        packages: Beside the smallest system.
        hooks: What it does in the finished system; ``$1`` is its folder.
    """

    suite: str
    packages: tuple[str, ...]
    hooks: tuple[str, ...] = ()


SYSTEMS: Final = {
    "python:3.13-slim-trixie": System(
        "trixie",
        ("ca-certificates", "python3", "python3-venv"),
        ('ln -s python3 "$1/usr/bin/python"',),
    ),
    # Other Pythons and PostgreSQLs to pass the tests on; no published image is meant.
    **{
        f"debian:{suite}": System(
            suite,
            (
                *("ca-certificates", "curl", "git", "make", "pgbouncer", "postgresql"),
                *("procps", "python3", "python3-venv"),
            ),
        )
        for suite in ("trixie", "forky")
    },
    # One for all that stands around the service: the images below differ in what they start.
    "services": System(
        "trixie",
        ("caddy", "postgresql", "prometheus", "prometheus-alertmanager", "wget"),
        (
            f"upload {_HERE / 'postgres.sh'} /usr/local/bin/tonight-postgres",
            'chmod 755 "$1/usr/local/bin/tonight-postgres"',
        ),
    ),
}

#: What an image adds to a system, or to our own image.
IMAGES: Final = {
    "postgres:18": 'FROM services\nENTRYPOINT ["tonight-postgres"]\nSTOPSIGNAL SIGINT\n',
    "prom/prometheus:v3.1.0": 'FROM services\nENTRYPOINT ["prometheus"]\n',
    "prom/alertmanager:v0.28.0": 'FROM services\nENTRYPOINT ["prometheus-alertmanager"]\n',
    "caddy:2.8": "FROM services\nENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config\n",
    "jaegertracing/jaeger:2.1.0": (
        'FROM tonight:local\nCOPY traces.py /traces.py\nCMD ["python", "/traces.py"]\n'
    ),
}


def stand_in(name: str) -> str:
    """The tag of the stand-in of an image; made in a minute when it is not there yet.

    Raises:
        KeyError: There is no recipe for it.
        subprocess.CalledProcessError: mmdebstrap or the engine failed.
    """
    tag = f"tonight-stand-in/{name}"
    if name in IMAGES:
        _build(name, tag)
    elif not has_image(tag):
        _bootstrap(name, tag)
    return tag


def _build(name: str, tag: str) -> None:
    recipe = IMAGES[name]
    if recipe.startswith("FROM services\n"):
        recipe = recipe.replace("services", stand_in("services"), 1)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Dockerfile").write_text(f"{recipe}LABEL {LABEL}={name}\n", "utf-8")
        shutil.copy(_HERE / "traces.py", folder)
        docker("build", f"--tag={tag}", folder)


def _bootstrap(name: str, tag: str) -> None:
    system = SYSTEMS[name]
    hooks = [f"--customize-hook={hook}" for hook in system.hooks]
    with tempfile.TemporaryDirectory() as folder:
        pip = Path(folder) / "pip.conf"
        pip.write_text(pip_configuration(), "utf-8")
        hooks.append(f"--customize-hook=upload {pip} /etc/pip.conf")
        certificates = os.environ.get("SSL_CERT_FILE", _CERTIFICATES)
        if Path(certificates).exists():
            hooks.append(f"--customize-hook=upload {certificates} {_CERTIFICATES}")
        root = Path(folder) / "root.tar"
        include = f"--include={','.join(system.packages)}"
        # A testing release is valid for a week; a mirror may be further behind.
        valid = '--aptopt=Acquire::Check-Valid-Until "false"'
        options = ["--quiet", "--variant=minbase", valid, include, *hooks]
        command = ["mmdebstrap", *options, system.suite, str(root), mirror()]
        subprocess.run(command, check=True)
        docker("import", f"--change=LABEL {LABEL}={name}", str(root), tag)


def mirror() -> str:
    """Where this machine gets Debian's packages from."""
    command = ["apt-get", "indextargets", "--format", "$(ORIGIN) $(SUITE) $(REPO_URI)"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        origin, _, rest = line.partition(" ")
        if origin == "Debian" and "/debian" in rest and "security" not in rest:
            return rest.split()[-1].rstrip("/")
    return "http://deb.debian.org/debian"


def pip_configuration() -> str:
    """The part of this machine's configuration of pip that holds elsewhere: its indexes."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    configuration = configparser.ConfigParser(interpolation=None)
    configuration["global"] = {"cert": _CERTIFICATES}
    for line in printed.splitlines():
        key, _, value = line.partition("=")
        name = key.rpartition(".")[2]
        urls = [url for url in value.strip("'\"").split() if "://" in url or name == "trusted-host"]
        urls = [url for url in urls if not url.startswith("file:")]
        if name in {"index-url", "extra-index-url", "trusted-host"} and urls:
            configuration["global"][name] = " ".join(urls)
    text = io.StringIO()
    configuration.write(text)
    return text.getvalue()
