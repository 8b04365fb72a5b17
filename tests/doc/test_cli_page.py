from __future__ import annotations

from pathlib import Path

from tools.cli_reference import main, page

PAGE = Path(__file__).parents[2] / "doc" / "reference" / "cli.md"


def test_the_page_is_what_the_commands_say_of_themselves() -> None:
    assert PAGE.read_text("utf-8") == page()
    assert main(["--check"]) == 0


def test_every_command_has_its_examples() -> None:
    sections = page().split("\n## ")[2:]
    assert len(sections) > 5
    for section in sections:
        words = section.removeprefix("`tonight ").partition("`")[0].split()
        # Arguments are in capitals.
        name = " ".join(word for word in words if word.islower())
        assert f"\ntonight {name}" in section.split("```")[1]
