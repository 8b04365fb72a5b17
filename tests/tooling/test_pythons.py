"""The report of the Pythons: what was not run or did not end is no success."""

from __future__ import annotations

from tools.pythons import Outcome, closing_line, report

PASSED = Outcome("3.13", "debian:trixie", "17.2", "5 passed in 1.00s", passed=True)
FAILED = Outcome("3.14", "debian:forky", "18.1", "1 failed, 4 passed in 1.00s", passed=False)


def test_the_closing_line_is_the_last_one_of_pytest() -> None:
    printed = (
        "= 1 failed, 4 passed in 2.00s =\nOnce more\n==== 1 passed in 0.10s ====\nmake: done\n"
    )
    assert closing_line(printed) == "1 passed in 0.10s"


def test_output_without_a_test_has_no_closing_line() -> None:
    assert closing_line("pip could not install requirements-dev.txt\n") is None


def test_each_python_has_its_line_with_its_database() -> None:
    lines, all_passed = report(["3.13"], [PASSED])
    assert lines == [
        "Python 3.13 (debian:trixie), PostgreSQL 17.2: passed: 5 passed in 1.00s",
        "pythons: 1 of 1 passed",
    ]
    assert all_passed


def test_one_that_fails_is_no_success() -> None:
    lines, all_passed = report(["3.13", "3.14"], [PASSED, FAILED])
    assert "FAILED: 1 failed, 4 passed" in lines[1]
    assert not all_passed


def test_one_that_could_not_be_had_is_named_and_no_success() -> None:
    lines, all_passed = report(["3.12", "3.13"], [PASSED])
    assert lines[-2:] == ["Not run, because nothing here has it: 3.12", "pythons: 1 of 2 passed"]
    assert not all_passed
