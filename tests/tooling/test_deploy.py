"""A deploy knows what was in use, who was killed, what a release fails at, and who is at work."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from tools import compose
from tools.deploy import images, live, objectives, records, steps
from tools.deploy.__main__ import main
from tools.deploy.images import require_compatible, require_its_needs, revisions
from tools.deploy.live import StoppedError
from tools.deploy.machine import Machine
from tools.deploy.records import Entry, Kind, Outcome, Release
from tools.deploy.steps import recover

ROOT = Path(__file__).parents[2]
A, B, C = (Release(f"sha256:{each}", "", f"{each}.0.0", each * 40) for each in "123")


def ended(
    before: Release, to: Release, outcome: Outcome = "in use", kind: Kind = "deploy"
) -> Entry:
    return Entry("2026-11-28T18:00:00", kind, "ended", "b", before, to, outcome)


def metrics(
    n_answered: int = 0, n_500: int = 0, n_slow: int = 0, n_saved: int = 0, n_unsaved: int = 0
) -> str:
    n_fast = n_answered + n_500 - n_slow
    return (
        f'tonight_requests_total{{method="GET",route="/movie",status="200"}} {n_answered}\n'
        f'tonight_requests_total{{method="GET",route="/movie",status="500"}} {n_500}\n'
        f'tonight_requests_total{{method="POST",route="/feedback",status="303"}} {n_saved}\n'
        f'tonight_requests_total{{method="POST",route="/feedback",status="503"}} {n_unsaved}\n'
        f'tonight_request_seconds_bucket{{method="GET",route="/movie",le="0.25"}} {n_fast}\n'
        f'tonight_request_seconds_count{{method="GET",route="/movie"}} {n_answered + n_500}\n'
    )


def broken(before: str, now: str) -> str | None:
    return objectives.broken(objectives.look(before), objectives.look(now))


def test_the_release_in_use_is_the_last_that_was_not_taken_back() -> None:
    assert records.in_use([], "a") is None
    assert records.in_use([ended(A, B)], "b") == B
    assert records.in_use([ended(A, B), ended(B, C, "taken back")], "b") == B
    assert records.in_use([ended(A, B), ended(B, C, "never in use")], "b") == B


def test_after_a_kill_the_slot_says_which_release_is_in_use() -> None:
    began = replace(ended(A, B), step="began", outcome=None)
    assert records.unended([began]) == began
    assert records.unended([began, ended(A, B)]) is None
    assert records.in_use([began], "a") == A
    assert records.in_use([began], "b") == B


class Still(Machine):
    """A machine on which nothing runs; it remembers what was done with it."""

    def __init__(self, place: Path) -> None:
        super().__init__(compose.Stack({}), place)

    def stop(self, slot: live.Slot) -> None:
        (self.place / f"stopped-{slot}").touch()

    def migrate(self, release: Release) -> None:
        (self.place / "migrated").write_text(release.version)


@pytest.mark.parametrize("slot", ["a", "b"])
@pytest.mark.parametrize("n_steps", [1, 2, 3, 4])
def test_wherever_a_deploy_is_killed_the_release_in_its_slot_goes_on_alone(
    n_steps: int, slot: live.Slot, tmp_path: Path
) -> None:
    steps: list[records.Step] = ["began", "migrating", "migrated", "switched"]
    for step in steps[:n_steps]:
        records.append(tmp_path, replace(ended(A, B), step=step, outcome=None))
    live.switch(tmp_path, slot)

    recover(Still(tmp_path))

    entries = records.read(tmp_path)
    assert records.unended(entries) is None
    assert records.in_use(entries, slot) == (B if slot == "b" else A)
    assert live.live_slot(tmp_path) == slot
    assert [path.name for path in tmp_path.glob("stopped-*")] == [f"stopped-{live.other(slot)}"]
    assert f"{live.SERVICES[slot]}:" in (tmp_path / "prometheus.json").read_text()


def test_a_migration_that_was_killed_is_brought_to_its_end(tmp_path: Path) -> None:
    for step in ("began", "migrating"):
        records.append(tmp_path, replace(ended(A, B), step=step, outcome=None))
    recover(Still(tmp_path))
    assert (tmp_path / "migrated").read_text() == B.version
    assert records.schema_of(records.read(tmp_path)) == B


def test_a_deploy_of_nothing_says_what_to_write(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["deploy", ""])
    assert "make deploy IMAGE=ghcr.io/you/tonight@sha256" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["nan", "inf", "0", "-1", "soon"])
def test_a_watch_that_would_see_nothing_is_refused(
    seconds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["deploy", "tonight:local", f"--watch={seconds}"])
    assert "--watch" in capsys.readouterr().err


class Mute(Machine):
    """A release that answers requests, and whose own listener dies after the first look."""

    looks = 0
    address = ""

    def metrics(self, slot: live.Slot) -> str:
        Mute.looks += 1
        if Mute.looks > 1:
            raise StoppedError("its metrics cannot be read")
        return metrics()

    def front(self) -> str:
        return self.address


class Answers(BaseHTTPRequestHandler):
    """Answers everything with the commit of a release."""

    def do_GET(self) -> None:
        body = json.dumps({"commit": B.commit}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        pass


def test_a_listener_that_dies_during_the_watch_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "_LOOK_SECONDS", 0.01)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        monkeypatch.setattr(Mute, "address", f"127.0.0.1:{server.server_port}")
        machine = Mute(compose.Stack({}), tmp_path)
        with pytest.raises(StoppedError, match="its metrics cannot be read"):
            steps._watch(machine, "b", B, 20)
    finally:
        server.shutdown()
        server.server_close()


def test_a_rollback_leads_one_release_back_and_never_to_a_bad_one() -> None:
    entries = [ended(A, B), ended(B, C, "taken back")]
    assert records.way_back(entries) == [A, B]
    entries += [ended(B, C)]
    assert records.way_back(entries) == [A, B, C]
    entries += [ended(C, B, kind="rollback")]
    assert records.way_back(entries) == [A, B]
    entries += [ended(B, A, kind="rollback")]
    assert records.way_back(entries) == [A]


def test_a_release_that_is_deployed_again_is_no_step_on_the_way_back() -> None:
    assert records.way_back([ended(A, B), ended(B, B)]) == [A, B]


def test_a_release_that_came_by_another_way_can_be_gone_back_to() -> None:
    assert records.way_back([ended(A, B), ended(C, A)]) == [A, B, C, A]


def test_the_schema_is_that_of_the_last_release_that_migrated() -> None:
    begun = replace(ended(A, B), step="migrating", outcome=None)
    done = replace(begun, step="migrated")
    assert records.schema_of([]) is None
    assert records.schema_of([begun]) == B
    assert records.schema_of([begun, ended(A, B, "never in use")]) is None
    entries = [begun, done, ended(A, B), ended(B, A, kind="rollback")]
    assert records.schema_of(entries) == B


@pytest.mark.parametrize("n_written", [1, 40, 200])
def test_what_was_written_is_read_again_but_for_a_line_that_was_cut(
    n_written: int, tmp_path: Path
) -> None:
    records.append(tmp_path, ended(A, B))
    line = (tmp_path / records.NAME).read_text()
    with (tmp_path / records.NAME).open("a") as file:
        file.write(line[1 : 1 + n_written])
    records.append(tmp_path, ended(B, C, "taken back"))
    assert records.read(tmp_path) == [ended(A, B), ended(B, C, "taken back")]


def test_the_list_says_when_from_where_to_where_and_why() -> None:
    entry = replace(ended(A, B, "taken back"), why="6 of 18 suggestions failed")
    began = replace(entry, step="began", outcome=None)
    assert records.as_table([began, entry]) == (
        "2026-11-28 18:00:00  deploy    1.0.0 (111111111) -> 2.0.0 (222222222)  "
        "taken back: 6 of 18 suggestions failed"
    )


def test_one_deploy_keeps_another_away_until_it_has_ended(tmp_path: Path) -> None:
    with (
        live.alone(tmp_path),
        pytest.raises(StoppedError, match="Another deploy"),
        live.alone(tmp_path),
    ):
        pass
    with live.alone(tmp_path):
        pass


def test_a_switch_is_one_file_and_leads_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONIGHT_LIVE", str(tmp_path / "live"))
    place = live.folder()
    assert live.live_slot(place) == "a"
    live.switch(place, "b")
    assert live.live_slot(live.folder()) == "b"
    live.switch(place, "a")
    assert live.live_slot(place) == "a"


def test_prometheus_is_told_which_slots_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONIGHT_LIVE", str(tmp_path))
    place = live.folder()
    targets = place / "prometheus.json"
    assert yaml.safe_load(targets.read_text()) == [{"targets": ["tonight:9464"]}]
    live.scrape(place, ["a", "b"])
    assert yaml.safe_load(targets.read_text()) == [{"targets": ["tonight:9464", "tonight-b:9464"]}]


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (metrics(n_answered=200, n_500=5), "5 of 205 requests ended in an internal error"),
        (metrics(n_answered=29, n_slow=5), "5 of 29 suggestions took longer than 0.25 s"),
        (metrics(n_saved=60, n_unsaved=5), "5 of 65 ratings could not be saved"),
    ],
)
def test_a_release_that_would_page_is_broken(now: str, why: str) -> None:
    assert broken(metrics(), now) == why


@pytest.mark.parametrize(
    "now",
    [
        metrics(),
        metrics(n_answered=3, n_500=4, n_slow=4, n_unsaved=4),
        metrics(n_answered=300, n_500=5),
        metrics(n_answered=40, n_slow=5),
        metrics(n_saved=70, n_unsaved=5),
    ],
)
def test_a_release_that_would_not_page_is_not(now: str) -> None:
    assert broken(metrics(), now) is None


def test_what_was_before_the_release_took_requests_does_not_count() -> None:
    assert broken(metrics(n_answered=10, n_500=9), metrics(n_answered=300, n_500=9)) is None


def test_a_release_that_was_restarted_is_broken() -> None:
    assert broken(metrics(n_answered=10), metrics(n_answered=3)) == "it was restarted"


def test_its_limits_are_those_of_the_alerts_that_page() -> None:
    folder = ROOT / "deploy" / "monitoring" / "rules"
    rules = {
        rule["alert"]: rule["expr"]
        for name in ("objectives", "causes")
        for group in yaml.safe_load((folder / f"{name}.yaml").read_text())["groups"]
        for rule in group["rules"]
        if rule.get("labels", {}).get("severity") == "page"
    }
    for alert, name in (
        ("TonightSuggestionsFail", "failed"),
        ("TonightSuggestionsSlow", "slow"),
        ("TonightFeedbackNotSaved", "unsaved"),
    ):
        budget = re.search(r"> \(14\.4 \* ([0-9.]+)\)", rules[alert])
        assert budget is not None
        assert objectives.OBJECTIVES[name].limit == 14.4 * float(budget[1])
        assert f">= {objectives.LEAST}" in rules[alert]
    assert "> 0.02" in rules["TonightBadRelease"]
    assert objectives.OBJECTIVES["errors"].limit == 0.02


def test_a_migration_that_takes_away_stops_a_deploy_and_one_that_adds_does_not() -> None:
    before = {"0001_first.py": 'def upgrade():\n    op.drop_table("old")\n'}
    adds = {"0002_next.py": 'def upgrade():\n    op.create_table("shelf")\n'}
    require_compatible("0.4.0", before, {**before, **adds})
    takes = {"0003_last.py": 'def upgrade():\n    op.drop_table("shelf")\n'}
    with pytest.raises(StoppedError, match=r"0003_last\.py, line 2: drop_table"):
        require_compatible("0.4.0", before, {**before, **adds, **takes})


def test_what_an_older_release_needs_is_dropped_once_a_later_one_is_in_use() -> None:
    drops = {
        "0002_drop.py": 'contracts_after = "0.4.0"\ndef upgrade():\n    op.drop_table("shelf")\n'
    }
    require_compatible("0.5.0", {}, drops)
    with pytest.raises(StoppedError, match=r"removes what 0\.4\.0 needs, and 0\.4\.0 is no later"):
        require_compatible("0.4.0", {}, drops)


def test_a_release_that_needs_what_was_dropped_is_not_gone_back_to() -> None:
    drops = {
        "0002_drop.py": 'contracts_after = "0.4.0"\ndef upgrade():\n    op.drop_table("shelf")\n'
    }
    require_its_needs("0.5.0", {}, drops)
    require_its_needs("0.4.0", drops, drops)
    with pytest.raises(StoppedError, match=r"0002_drop\.py has removed .* what 0\.4\.0 and older"):
        require_its_needs("0.4.0", {}, drops)


def test_an_image_that_prints_something_else_lists_no_migrations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(images, "docker", lambda *_: "a warning of its Python\n{}")
    with pytest.raises(StoppedError, match="does not list its migrations: 'a warning"):
        images.migrations_of(Release("sha256:0", "", "0.4.0", "c0ffee"))


class Contracted(Machine):
    """A machine whose database has lost what its second release but one needs."""

    def stop(self, slot: live.Slot) -> None:
        pass

    def running(self, slot: live.Slot) -> Release:
        return C

    def start(self, slot: live.Slot, release: Release) -> None:
        raise StoppedError("it was started")


@pytest.mark.parametrize(
    ("after", "why"), [("1.0.0", "the way back ends"), ("0.9.0", "it was started")]
)
def test_a_rollback_ends_where_the_database_has_lost_what_a_release_needs(
    after: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = {"0001_first.py": 'revision = "0001"\ndown_revision = None\n'}
    drops = {
        "0002_drop.py": f'revision = "0002"\ndown_revision = "0001"\ncontracts_after = "{after}"\n'
    }
    monkeypatch.setattr(images, "is_here", lambda _: True)
    monkeypatch.setattr(images, "migrations_of", lambda of: {**first, **(drops if of == C else {})})
    records.append(tmp_path, replace(ended(A, C), step="migrated", outcome=None))
    records.append(tmp_path, ended(A, C))
    with pytest.raises(StoppedError, match=why):
        steps.roll_back(Contracted(compose.Stack({}), tmp_path))


def test_a_rollback_does_without_the_image_that_it_would_have_to_fetch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetched(image: str) -> Release:
        raise AssertionError(f"{image} was fetched")

    first = {"0001_first.py": 'revision = "0001"\ndown_revision = None\n'}
    gone = replace(C, digest="registry.example/tonight@sha256:3")
    monkeypatch.setattr(images, "is_here", lambda image: image != gone.image)
    monkeypatch.setattr(images, "release_of", fetched)
    monkeypatch.setattr(images, "migrations_of", lambda _: first)
    records.append(tmp_path, replace(ended(A, gone), step="migrated", outcome=None))
    records.append(tmp_path, ended(A, gone))
    with pytest.raises(StoppedError, match="it was started"):
        steps.roll_back(Contracted(compose.Stack({}), tmp_path))


def test_the_newest_revision_is_the_one_that_none_follows() -> None:
    files = {
        "0002_b.py": 'revision = "0002"\ndown_revision = "0001"\n',
        "0001_a.py": 'revision = "0001"\ndown_revision = None\n',
        "__init__.py": "",
    }
    assert revisions(files) == ("0002", {"0001", "0002"})
