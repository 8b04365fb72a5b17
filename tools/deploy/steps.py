"""How a release follows another: in which order, and what undoes it.

Until the switch the old release takes all requests and knows nothing of it. After it the old one
stays as it is, warm, until the new one has kept the objectives for a while; the way back is the
switch alone.
"""

from __future__ import annotations

import contextlib
import subprocess
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import httpx2 as httpx

from tools.deploy import checks, images, live, objectives, records
from tools.deploy.live import Slot, StoppedError
from tools.deploy.machine import Machine
from tools.deploy.records import Entry, Kind, Release

#: How long a release may take to be ready.
START_SECONDS: Final = 60.0

#: What was on its way to the old slot when the proxy was switched has arrived there by then.
_SETTLE_SECONDS: Final = 1.0

#: How often a release that is watched is looked at, and how often in a row nothing may come back.
_LOOK_SECONDS: Final = 1.0
_MISSES: Final = 3


def deploy(machine: Machine, image: str, watch_seconds: float) -> Release:
    """Puts a release in the place of the one in use; returns it.

    Args:
        machine: Where.
        image: Its image, by name or digest.
        watch_seconds: How long it must keep the objectives before the old one is stopped.

    Raises:
        StoppedError: The old one is in use; says why.
    """
    with live.alone(machine.place):
        recover(machine)
        release = images.release_of(image)
        before = machine.running(live.live_slot(machine.place))
        return _replace(machine, "deploy", before, release, watch_seconds)


def roll_back(machine: Machine) -> Release:
    """Puts the release before in the place of the one in use; returns it.

    The database keeps the newer schema. The release before is checked as any other, but not
    watched: somebody wants it now, and the one that would be gone back to is the bad one.

    Raises:
        StoppedError: There is none, or it does not work either.
    """
    with live.alone(machine.place):
        recover(machine)
        way = records.way_back(records.read(machine.place))
        if len(way) < 2:
            raise StoppedError("No release was in use before this one.")
        before = machine.running(live.live_slot(machine.place))
        return _replace(machine, "rollback", before, images.here_again(way[-2]), 0)


def recover(machine: Machine) -> None:
    """Ends what was killed in the middle: whatever takes the requests goes on, alone."""
    killed = records.unended(records.read(machine.place))
    slot = live.live_slot(machine.place)
    if killed is not None:
        outcome: records.Outcome = "taken back" if killed.step == "switched" else "never in use"
        if slot == killed.slot:
            outcome = "in use"
        if killed.step == "migrating":
            # Done already, done now, or not possible: it is known afterwards which schema there is.
            with contextlib.suppress(StoppedError):
                _migrate(machine, killed)
        _write(machine, killed, step="ended", outcome=outcome, why="the deploy was killed")
        used = killed.to if outcome == "in use" else killed.before
        print(f"The last {killed.kind} was killed; {used} is in use.", flush=True)
    live.scrape(machine.place, [slot])
    machine.stop(live.other(slot))


def _replace(
    machine: Machine, kind: Kind, before: Release, release: Release, watch_seconds: float
) -> Release:
    began = time.monotonic()
    old = live.live_slot(machine.place)
    slot = live.other(old)
    entry = Entry("", kind, "began", slot, before, release)
    _write(machine, entry)
    _say(f"{before} is in use; {release} is to follow, in {live.SERVICES[slot]}")
    try:
        has_its_schema = _prepare(machine, entry)
        live.switch(machine.place, slot)
        _write(machine, entry, step="switched")
        _say("it takes all requests")
        if watch_seconds:
            _watch(machine, slot, release, watch_seconds)
    except BaseException as error:
        was_switched = live.live_slot(machine.place) == slot
        live.switch(machine.place, old)
        why = _reason(error)
        outcome: records.Outcome = "taken back" if was_switched else "never in use"
        _write(machine, entry, step="ended", outcome=outcome, why=why)
        live.scrape(machine.place, [old])
        _settle_and_stop(machine, slot)
        raise StoppedError(f"{release} is {outcome}: {why}. {before} is in use.") from error
    if has_its_schema:
        # Also when there was nothing to migrate: from now on it makes the backups.
        _write(machine, entry, step="migrated")
    _write(machine, entry, step="ended", outcome="in use")
    live.scrape(machine.place, [slot])
    _settle_and_stop(machine, old)
    machine.follow(_schema_release(machine, release))
    _say(f"{release} is in use, after {time.monotonic() - began:.0f} s")
    return release


def _prepare(machine: Machine, entry: Entry) -> bool:
    """Does everything that comes before the first request: each step may say no.

    Returns:
        Whether the database has the very schema of the release, and not a newer one.
    """
    release, slot = entry.to, entry.slot
    has_its_schema = False
    migrations = images.migrations_of(release)
    head, known = images.revisions(migrations)
    schema = _schema_release(machine, entry.before, fetch=entry.kind == "deploy")
    applied = _applied(schema, entry)
    images.require_its_needs(release.version, migrations, applied)
    if entry.kind == "deploy":
        before = images.migrations_of(entry.before)
        images.require_compatible(entry.before.version, before, migrations)
        machine.back_up(schema)
        _say("a backup was made")
        # An older release works on a newer schema, and has nothing to migrate.
        is_at, _ = images.revisions(applied)
        has_its_schema = is_at in known
        if has_its_schema and is_at != head:
            _migrate(machine, entry)
            _say(f"the schema is {head}")
    machine.start(slot, release)
    live.scrape(machine.place, ["a", "b"])
    with checks.door(machine.waiting()) as client:
        checks.wait_until_ready(client, lambda: machine.why_gone(slot), START_SECONDS)
        checks.require_version(client, release, head)
        checks.try_out(client)
    checks.require_metrics(machine.metrics(slot), release)
    _say("it is ready, is what its image says, suggests a film, and keeps a rating")
    return has_its_schema


def _schema_release(machine: Machine, before: Release, *, fetch: bool = True) -> Release:
    """The release whose schema the database has; without its image the one in use has to do."""
    found = records.schema_of(records.read(machine.place))
    # A way back waits for no registry.
    if found is not None and (fetch or images.is_here(found.image)):
        with contextlib.suppress(StoppedError):
            return images.here_again(found)
    return before


def _applied(schema: Release, entry: Entry) -> dict[str, str]:
    """The migrations that the database has been through."""
    try:
        return images.migrations_of(schema)
    except StoppedError:
        if entry.kind == "deploy":
            raise
        # No way back may depend on the release that is left; what follows is tried out anyway.
        return {}


def _migrate(machine: Machine, entry: Entry) -> None:
    _write(machine, entry, step="migrating")
    machine.migrate(entry.to)
    _write(machine, entry, step="migrated")


def _watch(machine: Machine, slot: Slot, release: Release, seconds: float) -> None:
    """Looks at a release that takes requests, and asks for a film each time, for want of others.

    Raises:
        StoppedError: It does not keep an objective, or does not answer.
    """
    first = objectives.look(machine.metrics(slot))
    misses = 0
    end = time.monotonic() + seconds
    with checks.door(machine.front()) as client:
        while time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)
            why = _missed(client, release)
            try:
                broken = objectives.broken(first, objectives.look(machine.metrics(slot)))
            except StoppedError as error:
                why = why or str(error)
            else:
                if broken is not None:
                    raise StoppedError(broken)
            misses = misses + 1 if why else 0
            if misses == _MISSES:
                raise StoppedError(why)
    _say(f"it kept the objectives for {seconds:g} s")


def _missed(client: httpx.Client, release: Release) -> str:
    """What is wrong with one look through the proxy; nothing when all is well."""
    try:
        said = client.get("/version", timeout=3)
        if said.status_code >= 500 or client.get("/movie", timeout=3).status_code >= 500:
            return "requests through the proxy are answered with errors"
        if said.is_success and said.json()["commit"] != release.commit:
            return f"the proxy leads to the commit {said.json()['commit']}"
    except httpx.TransportError as error:
        return f"it does not answer through the proxy ({type(error).__name__})"
    return ""


def _settle_and_stop(machine: Machine, slot: Slot) -> None:
    time.sleep(_SETTLE_SECONDS)
    machine.stop(slot)


def _reason(error: BaseException) -> str:
    if isinstance(error, StoppedError):
        return str(error)
    if isinstance(error, KeyboardInterrupt):
        return "the deploy was interrupted"
    if isinstance(error, subprocess.CalledProcessError):
        last = str(error.stderr or "").strip().splitlines()[-1:]
        return f"{' '.join(map(str, error.cmd[:3]))} failed: {''.join(last)}"
    return f"{type(error).__name__}: {error}"


def _write(machine: Machine, entry: Entry, **changed: str) -> None:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    records.append(machine.place, replace(entry, at=now, **changed))  # type: ignore[arg-type]


def _say(what: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {what}", flush=True)
