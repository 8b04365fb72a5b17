"""The keys are made once, stay private, and can be replaced without forgetting anybody."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tonight.domain.errors import SigningKeyError
from tonight.storage.signing_keys import load_or_create_keys, read_keys, rotate_keys


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "signing-keys"


def test_the_first_start_makes_a_key_that_only_its_owner_can_read(path: Path) -> None:
    [key] = load_or_create_keys(path)

    assert len(key) >= 43
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_later_starts_find_the_same_key(path: Path) -> None:
    assert load_or_create_keys(path) == load_or_create_keys(path)


def test_no_two_installations_share_a_key(tmp_path: Path) -> None:
    assert load_or_create_keys(tmp_path / "a") != load_or_create_keys(tmp_path / "b")


def test_a_rotation_puts_a_new_key_before_the_old_ones(path: Path) -> None:
    [first] = load_or_create_keys(path)
    rotated = rotate_keys(path)

    assert rotated[1:] == (first,)
    assert rotated[0] != first
    assert load_or_create_keys(path) == rotated
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_oldest_key_leaves_after_enough_rotations(path: Path) -> None:
    [first] = load_or_create_keys(path)
    for _ in range(2):
        assert first in rotate_keys(path)

    assert first not in rotate_keys(path)
    assert len(load_or_create_keys(path)) == 3


def test_a_rotation_without_a_file_makes_one(path: Path) -> None:
    assert rotate_keys(path) == load_or_create_keys(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o644])
def test_a_file_that_others_can_read_is_refused_with_what_to_do(path: Path, mode: int) -> None:
    load_or_create_keys(path)
    path.chmod(mode)

    with pytest.raises(SigningKeyError, match=f"mode {mode:04o}.*chmod 600"):
        load_or_create_keys(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no whole line"),
        ("k" * 43, "no whole line"),
        ("\n", "key 1 is not 32"),
        ("k" * 31 + "\n", "key 1 is not 32"),
        ("n" * 43 + "\n" + "\xff" * 43 + "\n", "key 2 is not"),
        ("k" * 20 + " " + "k" * 20 + "\n", "key 1 is not"),
        (("k" * 43 + "\n") * 2, "twice"),
    ],
)
def test_a_file_without_whole_keys_is_refused_without_showing_them(
    path: Path, content: str, reason: str
) -> None:
    load_or_create_keys(path)
    path.write_text(content, encoding="latin-1")

    with pytest.raises(SigningKeyError, match=f"does not hold keys: .*{reason}") as caught:
        load_or_create_keys(path)
    assert "kkk" not in str(caught.value)


def test_an_operators_own_keys_are_taken_in_their_order(path: Path) -> None:
    load_or_create_keys(path)
    path.write_text("n" * 32 + "\n" + "o" * 40 + "\n")

    assert load_or_create_keys(path) == ("n" * 32, "o" * 40)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in the folder's place")

    with pytest.raises(SigningKeyError, match="cannot be written"):
        load_or_create_keys(tmp_path / "data" / "signing-keys")


def test_keys_can_be_read_without_being_made(path: Path) -> None:
    with pytest.raises(SigningKeyError, match="cannot be read"):
        read_keys(path)
    assert not path.exists()
    made = load_or_create_keys(path)
    assert read_keys(path) == made
