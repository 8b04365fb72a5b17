"""What ``tonight db`` says on SQLite, and what it says when it cannot do what it is asked for."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.conftest import Run
from tonight.bootstrap import DATABASE


def test_an_upgrade_makes_the_database_and_a_second_one_has_nothing_to_do(
    run: Run, data_dir: Path
) -> None:
    assert run("db", "upgrade").stdout == "the schema is up to date\n"
    assert (data_dir / DATABASE).exists()
    assert run("db", "upgrade").stdout == "the schema is up to date\n"


def test_a_move_needs_the_address_of_a_postgresql(run: Run) -> None:
    result = run("db", "move")
    assert result.exit_code == 2
    assert "TONIGHT_DATABASE_URL" in result.stderr


def test_a_move_of_nothing_is_refused(run: Run) -> None:
    result = run("db", "move", TONIGHT_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert result.exit_code != 0
    assert "there is nothing to move" in result.stderr


def test_where_there_is_no_database_nothing_is_backed_up_or_verified(run: Run) -> None:
    for command in ("backup", "verify"):
        result = run("db", command)
        assert result.exit_code != 0
        assert "there is no database yet" in result.stderr


def test_a_backup_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    result = run("db", "restore", str(tmp_path / "none.db"))
    assert result.exit_code != 0
    assert "none.db" in result.stderr
