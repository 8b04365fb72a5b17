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
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.containers import docker, has_image

LABEL: Final = "tonight.stand-in-for"

_CERTIFICATES: Final = "/etc/ssl/certs/ca-certificates.crt"


@dataclass(frozen=True, slots=True)
class StandIn:
    """What a base is made of.

    Attributes:
        suite: Debian's.
        packages: Beside the smallest system.
        commands: Run in the finished system; ``$1`` is its folder.
    """

    suite: str
    packages: tuple[str, ...]
    commands: tuple[str, ...] = ()


STAND_INS: Final = {
    "python:3.13-slim-trixie": StandIn(
        "trixie",
        ("ca-certificates", "python3", "python3-venv"),
        ('ln -s python3 "$1/usr/bin/python"',),
    ),
}


def stand_in(name: str) -> str:
    """The tag of the stand-in of an image; it is made when it is not there yet, in half a minute.

    Raises:
        KeyError: There is no recipe for it.
        subprocess.CalledProcessError: mmdebstrap or the engine failed.
    """
    tag = f"tonight-stand-in/{name}"
    if has_image(tag):
        return tag
    recipe = STAND_INS[name]
    hooks = [f"--customize-hook={command}" for command in recipe.commands]
    with tempfile.TemporaryDirectory() as folder:
        pip = Path(folder) / "pip.conf"
        pip.write_text(pip_configuration(), "utf-8")
        hooks.append(f"--customize-hook=upload {pip} /etc/pip.conf")
        certificates = os.environ.get("SSL_CERT_FILE", _CERTIFICATES)
        if Path(certificates).exists():
            hooks.append(f"--customize-hook=upload {certificates} {_CERTIFICATES}")
        root = Path(folder) / "root.tar"
        include = f"--include={','.join(recipe.packages)}"
        options = ["--quiet", "--variant=minbase", include, *hooks]
        command = ["mmdebstrap", *options, recipe.suite, str(root), mirror()]
        subprocess.run(command, check=True)
        docker("import", f"--change=LABEL {LABEL}={name}", str(root), tag)
    return tag


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
