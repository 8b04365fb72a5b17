"""What flake8 would find (F821): a name that is defined nowhere."""


def runtime_of_a_film() -> int:
    """The runtime in minutes."""
    return minutes
