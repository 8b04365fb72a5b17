"""A checklist whose rows prove themselves: ``checklist.toml`` is read, run and written as a page.

It needs nothing but Python 3.11; README.md beside it says how ``checklist.toml`` is written.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final

KINDS: Final = ("question", "action", "definition")
TIMEOUT_SECONDS: Final = 600

#: What a proof must not be, since it says nothing: it cannot fail, or only looks for a file.
_PROVES_NOTHING: Final = re.compile(
    r"^\s*((\S*/)?true|:|exit 0|echo\b[^;&|]*|(test|\[) -[efds] [^;&|]*)\s*$"
    r"|\|\|\s*((\S*/)?true|:|exit 0)\s*$"
)

#: What the parts of a row are in TOML, and how that is said.
_FORMS: Final[dict[type, str]] = {str: "text", list: "a list of texts", bool: "true or false"}
_PARTS: Final[dict[str, type]] = {
    "kind": str,
    "question": str,
    "answer": str,
    "files": list,
    "proof": str,
    "unproven": str,
    "heavy": bool,
    "needs": list,
}
_LAST_LINES: Final = 15

#: The proofs that run now, by their process.
_running: Final[set[int]] = set()


class ChecklistError(Exception):
    """The file cannot be read as a checklist; says every mistake."""


class Outcome(Enum):
    """What became of a row."""

    HELD = "held"
    FAILED = "failed"
    HEAVY = "takes minutes, not run"
    MISSING = "cannot be proven here"
    UNPROVEN = "not proven"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the checklist.

    Attributes:
        kind: A question, an action or a definition.
        question: What is asked.
        answer: Ours.
        files: Where it is, relative to the checklist; each must exist.
        proof: A command of Bash; ``None`` where there is none.
        unproven: Why there is none.
        heavy: Whether it takes minutes.
        needs: Programs that the proof cannot do without.
        timeout_seconds: How long it may take.
    """

    kind: str
    question: str
    answer: str
    files: tuple[str, ...]
    proof: str | None
    unproven: str | None
    heavy: bool
    needs: tuple[str, ...]
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class Pillar:
    """Rows that belong together."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """A whole file.

    Attributes:
        title: The heading of the page.
        page: Where the page is written.
        root: The folder in which commands run.
        pillars: In their order.
    """

    title: str
    page: Path
    root: Path
    pillars: tuple[Pillar, ...]

    def rows(self) -> list[Row]:
        """All rows, in their order."""
        return [row for pillar in self.pillars for row in pillar.rows]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row, and what there is to say about it.

    Attributes:
        outcome: What became of it.
        seconds: How long the proof took.
        said: Why it is not held.
    """

    outcome: Outcome
    seconds: float = 0.0
    said: str = ""


def read(file: Path) -> Checklist:
    """Reads a checklist.

    Raises:
        ChecklistError: It cannot be read, or has mistakes; each is named.
    """
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ChecklistError(f"{file}: {error}") from None
    root = file.resolve().parent
    mistakes: list[str] = []
    pillars = []
    for pillar in _tables(content, "pillar", "[[pillar]]", mistakes):
        name = str(pillar.get("name", "a pillar without a name"))
        raws = _tables(pillar, "row", f"{name}: [[pillar.row]]", mistakes)
        pillars.append(Pillar(name, tuple(_row(raw, root, name, mistakes) for raw in raws)))
    if not any(pillar.rows for pillar in pillars):
        mistakes.append("there is no row")
    mistakes += [
        f"{key} is missing, or no text"
        for key in ("title", "page")
        if not isinstance(content.get(key), str) or not content[key].strip()
    ]
    page = (root / str(content.get("page"))).resolve()
    if page == root or not page.is_relative_to(root) or page.is_dir():
        mistakes.append("page is no file beside or below this one")
    questions = [row.question for pillar in pillars for row in pillar.rows]
    mistakes += [f"{q!r} is asked twice" for q in sorted(set(questions)) if questions.count(q) > 1]
    if mistakes:
        raise ChecklistError("\n".join(f"{file.name}: {mistake}" for mistake in mistakes))
    return Checklist(content["title"], page, root, tuple(pillars))


def _tables(
    table: Mapping[str, Any], key: str, form: str, mistakes: list[str]
) -> list[dict[str, Any]]:
    """What stands under a key as an array of tables; anything else is a mistake."""
    found = table.get(key, [])
    if isinstance(found, list) and all(isinstance(each, dict) for each in found):
        return found
    mistakes.append(f"{form} begins each {key}, and here it is something else")
    return []


def _row(raw: Mapping[str, Any], root: Path, pillar: str, mistakes: list[str]) -> Row:
    where = f"{pillar}: {raw.get('question') or 'a row without a question'}"
    known = {*Row.__dataclass_fields__}
    mistakes += [f"{where}: {key} is not known" for key in raw if key not in known]
    wrong = {key for key, form in _PARTS.items() if key in raw and not _is(raw[key], form)}
    mistakes += [f"{where}: {key} is not {_FORMS[_PARTS[key]]}" for key in sorted(wrong)]
    timeout = raw.get("timeout_seconds", TIMEOUT_SECONDS)
    if not isinstance(timeout, (int, float)) or not 0 < timeout < math.inf:
        mistakes.append(f"{where}: timeout_seconds is no number above 0")
        timeout = TIMEOUT_SECONDS
    # What is wrong in its kind was said; the rest is looked at without it.
    raw = {key: value for key, value in raw.items() if key not in wrong}
    question = raw.get("question", "").strip()
    mistakes += [
        f"{where}: {key} is missing"
        for key in ("question", "answer")
        if key not in wrong and not raw.get(key, "").strip()
    ]
    if raw.get("kind") not in KINDS:
        mistakes.append(f"{where}: kind is none of {', '.join(KINDS)}")
    proof, unproven = raw.get("proof", "").strip(), raw.get("unproven", "").strip()
    if bool(proof) == bool(unproven):
        mistakes.append(f"{where}: either a proof, or unproven with the reason")
    if _PROVES_NOTHING.search(proof):
        mistakes.append(f"{where}: {proof!r} proves nothing")
    files = tuple(raw.get("files", []))
    if proof and not files and "files" not in wrong:
        mistakes.append(f"{where}: no file holds it")
    mistakes += [f"{where}: {each} does not exist" for each in files if not (root / each).exists()]
    return Row(
        kind=str(raw.get("kind")),
        question=question,
        answer=" ".join(raw.get("answer", "").split()),
        files=files,
        proof=proof or None,
        unproven=unproven or None,
        heavy=raw.get("heavy", False),
        needs=tuple(raw.get("needs", [])),
        timeout_seconds=float(timeout),
    )


def _is(value: object, form: type) -> bool:
    """Whether a value has the form; a list is one of texts."""
    if isinstance(value, list):
        return form is list and all(isinstance(each, str) for each in value)
    return isinstance(value, form)


def prove(row: Row, root: Path, *, heavy: bool) -> Result:
    """Runs the proof of a row.

    Args:
        row: The row.
        root: The folder in which its command runs.
        heavy: Whether it is run although it takes minutes.
    """
    if row.proof is None:
        return Result(Outcome.UNPROVEN, said=row.unproven or "")
    if row.heavy and not heavy:
        return Result(Outcome.HEAVY)
    missing = [program for program in row.needs if shutil.which(program) is None]
    if missing:
        said = f"not installed here: {', '.join(missing)}"
        # A pipeline that leaves out what it lacks would look green without having looked.
        return Result(Outcome.FAILED if os.environ.get("CI") else Outcome.MISSING, said=said)
    start = time.perf_counter()
    with subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", row.proof],
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        _running.add(process.pid)
        try:
            printed, _ = process.communicate(timeout=row.timeout_seconds)
        except subprocess.TimeoutExpired:
            _kill(process.pid)
            said = f"not finished after {row.timeout_seconds:.0f} seconds"
            return Result(Outcome.FAILED, time.perf_counter() - start, said)
        finally:
            _running.discard(process.pid)
    seconds = time.perf_counter() - start
    if process.returncode:
        last = "\n".join(printed.rstrip().splitlines()[-_LAST_LINES:])
        return Result(Outcome.FAILED, seconds, f"ended with {process.returncode}\n{last}".rstrip())
    return Result(Outcome.HELD, seconds)


def _kill(process: int) -> None:
    """Ends a proof with all that it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)


def prove_all(
    checklist: Checklist, rows: Sequence[Row], *, heavy: bool, jobs: int
) -> dict[str, Result]:
    """Proves rows, several at once; a command that several of them name runs once.

    Returns:
        The results by question.
    """
    first: dict[tuple[str | None, str | None], Row] = {}
    for row in rows:
        first.setdefault((row.proof, row.unproven), row)
    with ThreadPoolExecutor(jobs) as pool:
        futures = {
            key: pool.submit(prove, row, checklist.root, heavy=heavy) for key, row in first.items()
        }
        found = {}
        for row in rows:
            try:
                result = futures[row.proof, row.unproven].result()
            except KeyboardInterrupt:
                # Proofs are in sessions of their own, and would go on unseen.
                pool.shutdown(wait=False, cancel_futures=True)
                for process in [*_running]:
                    _kill(process)
                raise
            found[row.question] = result
            print(
                f"{result.outcome.value:>22}  {result.seconds:5.1f} s  {row.question}", flush=True
            )
            if result.outcome in {Outcome.FAILED, Outcome.MISSING}:
                print("\n".join(f"    {line}" for line in result.said.splitlines()), flush=True)
    return found


def expected(checklist: Checklist) -> dict[str, Result]:
    """What becomes of each row when every quick proof holds."""
    found = {}
    for row in checklist.rows():
        outcome = Outcome.UNPROVEN if row.proof is None else Outcome.HELD
        outcome = Outcome.HEAVY if row.heavy and row.proof is not None else outcome
        found[row.question] = Result(outcome)
    return found


def scoreboard(checklist: Checklist, results: Mapping[str, Result]) -> str:
    """A table in Markdown: each pillar with how many of its rows are what."""
    columns = [*Outcome]
    lines = [
        f"| Pillar | Rows | {' | '.join(_capital(each.value) for each in columns)} |",
        f"|---|{'---|' * (len(columns) + 1)}",
    ]
    total: list[Row] = []
    for pillar in [*checklist.pillars, None]:
        rows = total if pillar is None else pillar.rows
        total = total if pillar is None else [*total, *rows]
        counts = [sum(results[r.question].outcome is each for r in rows) for each in columns]
        name = "**All**" if pillar is None else pillar.name
        lines.append(f"| {name} | {len(rows)} | {' | '.join(map(str, counts))} |")
    return "\n".join(lines)


def write(checklist: Checklist, results: Mapping[str, Result]) -> str:
    """The page: the scoreboard, then each row with its answer, its files and its proof."""
    head = (
        "Written by `tonight-checklist` from `checklist.toml`: change that. A row is held when its "
        "command was run and ended well; what takes minutes is run by `--heavy`, and counts only "
        "then."
    )
    parts = [f"# {checklist.title}", head, scoreboard(checklist, results)]
    for pillar in checklist.pillars:
        parts.append(f"## {pillar.name}")
        parts += [_section(checklist, row, results[row.question]) for row in pillar.rows]
    return "\n\n".join(parts) + "\n"


def _section(checklist: Checklist, row: Row, result: Result) -> str:
    up = "../" * len(checklist.page.parent.relative_to(checklist.root).parts)
    files = ", ".join(f"[`{file}`]({up}{file})" for file in row.files)
    lines = [
        f"### {row.question}",
        f"*{_capital(row.kind)}. {_capital(result.outcome.value)}.*",
        row.answer,
    ]
    if files:
        lines.append(f"Where: {files}")
    if row.proof is None:
        lines.append(f"Why there is no proof: {row.unproven}")
    else:
        lines.append(f"```\n{row.proof}\n```")
    return "\n\n".join(lines)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _as_text(table: str) -> str:
    """A table in Markdown with its columns aligned."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    rows = [[cell.strip("*") for cell in row] for row in rows if not set(row[0]) <= {"-"}]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def run(arguments: Iterable[str] | None = None) -> int:
    """Does what the command line says; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="tonight-checklist", description="A checklist whose rows prove themselves."
    )
    parser.add_argument("--file", type=Path, default=Path("checklist.toml"))
    parser.add_argument("--heavy", action="store_true", help="run what takes minutes too")
    parser.add_argument("--only", metavar="WORD", help="rows whose question contains it")
    parser.add_argument("--check", action="store_true", help="run nothing; is the page up to date?")
    parser.add_argument("--jobs", type=int, default=2, help="so many proofs at once")
    parser.add_argument("--once-more", action="store_true", help="try what fails twice, then alone")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    if chosen.jobs < 1:
        parser.error("--jobs: at least 1")
    try:
        checklist = read(chosen.file)
    except ChecklistError as error:
        print(error, file=sys.stderr)
        return 1
    page = checklist.page
    if chosen.check:
        written = page.read_text("utf-8") if page.exists() else ""
        if written == write(checklist, expected(checklist)):
            return 0
        print(f"{page.name} is not what {chosen.file.name} says; run it.", file=sys.stderr)
        return 1
    rows = [
        row
        for row in checklist.rows()
        if chosen.only is None or chosen.only.casefold() in row.question.casefold()
    ]
    if not rows:
        print(f"No question contains {chosen.only!r}.", file=sys.stderr)
        return 1
    results = prove_all(checklist, rows, heavy=chosen.heavy, jobs=chosen.jobs)
    again = [row for row in rows if results[row.question].outcome is Outcome.FAILED]
    if chosen.once_more and again:
        print("\nOnce more, what has failed:", flush=True)
        results |= prove_all(checklist, again, heavy=chosen.heavy, jobs=1)
    failed = [q for q, result in results.items() if result.outcome is Outcome.FAILED]
    if chosen.only is None:
        print(f"\n{_as_text(scoreboard(checklist, results))}")
        page.parent.mkdir(parents=True, exist_ok=True)
        # What was proved by --heavy is not in the page: the next quick run would take it out again.
        shown = {
            q: Result(Outcome.HEAVY)
            if was.outcome is Outcome.HEAVY and r.outcome is Outcome.HELD
            else r
            for (q, r), was in zip(results.items(), expected(checklist).values(), strict=True)
        }
        page.write_text(write(checklist, shown), "utf-8")
    if failed:
        print(f"\nNot held: {'; '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def main() -> None:
    """Runs it and ends with its exit status."""
    try:
        sys.exit(run())
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
