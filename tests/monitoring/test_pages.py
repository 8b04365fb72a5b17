"""The commands in the runbook and the playbook do what the pages say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools.gameday.commands import Block, ForgottenBlockError, blocks_of, missing_lines
from tools.gameday.faults import FAULTS, two_releases
from tools.gameday.programs import wait_until
from tools.gameday.stack import Stack
from tools.gameday.traffic import Traffic
from tools.monitoring import files

RUNBOOK = files.ROOT / "doc" / "runbook.md"
PAGES = (RUNBOOK, files.PLAYBOOK)

#: Takes back what the mend of TonightShedding has set, for the viewers of the next test.
_UNLIMITED = """
sed --in-place '/^TONIGHT_RATE_LIMIT_PER_MINUTE=/d' "$TONIGHT_ENVIRONMENT_FILE"
echo TONIGHT_RATE_LIMIT_PER_MINUTE=0 >> "$TONIGHT_ENVIRONMENT_FILE"
systemctl restart tonight
"""


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_commands_of_a_page_work_in_their_order(
    page: Path, stack: Stack, traffic: Traffic, tmp_path: Path
) -> None:
    releases = two_releases(tmp_path)["TONIGHT_RELEASES"]
    stack.control.add_unit("chrony", restart=lambda: None)
    wrong = []
    executed: set[str] = set()
    for block in blocks_of(page):
        if block.purpose == "not run" or block.commands in executed:
            continue
        executed.add(block.commands)
        # The block before may have restarted what this one looks at.
        wait_until(
            lambda: bool(stack.monitoring.query("tonight_database_up == 1")), "all is there again"
        )
        done = stack.shell(f"export TONIGHT_RELEASES={releases}\n{block.commands}")
        missing = missing_lines(done.stdout, block.printed)
        if done.returncode or missing:
            wrong.append(
                f"{page.name}:{block.line} ({block.section}) ended with {done.returncode}, "
                f"{missing} are missing in what it printed:\n{done.stdout}"
            )
    undone = stack.shell(_UNLIMITED)
    assert undone.returncode == 0, undone.stdout
    assert not wrong, "\n".join(wrong)


def test_every_fault_of_the_game_day_has_its_row_and_its_mend() -> None:
    playbook = files.PLAYBOOK.read_text("utf-8")
    table = playbook[playbook.index("## Faults") :]
    mends = {block.section for block in blocks_of(files.PLAYBOOK) if block.purpose == "mend"}
    for fault in FAULTS:
        assert f"(#{fault.alert.lower()})" in table
        assert fault.alert in mends


def page_of(folder: Path, text: str) -> list[Block]:
    """The blocks of a page with a text."""
    page = folder / "page.md"
    page.write_text(text, "utf-8")
    return list(blocks_of(page))


def test_a_block_knows_its_section_its_purpose_and_what_it_prints(tmp_path: Path) -> None:
    first, second, third = page_of(
        tmp_path,
        "# Page\n\n## One\n\n```sh\necho hello # no heading\n# nor this\n```\n"
        "```text\nhel...\n```\n### Two\n```sh mend\ntrue\n```\n\n"
        "```text\nnot its own\n```\nBut:\n```sh not run: no network\nx\n```\n",
    )
    assert (first.section, first.line, first.purpose) == ("One", 5, "look")
    assert first.printed == ("hel...",)
    assert (second.section, second.purpose) == ("Two", "mend")
    assert (third.purpose, third.reason, third.printed) == ("not run", "no network", ())


@pytest.mark.parametrize("mark", ["mended", "not run", "not run:", "mend: now"])
def test_a_block_with_another_mark_is_no_block_that_is_forgotten(tmp_path: Path, mark: str) -> None:
    with pytest.raises(ForgottenBlockError, match=r"page\.md:2"):
        page_of(tmp_path, f"## One\n```sh {mark}\ntrue\n```\n")


def test_lines_are_looked_for_in_their_order() -> None:
    printed = "a [1] b\nsomething\n  c = 5  \n"
    assert missing_lines(printed, ["a [1] ...", "c = ..."]) == []
    assert missing_lines(printed, ["c = 5", "a [1] b"]) == ["a [1] b"]
    assert missing_lines(printed, ["a [2] b"]) == ["a [2] b"]


def test_the_stand_in_for_systemd_says_what_it_cannot_do(stack: Stack) -> None:
    done = stack.shell("systemctl restart nginx")
    assert done.returncode != 0
    assert f"nginx has no restart here{os.linesep}" in done.stdout
