"""The commands in the runbook and the playbook, and what they must print.

A fenced block that begins with ```` ```sh ```` is executed; what stands after ``sh`` says when:

- nothing: at any time, on a service that is well;
- ``mend``: it mends the fault that its section is about;
- ``not run: REASON``: it cannot be executed here.

A block ```` ```text ```` right after it shows what it prints: each line must be found among the
printed ones, in this order, where ``...`` stands for anything. Lines in between may be left out.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Purpose = Literal["look", "mend", "not run"]

_BLOCK: Final = re.compile(
    r"^```(?P<language>sh|text)(?P<purpose>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
_HEADING: Final = re.compile(r"^#{2,4} (.+)$", re.MULTILINE)


class ForgottenBlockError(Exception):
    """A block says something else than how it is to be executed."""


@dataclass(frozen=True, slots=True)
class Block:
    """Commands of a page.

    Attributes:
        section: The heading above them.
        line: Where they begin.
        purpose: When they are executed.
        reason: Why they are not, where they are not.
        commands: For a shell.
        printed: Lines that they must print, with ``...`` for anything.
    """

    section: str
    line: int
    purpose: Purpose
    reason: str
    commands: str
    printed: tuple[str, ...] = ()


def blocks_of(page: Path) -> Iterator[Block]:
    """The commands of a page, in their order.

    Raises:
        ForgottenBlockError: A block is marked in a way that nobody understands.
    """
    text = page.read_text("utf-8")
    headings = [(match.start(), match[1]) for match in _HEADING.finditer(_without_blocks(text))]
    found = list(_BLOCK.finditer(text))
    for match, following in zip(found, [*found[1:], None], strict=True):
        if match["language"] != "sh":
            continue
        section = [name for start, name in headings if start < match.start()][-1]
        line = text.count("\n", 0, match.start()) + 1
        word, _, reason = match["purpose"].strip().partition(":")
        purpose: Purpose
        if word == "" and not reason:
            purpose = "look"
        elif word == "mend" and not reason:
            purpose = "mend"
        elif word == "not run" and reason.strip():
            purpose = "not run"
        else:
            raise ForgottenBlockError(f"{page.name}:{line}: what is {match['purpose'].strip()!r}?")
        printed: tuple[str, ...] = ()
        shows = following is not None and following["language"] == "text"
        if shows and following and not text[match.end() : following.start()].strip():
            printed = tuple(line for line in following["body"].splitlines() if line.strip())
        yield Block(section, line, purpose, reason.strip(), match["body"], printed)


def missing_lines(printed: str, wanted: Sequence[str]) -> list[str]:
    """The wanted lines that were not printed in their order."""
    lines = iter(line.strip() for line in printed.splitlines())
    missing = []
    for line in wanted:
        pattern = re.sub(r"([\[\]?*])", r"[\1]", line.strip()).replace("...", "*")
        if not any(fnmatch.fnmatchcase(candidate, pattern) for candidate in lines):
            missing.append(line)
    return missing


def _without_blocks(text: str) -> str:
    """The text with blanks in the place of its blocks: a comment in a shell is no heading."""
    return re.sub(
        r"^```.*?^```$",
        lambda match: re.sub(r"[^\n]", " ", match[0]),
        text,
        flags=re.MULTILINE | re.DOTALL,
    )
