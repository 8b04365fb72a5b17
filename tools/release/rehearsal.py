"""Makes two releases of a copy of the project: ``python -m tools.release.rehearsal``.

The tools, git, the engine and the registry (Debian's ``docker-registry``) are real. Stand-ins are
the copy's origin, a repository on the disk, and the word that a commit is green. No signature is
made: the hosted pipeline signs as itself, without a key.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from tools.chart import LEAST
from tools.containers import docker
from tools.ports import free_port
from tools.release.publish import digest_of
from tools.release.repository import REQUIRED

ROOT: Final = Path(__file__).resolve().parents[2]
_START_SECONDS: Final = 30


@dataclass(slots=True)
class Pipeline:
    """Stands in for the hosted one: says which commits are green.

    Attributes:
        green: Their ids.
        address: Where it is asked.
    """

    green: set[str] = field(default_factory=set)
    address: str = ""


@contextmanager
def pipeline() -> Iterator[Pipeline]:
    """A pipeline that answers as GitHub's API does."""
    said = Pipeline()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            commit = self.path.partition("/commits/")[2].partition("/")[0]
            conclusion = "success" if commit in said.green else "failure"
            runs = {"check_runs": [{"name": REQUIRED, "conclusion": conclusion}]}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(runs).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    said.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield said
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def registry(folder: Path) -> Iterator[str]:
    """A registry of images; gives its address.

    Raises:
        FileNotFoundError: It is not installed.
        RuntimeError: It does not start; says what it printed.
    """
    port = free_port()
    config = folder / "registry.yml"
    config.write_text(
        "version: 0.1\n"
        f"storage: {{filesystem: {{rootdirectory: {folder / 'images'}}}}}\n"
        f"http: {{addr: 127.0.0.1:{port}}}\n",
        "utf-8",
    )
    log = folder / "registry.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["docker-registry", "serve", str(config)], stdout=output, stderr=output
        )
    try:
        end = time.monotonic() + _START_SECONDS
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/v2/", timeout=5):
                    break
            except OSError:
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(log.read_text("utf-8")) from None
                time.sleep(0.1)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


class Rehearsal:
    """A copy of the project with an origin of its own.

    Args:
        folder: Where both are made.
        said: The pipeline.
        images: Where images are pushed.
    """

    def __init__(self, folder: Path, said: Pipeline, images: str) -> None:
        self.origin = folder / "you" / "tonight.git"
        self.root = folder / "copy"
        self._said = said
        self._images = images
        subprocess.run(
            ["git", "clone", "--quiet", "--bare", str(ROOT), str(self.origin)], check=True
        )
        branch = ["git", "-C", str(self.origin), "update-ref", "refs/heads/main"]
        head = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
        commit = subprocess.run(head, check=True, capture_output=True, text=True).stdout.strip()
        subprocess.run([*branch, commit], check=True)
        clone = ["git", "clone", "--quiet", "--branch", "main", str(self.origin), str(self.root)]
        subprocess.run(clone, check=True)
        for name, value in (("user.name", "Rehearsal"), ("user.email", "rehearsal@example.org")):
            self.git("config", name, value)

    def git(self, *arguments: str) -> str:
        """What git prints in the copy."""
        command = ["git", "-C", str(self.root), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def make(self, *arguments: str) -> None:
        """Calls a target in the copy."""
        command = ["make", "--no-print-directory", *arguments]
        subprocess.run(command, cwd=self.root, check=True)

    def release(self, *arguments: str) -> str:
        """Calls the copy's own tool; returns what it printed.

        Raises:
            subprocess.CalledProcessError: It refused.
        """
        command = [".venv/bin/python", "-m", "tools.release", "--api", self._said.address]
        done = subprocess.run(
            [*command, *arguments], cwd=self.root, check=False, capture_output=True, text=True
        )
        print(done.stdout + done.stderr, end="", flush=True)
        if done.returncode:
            raise subprocess.CalledProcessError(
                done.returncode, done.args, done.stdout, done.stderr
            )
        return done.stdout

    def refuses(self, why: str, *arguments: str) -> None:
        """Makes sure that the tool refuses, for a reason.

        Raises:
            RuntimeError: It does not.
        """
        try:
            self.release(*arguments)
        except subprocess.CalledProcessError as error:
            if why in error.stderr:
                return
        raise RuntimeError(f"not refused although {why!r}")

    def becomes_main(self) -> str:
        """The commit at hand becomes the origin's main; returns its id."""
        self.git("push", "--quiet", "origin", "HEAD:main")
        return self.git("rev-parse", "HEAD")

    def passes(self, commit: str) -> None:
        """What the hosted pipeline does with a commit of main: it is built, pushed, and green."""
        self.make("image", "ARGS=--stand-in")
        self.make("image-push", f"IMAGE={self._images}")
        self._said.green.add(commit)


def rehearse(folder: Path) -> None:
    """Makes two releases of a copy.

    Raises:
        RuntimeError: Something was released that had to be refused, or is not what was tested.
        subprocess.CalledProcessError: A step failed.
    """
    with ExitStack() as undo:
        said = undo.enter_context(pipeline())
        images = f"{undo.enter_context(registry(folder))}/tonight"
        copy = Rehearsal(folder, said, images)
        for kind in ("env-dev", "env-poetry", "env-client", "env-container", "env-pipeline"):
            copy.make(kind)
        copy.refuses("Mend main first", "prepare")
        said.green.add(copy.git("rev-parse", "HEAD"))
        copy.release("prepare")
        copy.refuses("Check out main", "publish", images)
        commit = copy.becomes_main()
        copy.refuses("Mend main first", "publish", images)
        copy.passes(commit)
        copy.release("publish", images)
        _compare(images, "0.1.0", commit)
        _look_into(copy.root, images, "0.1.0")
        copy.refuses("released already", "publish", images)

        (copy.root / "README.md").open("a", encoding="utf-8").write("\n<!-- A change. -->\n")
        copy.git("commit", "--quiet", "--all", "--message", "feat(readme): something to release")
        said.green.add(copy.becomes_main())
        copy.release("prepare")
        second = copy.becomes_main()
        said.green.add(second)
        # Nobody has built it: what was not tested is not released.
        try:
            copy.release("publish", images)
        except subprocess.CalledProcessError:
            pass
        else:
            raise RuntimeError("an image that was never built was released")
        copy.passes(second)
        copy.release("publish", images)
        _compare(images, "0.2.0", second)
        _look_into(copy.root, images, "0.2.0")
        tags = subprocess.run(
            ["git", "-C", str(copy.origin), "tag", "--list"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        if tags != ["v0.1.0", "v0.2.0"]:
            raise RuntimeError(f"the origin has the tags {tags}")


def _compare(images: str, version: str, commit: str) -> None:
    """Makes sure that a release is the very image that was tested."""
    ids = set()
    for name in (commit, version):
        docker("image", "rm", "--force", f"{images}:{name}")
        docker("pull", "--quiet", f"{images}:{name}")
        ids.add(docker("image", "inspect", "--format", "{{.Id}}", f"{images}:{name}"))
    if len(ids) != 1:
        raise RuntimeError(f"{version} is not the image of {commit}")
    print(f"{images}:{version} is the image of {commit[:9]}", flush=True)


def _look_into(root: Path, images: str, version: str) -> None:
    """Makes sure that all files of a release are there, and are those of its image.

    Raises:
        RuntimeError: One is missing, or of another release.
        subprocess.CalledProcessError: A checksum is wrong, or the chart cannot be rendered.
    """
    folder = root / "dist" / f"v{version}"
    names = {path.name for path in folder.iterdir()}
    wanted = {
        f"tonight-{version}-py3-none-any.whl",
        f"tonight-{version}.tgz",
        f"tonight-{version}.cdx.json",
        "NOTES.md",
    }
    if names != wanted | {"SHA256SUMS"}:
        raise RuntimeError(f"the release consists of {sorted(names)}")
    sums = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    subprocess.run(sums, cwd=folder, check=True)
    if {line.split()[1] for line in (folder / "SHA256SUMS").read_text().splitlines()} != wanted:
        raise RuntimeError("a file of the release has no checksum")
    helm, chart = root / ".venvs" / "chart" / "bin" / "helm", folder / f"tonight-{version}.tgz"
    command = [str(helm), "template", "evening", str(chart), *LEAST]
    rendered = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    digest = digest_of(f"{images}:{version}", images)
    named = set(re.findall(r"^ *image: (.+)$", rendered, re.MULTILINE))
    if named != {f"{images}@{digest}"}:
        raise RuntimeError(f"the chart's images are {named}")
    listed = json.loads((folder / f"tonight-{version}.cdx.json").read_text("utf-8"))["components"]
    if version not in [each.get("version") for each in listed if each["name"] == "tonight"]:
        raise RuntimeError(f"{version} is not what the list of packages was read from")
    print(f"v{version} has its wheel, chart and list of packages", flush=True)


def main() -> int:
    """Rehearses; returns the exit status."""
    if shutil.which("docker-registry") is None:
        print("The registry is missing: apt-get install docker-registry", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="tonight-rehearsal-") as folder:
        rehearse(Path(folder))
    print("release-rehearsal: two releases made, six refused as they had to be")
    return 0


if __name__ == "__main__":
    sys.exit(main())
