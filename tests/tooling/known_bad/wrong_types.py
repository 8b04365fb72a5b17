"""What mypy finds in strict mode: a wrong return type, and a function without types."""


def runtime_of_a_film() -> int:
    """The runtime in minutes."""
    return "two hours"


def title_of_a_film(film):
    """The title."""
    return film.title
