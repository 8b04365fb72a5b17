"""A release is refused for a reason, takes its version from the commits, and loses no notes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tools.release.contracts import columns, contracts_after, is_later, not_for, still_used
from tools.release.migrations import incompatible
from tools.release.prepare import next_version, prepare, with_release
from tools.release.publish import notes, publish
from tools.release.rehearsal import Pipeline, pipeline
from tools.release.repository import MIGRATIONS, SCHEMA, RefusedError, Repository

ROOT = Path(__file__).parents[2]
LATER = "9999.0.0"
TODAY = date(2026, 11, 28)
CHANGELOG = "# Changelog\n\n## Unreleased\n\n### Added\n\n- A film.\n"


class Project:
    """A small project with an origin, and what `make release` needs of ours."""

    def __init__(self, folder: Path, said: Pipeline) -> None:
        self.origin, self.root = folder / "you" / "tonight.git", folder / "copy"
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", self.origin], check=True)
        subprocess.run(["git", "clone", "-q", self.origin, self.root], check=True)
        self.repository = Repository(self.root, said.address)
        self.said = said
        for name, value in (("user.name", "Ann"), ("user.email", "ann@example.org")):
            self.git("config", name, value)
        self.write(".gitignore", ".venvs\ndist\n")
        (self.root / ".venvs").symlink_to(ROOT / ".venvs")
        self.write("cliff.toml", (ROOT / "cliff.toml").read_text("utf-8"))
        self.write("pyproject.toml", '[project]\nname = "tonight"\nversion = "0.0.0"\n')
        self.write("CHANGELOG.md", CHANGELOG)
        self.write("Makefile", "openapi client contract:\n\t@echo $@ >> made\n")
        self.commit("feat(movie): a film for tonight")

    def git(self, *arguments: str) -> str:
        return self.repository.git(*arguments)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def commit(self, message: str, *, green: bool = True) -> None:
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        self.git("push", "-q", "origin", "HEAD:main")
        if green:
            self.said.green.add(self.git("rev-parse", "HEAD"))

    def release(self) -> str:
        version = prepare(self.repository, TODAY)
        self.commit("chore: nothing")  # pushes it, and is no reason for another release
        self.git("tag", f"v{version}")
        return version


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    subprocess.run(["make", "--no-print-directory", "env-pipeline"], cwd=ROOT, check=True)
    with pipeline() as said:
        yield Project(tmp_path, said)


def test_a_release_is_a_commit_with_its_version_and_its_changelog(project: Project) -> None:
    assert prepare(project.repository, TODAY) == "0.1.0"
    assert project.git("log", "-1", "--format=%s") == "chore(release): v0.1.0"
    assert project.git("status", "--porcelain") == ""
    assert project.repository.version == "0.1.0"
    changelog = (project.root / "CHANGELOG.md").read_text("utf-8")
    assert "## Unreleased\n\n## 0.1.0 (2026-11-28)\n\n### Added\n\n- A film.\n" in changelog
    assert "- *movie*: a film for tonight" in changelog
    assert (project.root / "made").read_text("utf-8").split() == ["openapi", "client", "contract"]


@pytest.mark.parametrize(
    ("messages", "version"),
    [
        (["fix: a slip"], "0.1.1"),
        (["fix: a slip", "feat: more"], "0.2.0"),
        (["feat!: another contract"], "0.2.0"),
        (["docs: a word", "test: a test"], "0.1.1"),
    ],
)
def test_the_version_comes_from_the_commits(
    project: Project, messages: list[str], version: str
) -> None:
    project.release()
    for message in messages:
        project.commit(message)
    assert next_version(project.repository) == version


def test_what_is_not_committed_is_not_released(project: Project) -> None:
    project.write("new", "")
    with pytest.raises(RefusedError, match="not committed"):
        prepare(project.repository, TODAY)


def test_what_is_not_main_is_not_released(project: Project) -> None:
    project.git("commit", "-q", "--allow-empty", "-m", "feat: of mine")
    with pytest.raises(RefusedError, match="Check out main"):
        prepare(project.repository, TODAY)


def test_what_is_not_green_is_not_released(project: Project) -> None:
    project.commit("feat: broken", green=False)
    with pytest.raises(RefusedError, match="Mend main first"):
        prepare(project.repository, TODAY)


def test_without_anybodys_word_nothing_is_released(project: Project) -> None:
    alone = Repository(project.root, "http://127.0.0.1:9")
    with pytest.raises(RefusedError, match="Nobody says whether"):
        prepare(alone, TODAY)


def test_a_migration_that_the_release_before_cannot_live_with_is_refused(project: Project) -> None:
    project.release()
    project.write(f"{MIGRATIONS}/0002_rename.py", 'def upgrade():\n    op.drop_table("profile")\n')
    project.commit("feat: tidy")
    with pytest.raises(RefusedError, match=r"0002_rename.py, line 2: drop_table does not only add"):
        prepare(project.repository, TODAY)


def drop_the_shelf(project: Project, after: str) -> None:
    """A change whose migration drops a table of the project."""
    text = f'contracts_after = "{after}"\n\ndef upgrade():\n    op.drop_table("shelf")\n'
    project.write(f"{MIGRATIONS}/0002_drop.py", text)
    project.commit("feat: tidy")


def use(project: Project, *tables: str) -> None:
    """A change that lets the project's code have these tables."""
    text = "".join(f'{name} = Table("{name}", Column("id", Text))\n' for name in tables)
    project.write(SCHEMA, text)
    project.commit("feat: other tables")


def test_what_a_release_has_left_is_dropped_by_the_one_after_it_and_the_notes_say_so(
    project: Project,
) -> None:
    use(project, "profile", "shelf")
    assert project.release() == "0.1.0"
    use(project, "profile")
    assert project.release() == "0.2.0"
    drop_the_shelf(project, "0.1.0")
    assert prepare(project.repository, TODAY) == "0.3.0"
    told = notes((project.root / "CHANGELOG.md").read_text("utf-8"), "0.3.0", "image@sha256:0")
    assert told.startswith("### The way back ends\n\n- `0002_drop.py` removes what 0.1.0 and older")


def test_what_a_release_after_the_one_that_is_named_still_has_is_not_dropped(
    project: Project,
) -> None:
    use(project, "profile", "shelf")
    assert project.release() == "0.1.0"
    project.commit("fix: a word")
    assert project.release() == "0.1.1"
    use(project, "profile")
    assert project.release() == "0.2.0"
    drop_the_shelf(project, "0.1.0")
    with pytest.raises(RefusedError, match=r"v0\.1\.1 still has shelf"):
        prepare(project.repository, TODAY)


def test_a_migration_that_got_another_name_is_looked_at(project: Project) -> None:
    text = "def upgrade():\n" + "".join(f'    op.create_table("t{n}")\n' for n in range(20))
    project.write(f"{MIGRATIONS}/0002_more.py", text)
    project.commit("feat: more")
    project.release()
    project.git("mv", f"{MIGRATIONS}/0002_more.py", f"{MIGRATIONS}/0003_more.py")
    project.write(f"{MIGRATIONS}/0003_more.py", f'{text}    op.drop_table("t0")\n')
    project.commit("feat: less")
    with pytest.raises(RefusedError, match=r"0003_more.py, line 22: drop_table does not only add"):
        prepare(project.repository, TODAY)


def test_what_the_release_before_is_said_to_need_is_not_dropped(project: Project) -> None:
    use(project, "profile")
    project.release()
    drop_the_shelf(project, "0.1.0")
    with pytest.raises(RefusedError, match=r"removes what 0\.1\.0 needs, and 0\.1\.0 is no later"):
        prepare(project.repository, TODAY)


def test_what_the_release_before_still_has_in_its_schema_is_not_dropped(project: Project) -> None:
    use(project, "profile", "shelf")
    project.release()
    project.commit("fix: a slip")
    project.release()
    drop_the_shelf(project, "0.1.0")
    with pytest.raises(RefusedError, match=r"v0\.1\.1 still has shelf"):
        prepare(project.repository, TODAY)


def test_a_release_that_never_was_is_no_reason_to_drop_anything(project: Project) -> None:
    use(project, "profile")
    project.release()
    drop_the_shelf(project, "0.0.7")
    with pytest.raises(RefusedError, match=r"names 0\.0\.7, which was never released"):
        prepare(project.repository, TODAY)


def test_only_the_commit_of_a_release_is_published_and_once(project: Project) -> None:
    with pytest.raises(RefusedError, match="is no release"):
        publish(project.repository, "127.0.0.1:9/tonight")
    prepare(project.repository, TODAY)
    project.git("tag", "v0.1.0")
    with pytest.raises(RefusedError, match="released already"):
        publish(project.repository, "127.0.0.1:9/tonight")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('op.drop_column("feedback", "kind")', "drop_column"),
        ('op.alter_column("feedback", "kind", nullable=False)', "alter_column"),
        ('op.rename_table("a", "b")', "rename_table"),
        ('batch_op.drop_constraint("x")', "drop_constraint"),
        ('op.execute("ALTER TABLE a RENAME TO b")', "RENAME"),
        ('op.execute("delete from profile")', "DELETE"),
        ('op.execute("ALTER TABLE a ALTER COLUMN b TYPE int")', "ALTER COLUMN B TYPE"),
        ('op.execute("CREATE UNIQUE INDEX i ON a (b)")', "CREATE UNIQUE"),
        ('op.create_index("i", "a", ["b"], unique=True)', "unique"),
        ('op.get_bind().execute(sa.text("DROP TABLE a"))', "DROP"),
        ('c = op.get_bind(); c.exec_driver_sql("DELETE FROM a")', "DELETE"),
        ('with op.batch_alter_table("a") as a: a.drop_column("b")', "drop_column"),
        ("op.execute(SQL)", "write it out"),
        ('op.execute(f"{verb} TABLE a")', "write it out"),
        ('from alembic.op import drop_table; drop_table("a")', "from alembic import op"),
        ('from alembic import op as o; o.drop_table("a")', "from alembic import op"),
        ('op.add_column("a", sa.Column("b", sa.Integer, nullable=False))', "give a default"),
        ('op.add_column("a", sa.Column("b", sa.Integer))', None),
        (
            'op.add_column("a", sa.Column("b", sa.Integer, nullable=False, server_default="0"))',
            None,
        ),
        ('op.create_table("c", sa.Column("d", sa.Integer, nullable=False))', None),
        ('op.execute("CREATE INDEX i ON a (b)")', None),
        ('op.get_bind().execute(sa.text("SELECT 1"))', None),
        ('with op.batch_alter_table("a") as a: a.add_column(sa.Column("b", sa.Text))', None),
        ('with op.get_context().autocommit_block(): op.create_index("i", "a", ["b"])', None),
    ],
)
def test_a_migration_may_only_add(line: str, why: str | None) -> None:
    # What a downgrade does is nobody's business: nothing is ever downgraded in use.
    found = incompatible(
        f'def upgrade():\n    {line}\n\ndef downgrade():\n    op.drop_table("c")\n'
    )
    assert (found == []) if why is None else (len(found) == 1 and why in found[0])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('op.drop_column("feedback", "kind")', None),
        ('with op.batch_alter_table("a") as b: b.drop_column("kind")', None),
        ('op.add_column("a", sa.Column("b", sa.Text))', "leave contracts_after out"),
        ("op.drop_table(OLD)", "write it out"),
        ("for name in OLD: op.drop_column(name, 'kind')", "write it out"),
        (
            """with op.batch_alter_table("a") as b: b.drop_column("c")
    with op.batch_alter_table("d") as b: b.add_column(sa.Column("e", sa.Text))""",
            "write it out",
        ),
        ('op.rename_table("a", "b")', "rename_table"),
        ('op.execute("DROP TABLE a")', "DROP"),
    ],
)
def test_what_is_dropped_by_name_may_go_and_nothing_else(line: str, why: str | None) -> None:
    found = not_for("0.5.0", f'contracts_after = "0.4.0"\n\ndef upgrade():\n    {line}\n')
    assert (found == []) if why is None else (len(found) == 1 and why in found[0])


@pytest.mark.parametrize("mark", ['"0.4"', "LAST", '"the last"', "0.4"])
def test_the_last_release_that_needs_it_is_named_in_full(mark: str) -> None:
    source = f'contracts_after = {mark}\n\ndef upgrade():\n    op.drop_table("shelf")\n'
    assert not_for("9.0.0", source) == [
        'contracts_after must be a release, such as contracts_after = "0.4.0"'
    ]


def test_a_release_is_later_by_its_numbers() -> None:
    assert is_later("0.10.0", "0.9.1")
    assert not is_later("0.9.1", "0.9.1")
    assert not is_later("local", "0.9.1")


def test_a_column_of_another_table_is_not_the_one_that_is_dropped() -> None:
    schema = (
        'feedback = sa.Table("feedback", metadata, Column("id", Text), Column("kind", Text))\n'
        'shelf = Table("shelf", metadata, Column("id", Text))\n'
    )
    source = 'def upgrade():\n    op.drop_column("{}", "kind")\n'
    assert still_used(source.format("feedback"), schema) == ["feedback.kind"]
    assert still_used(source.format("shelf"), schema) == []


def test_the_tables_of_our_own_code_are_read() -> None:
    assert {"profile", "feedback", "feedback.kind"} <= columns((ROOT / SCHEMA).read_text("utf-8"))


def test_what_a_migration_has_another_function_do_is_seen() -> None:
    source = 'def upgrade():\n    _tidy()\n\ndef _tidy():\n    op.drop_table("c")\n'
    assert incompatible(source) == ["line 5: drop_table does not only add"]


def test_our_own_migrations_only_add_or_name_the_last_release_that_needs_what_goes() -> None:
    for path in (ROOT / MIGRATIONS).glob("0*.py"):
        source = path.read_text("utf-8")
        why_not = (
            incompatible(source) if contracts_after(source) is None else not_for(LATER, source)
        )
        assert why_not == [], path.name


def test_older_releases_stay_in_the_changelog() -> None:
    before = f"{CHANGELOG}\n## 0.1.0 (2026-01-01)\n\n- Old.\n"
    after = with_release(before, "0.2.0", TODAY, "### New\n- *a*: b")
    assert after.index("## Unreleased") < after.index("## 0.2.0") < after.index("## 0.1.0")
    assert "- Old." in after
    assert notes(after, "0.2.0", "image@sha256:0").startswith("### Added\n\n- A film.")
    assert "#### New\n- *a*: b" in notes(after, "0.2.0", "image@sha256:0")
    assert "Old" not in notes(after, "0.2.0", "image@sha256:0")
    with pytest.raises(RefusedError, match="no section"):
        notes(after, "0.3.0", "image@sha256:0")
