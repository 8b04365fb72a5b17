"""Releases follow one another under load, on a real engine; the bad ones do not stay."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.container.conftest import is_published
from tests.container.next_releases import FAILS, Next
from tests.container.viewers import Viewer, watching
from tools import compose
from tools.containers import docker
from tools.deploy import images, live, records
from tools.deploy.machine import Machine

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PORTS = ("TONIGHT_PORT", "TONIGHT_WAITING_PORT", "PROXY_PORT")

#: From the switch to a release that is bad until all requests are with the one before again.
TAKEN_BACK_SECONDS = 15

ADDS_A_TABLE = 'op.create_table("shelf", sa.Column("id", sa.Integer, primary_key=True))'
ADDS_A_COLUMN = 'op.add_column("feedback", sa.Column("mood", sa.Text, nullable=True))'


class Site:
    """A machine with the service in use, and what is done on it.

    Args:
        folder: For what is made.
        base: The image of this commit.

    Attributes:
        machine: As the tool has it.
        url: Where requests come in.
        first: The release of this commit.
        built: The images that were made.
    """

    def __init__(self, folder: Path, base: str) -> None:
        self._folder, self._base = folder, base
        self.built: list[str] = []
        self._published = all(map(is_published, compose.others().values()))
        self.machine = Machine(self.up(), live.folder())
        self.url = f"http://{self.machine.front()}"
        self.first = images.release_of(base)
        self._head, _ = images.revisions(images.migrations_of(self.first))

    def up(self) -> compose.Stack:
        """Does what `make up` does."""
        stack = compose.Stack(compose.environment(on_stand_ins=not self._published))
        stack.up()
        return stack

    def build(self, release: Next) -> str:
        folder = self._folder / release.commit
        folder.mkdir()
        self.built.append(release.build(self._base, self._head, folder))
        return self.built[-1]

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts the tool as a person does."""
        return subprocess.Popen(
            [sys.executable, "-m", "tools.deploy", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[int, str]:
        """The tool's exit status, and what it printed."""
        process = self.begin(*arguments)
        printed, _ = process.communicate(timeout=180)
        return process.returncode, printed

    def deploy(self, image: str) -> tuple[int, str]:
        return self.run("deploy", image, "--watch=5")

    def is_refused(self, image: str, why: str) -> None:
        """Makes sure that a release is not in use afterwards, for a reason."""
        status, printed = self.deploy(image)
        assert (status, why in printed) == (1, True), printed

    def says(self) -> tuple[str, str]:
        """The version and the commit that run, as everybody can ask."""
        said = httpx.get(f"{self.url}/version").json()
        return said["version"], said["commit"]

    def schema(self) -> str:
        """The schema that the database has."""
        service = self.machine.stack.read("ps", "--quiet", "database").strip()
        query = "psql -U tonight -tAc 'SELECT version_num FROM alembic_version'"
        programs = "PATH=$PATH:$(echo /usr/lib/postgresql/*/bin)"
        return docker("exec", service, "sh", "-c", f"{programs} {query}")

    def entries(self) -> list[records.Entry]:
        return records.read(self.machine.place)


@pytest.fixture
def site(built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    environment = [sys.executable, str(ROOT / "tools" / "environment.py"), "container"]
    subprocess.run(environment, check=True)
    monkeypatch.setenv("TONIGHT_SECRETS", str(tmp_path / "secrets"))
    monkeypatch.setenv("TONIGHT_LIVE", str(tmp_path / "live"))
    monkeypatch.setenv("COMPOSE_PROJECT_NAME", f"tonight-deploy-{os.getpid()}")
    monkeypatch.setenv("COMPOSE_PROFILES", "service,backup")
    for variable in PORTS:
        monkeypatch.setenv(variable, "0")
    try:
        site = Site(tmp_path, built)
        yield site
    finally:
        compose.Stack(compose.own_environment()).down("--volumes")
    docker("image", "rm", "--force", *site.built)


def failed(viewers: list[Viewer]) -> list[tuple[datetime, str]]:
    """When requests began that failed, and how they did."""
    return [failure for viewer in viewers for failure in viewer.failed]


def at(entry: records.Entry) -> datetime:
    return datetime.fromisoformat(entry.at)


def kill_before_it_is_in_use(site: Site, image: str) -> None:
    """Kills a deploy once it has migrated or is about to, and sees another one kept away."""
    killed = site.begin("deploy", image)
    assert killed.stdout is not None
    with killed.stdout as lines:
        while "a backup was made" not in lines.readline():
            assert killed.poll() is None
        site.is_refused(image, "Another deploy is at work here. Nothing was changed.")
        killed.kill()
        killed.wait()


def test_good_releases_follow_one_another_unnoticed_and_bad_ones_do_not_stay(site: Site) -> None:
    first = (site.first.version, site.first.commit)
    second = Next("9.1.0", (ADDS_A_TABLE,))
    both = (ADDS_A_TABLE, ADDS_A_COLUMN)
    other = site.build(Next("9.2.0", both, says="9.1.0"))
    ends = site.build(Next("9.3.0", both, command="echo no; exit 1"))
    takes_away = site.build(Next("9.4.0", (*both, 'op.drop_column("feedback", "kind")')))
    fails = site.build(Next("9.5.0", both, after=FAILS))
    image = site.build(second)

    with watching(site.url, 8) as viewers:
        kill_before_it_is_in_use(site, image)
        assert site.says() == first

        status, printed = site.deploy(image)
        assert (status, "The last deploy was killed" in printed) == (0, True), printed
        assert site.says() == ("9.1.0", second.commit)
        assert site.schema() == "9001"

        site.is_refused(other, "/version says version '9.1.0', its image '9.2.0'")
        site.is_refused(ends, "it does not start: it ended, saying 'no'")
        site.is_refused(takes_away, "could not live with its migrations: 9003_next.py")
        ended = [each.outcome for each in site.entries() if each.step == "ended"]
        assert ended == ["never in use", "in use", *["never in use"] * 3]
        assert failed(viewers) == []
        assert sum(each.n_answers for each in viewers) > 300
        assert all(each.commits == {site.first.commit, second.commit} for each in viewers)

        site.is_refused(fails, "requests ended in an internal error")
        switched, taken_back = site.entries()[-2:]
        assert (switched.step, taken_back.outcome) == ("switched", "taken back")
        assert (at(taken_back) - at(switched)).total_seconds() < TAKEN_BACK_SECONDS
        assert site.says() == ("9.1.0", second.commit)
        assert [each for each in failed(viewers) if each[0] < at(switched)] == []

        # The one in use does not even answer any more.
        dead = datetime.now(UTC)
        docker("kill", site.machine.container(live.live_slot(site.machine.place)))
        status, printed = site.run("rollback")
        assert status == 0, printed
        switched = site.entries()[-2]
        assert site.says() == first
    between = [each for each in failed(viewers) if at(taken_back) < each[0] < dead]
    afterwards = [each for each in failed(viewers) if each[0] > at(switched)]
    assert (between, afterwards) == ([], [])

    # What was saved was saved on three schemas, the last of which came with a release that failed.
    assert site.schema() == "9002"
    assert sum(len(each.rated) for each in viewers) > 50
    assert [each.lost() for each in viewers] == [set()] * len(viewers)
    nothing = "rollback: No release was in use before this one.\n"
    assert site.run("rollback") == (1, nothing)
    _, printed = site.run("list")
    assert printed.count("\n") == 8, printed
    assert f"In use, in tonight: {site.first}" in printed
    # The daily backup goes on, in the release that knows this schema.
    site.machine.stack.read("exec", "--no-TTY", "backup", "tonight", "db", "backup")
    # What was deployed comes back, and not what was built last.
    site.up()
    assert site.says() == first


def test_what_no_release_uses_any_more_is_dropped_and_the_way_back_ends_after_it(
    site: Site,
) -> None:
    drops = (ADDS_A_TABLE, 'op.drop_table("shelf")')
    early = site.build(Next("9.1.0", drops, contracts_after=site.first.version))
    between = Next("9.1.1", (ADDS_A_TABLE,))
    in_time = Next("9.2.0", drops, contracts_after=site.first.version)

    site.is_refused(early, f"removes what {site.first.version} needs")
    for release in (between, in_time):
        status, printed = site.deploy(site.build(release))
        assert status == 0, printed
    assert site.schema() == "9002"

    status, printed = site.run("rollback")
    assert status == 0, printed
    status, printed = site.run("rollback")
    assert (status, "the way back ends" in printed) == (1, True), printed
    assert site.says() == ("9.1.1", between.commit)
