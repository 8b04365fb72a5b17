"""What flake8 would find (F841): a value that nobody reads."""


def runtime_of_a_film() -> int:
    """The runtime in minutes."""
    seconds = 7200
    return 120
