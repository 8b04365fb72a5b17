"""What vulture finds: a function that nobody calls."""


def runtime_nobody_asks_for() -> int:
    """The runtime in minutes."""
    return 120
