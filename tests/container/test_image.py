"""The contract of the image, on the real image in a real engine."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from packaging.markers import Marker

from tests.container.conftest import HARDENED, Container, running, until
from tools import image
from tools.bench.connection import encode
from tools.containers import docker

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
LIKED = {"movie_id": "alien-1979", "kind": "liked"}
#: CPU time until it takes requests; the time on the clock depends on who else is at work.
START_CPU_SECONDS = 2.0
MEMORY = "320m"


def configured(built: str, what: str) -> object:
    """A part of the image's configuration."""
    return json.loads(docker("image", "inspect", "--format", f"{{{{json .Config.{what}}}}}", built))


def pins(python: str) -> dict[str, str]:
    """The packages of requirements.lock that are for a version of Python, with their versions."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    machine = {"python_version": python, "python_full_version": python}
    lines = re.findall(r"^([\w.-]+)==(\S+) ; (.+?) \\$", lock, re.MULTILINE)
    return {name: pin for name, pin, marker in lines if Marker(marker).evaluate(machine)}


def test_it_runs_as_nobody_in_particular_with_no_rights(built: str, hardened: Container) -> None:
    assert configured(built, "User") == "10001:10001"
    status = hardened.execute("cat", "/proc/1/status")
    assert re.search(r"^Uid:\t10001\t10001\t10001\t10001$", status, re.MULTILINE)
    for kind in ("Eff", "Prm", "Inh", "Bnd", "Amb"):
        assert re.search(rf"^Cap{kind}:\t0{{16}}$", status, re.MULTILINE), kind
    assert "NoNewPrivs:\t1" in status


def test_all_that_it_writes_is_in_its_volume(hardened: Container) -> None:
    assert hardened.fails("touch", "/opt/tonight/x")
    with httpx.Client(base_url=hardened.url) as client:
        assert client.get("/movie").status_code == 200
        assert client.post("/api/v1/feedback", json=LIKED).status_code == 201
        assert len(client.get("/api/v1/history").json()["feedback"]) == 1
    assert {"tonight.db", "signing-keys"} <= set(hardened.execute("ls", "/data").split())


def test_a_film_is_suggested_even_where_nothing_can_be_written(built: str) -> None:
    with running(built, "--read-only", "--tmpfs=/data:ro", "--cap-drop=ALL") as container:
        assert httpx.get(f"{container.url}/movie").status_code == 200
        assert httpx.get(f"{container.url}/readyz").json()["model"]
        refused = httpx.post(f"{container.url}/api/v1/feedback", json=LIKED)
        assert refused.status_code == 503


def test_what_was_saved_is_there_for_the_next_container(built: str) -> None:
    volume = docker("volume", "create")
    try:
        with httpx.Client() as client:
            with running(built, *HARDENED, f"--volume={volume}:/data") as first:
                saved = client.post(f"{first.url}/api/v1/feedback", json=LIKED)
                assert saved.status_code == 201
            with running(built, *HARDENED, f"--volume={volume}:/data") as second:
                history = client.get(f"{second.url}/api/v1/history").json()
            assert history["feedback"][0]["movie_id"] == LIKED["movie_id"]
        backup = ["run", "--rm", *HARDENED, f"--volume={volume}:/data", built]
        docker(*backup, "tonight", "db", "backup")
        assert "tonight-" in docker(*backup, "ls", "/data/backups")
    finally:
        docker("volume", "rm", volume)


def test_nothing_that_builds_or_installs_is_in_it(hardened: Container) -> None:
    for program in ("cc", "gcc", "g++", "make", "git", "pip", "pip3", "poetry", "curl", "wget"):
        assert hardened.fails("sh", "-c", f"command -v {program}"), program
    for python in ("python", "/usr/bin/env python3"):
        for module in ("pip", "ensurepip", "setuptools"):
            assert hardened.fails("sh", "-c", f"{python} -c 'import {module}'"), module


def test_the_default_model_is_inside_and_nothing_is_trained(hardened: Container) -> None:
    running_model = httpx.get(f"{hardened.url}/version").json()["model"]
    assert running_model == hardened.execute("cat", "/opt/tonight/models/current").strip()
    assert "Training" not in hardened.logs()
    assert hardened.fails("test", "-e", "/data/models")


def test_its_health_check_tells_well_from_ill(built: str, hardened: Container) -> None:
    until(lambda: hardened.state("Health.Status") == "healthy", "the engine finds it healthy")
    health = configured(built, "Healthcheck")
    assert isinstance(health, dict)
    check = health["Test"]
    assert check[0] == "CMD"
    hardened.execute(*check[1:])
    with pytest.raises(subprocess.CalledProcessError):
        docker("exec", "--env=PORT=1", hardened.name, *check[1:])


def test_its_labels_say_what_it_is(built: str) -> None:
    labels = configured(built, "Labels")
    assert isinstance(labels, dict)
    prefix = "org.opencontainers.image."
    found = {k.removeprefix(prefix): v for k, v in labels.items() if k.startswith(prefix)}
    assert found["revision"] == image.commit()
    assert found["version"] == image.version()
    assert found["source"] == image.source()
    assert labels["tonight.build"] == os.environ.get("BUILD_URL", "")
    assert found["base.name"].endswith(image.reference(image.base_name()))
    assert set(found) >= {"title", "description", "licenses"}


def test_its_version_is_the_commit(hardened: Container) -> None:
    said = httpx.get(f"{hardened.url}/version").json()
    assert said["commit"] == image.commit()
    assert said["source"] == (image.source() or None)
    assert said["build"] == (os.environ.get("BUILD_URL") or None)
    assert said["version"] == image.version()


def test_it_listens_at_the_port_that_it_is_told(built: str) -> None:
    with running(built, *HARDENED, "--env=PORT=9123", port=9123) as container:
        assert httpx.get(f"{container.url}/movie").status_code == 200


def test_it_logs_to_the_container_and_each_line_is_an_event(hardened: Container) -> None:
    httpx.get(f"{hardened.url}/movie", headers={"X-Request-Id": "of-the-container-test"})
    until(lambda: "of-the-container-test" in hardened.logs(), "the request is logged")
    for line in hardened.logs().splitlines():
        assert json.loads(line)["event"], line
    written = hardened.execute("find", "/data", "/tmp", "-name", "*.log")
    assert written == ""


def test_a_stop_finishes_what_was_begun(built: str) -> None:
    body = json.dumps(LIKED).encode()
    request = encode("/api/v1/feedback", method="POST", body=body)
    with running(built, *HARDENED) as container:
        address = urlsplit(container.url)
        with socket.create_connection((address.hostname, address.port or 0), 30) as connection:
            connection.sendall(request[:-5])
            stop = threading.Thread(
                target=docker, args=("stop", "--time=90", container.name), daemon=True
            )
            stop.start()
            until(lambda: '"stopping"' in container.logs(), "it has got the signal")
            connection.sendall(request[-5:])
            assert connection.recv(100).startswith(b"HTTP/1.1 201 ")
        stop.join(120)
        assert not stop.is_alive()
        assert container.state("ExitCode") == "0"


def test_it_starts_quickly(built: str, record_property: Callable[[str, object], None]) -> None:
    seconds = []
    # The best of three: others who use the machine make it look slower, and never faster.
    for _ in range(3):
        with running(built, *HARDENED) as container:
            fields = container.execute("cat", "/proc/1/stat").rpartition(") ")[2].split()
            ticks = int(container.execute("getconf", "CLK_TCK"))
            seconds.append((int(fields[11]) + int(fields[12])) / ticks)
        if seconds[-1] < START_CPU_SECONDS:
            break
    record_property("start_cpu_seconds", min(seconds))
    assert min(seconds) < START_CPU_SECONDS


def test_it_lives_with_a_limit_of_memory_under_load(built: str) -> None:
    limits = (f"--memory={MEMORY}", f"--memory-swap={MEMORY}")
    with (
        running(built, *HARDENED, *limits, "--env=TONIGHT_RATE_LIMIT_PER_MINUTE=0") as container,
        httpx.Client(base_url=container.url, timeout=60) as client,
    ):

        def ask(number: int) -> int:
            wishes = {"max_minutes": 80 + number % 100, "seed": number}
            return client.get("/movie", params=wishes).status_code

        with ThreadPoolExecutor(16) as viewers:
            assert set(viewers.map(ask, range(400))) <= {200, 503}
        assert ask(0) == 200
        assert container.state("OOMKilled") == "false"
        assert container.state("Running") == "true"


def test_it_holds_what_the_lock_says_and_nothing_else(
    built: str, hardened: Container, tmp_path: Path
) -> None:
    environment = [sys.executable, str(ROOT / "tools" / "environment.py"), "container"]
    subprocess.run(environment, check=True)
    file = tmp_path / "sbom.json"
    image.sbom(built, file)
    components = json.loads(file.read_text("utf-8"))["components"]
    urls = [each.get("purl", "") for each in components]
    listed = dict(
        re.findall(r"^pkg:pypi/([^@]+)@([^?\n]+)", "\n".join(urls), re.MULTILINE),
    )
    assert listed.pop("tonight") == image.version()
    said = "import sys; print(f'{sys.version_info.major}.{sys.version_info.minor}')"
    expected = pins(hardened.execute("python", "-c", said))
    assert len(expected) > 40
    assert listed == expected
    assert any(url.startswith("pkg:deb/debian/libc6@") for url in urls)
