"""The join of the sources: which of their entries are one film."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tonight.domain.titles import words
from tools.data.films import SourceFilm
from tools.data.titles import title_key

TitleIndex: TypeAlias = Mapping[str, list[SourceFilm]]


@dataclass(frozen=True, slots=True)
class JoinedFilm:
    """What the sources say of one film; at least one of them is there.

    Attributes:
        cc0: The CC0 source's entry.
        ours: The row of our own files.
        movielens: The entries of MovieLens, more than one where it has the film twice.
    """

    cc0: SourceFilm | None = None
    ours: SourceFilm | None = None
    movielens: tuple[SourceFilm, ...] = ()

    @property
    def entries(self) -> tuple[SourceFilm, ...]:
        """The entries of all sources, the one that names the film first."""
        base = (entry for entry in (self.cc0, self.ours) if entry is not None)
        return (*base, *self.movielens)


def index_by_title(films: Iterable[SourceFilm]) -> TitleIndex:
    """Return the films by the keys of their titles."""
    index: defaultdict[str, list[SourceFilm]] = defaultdict(list)
    for film in films:
        for key in _title_keys(film):
            index[key].append(film)
    return index


def _title_keys(film: SourceFilm) -> dict[str, None]:
    titles = (film.title, film.original_title, *film.alternative_titles)
    keys = (title_key(title) for title in titles if title)
    return dict.fromkeys(key for key in keys if key)


def join_films(
    cc0: Iterable[SourceFilm],
    ours: Iterable[SourceFilm],
    movielens: Iterable[SourceFilm],
    aliases: Mapping[tuple[str, int], str],
) -> list[JoinedFilm]:
    """Return every film once, with what each source says of it.

    Two entries are one film when a title of the one is a title of the other and their years differ
    by one at most. Of several candidates the closest is taken (see ``_closeness``), and each CC0
    entry is given to one MovieLens entry only, unless an alias names it for more.

    Args:
        cc0: The films of the CC0 source.
        ours: The films of our own files.
        movielens: The films of MovieLens.
        aliases: (title, year) in MovieLens to the IMDb id of a CC0 film or to the "title (year)" of
            one of ours, for the joins that the rule would miss or get wrong; "" means that it is
            none of them.

    Raises:
        ValueError: An alias names a film that its source does not have.
    """
    cc0, ours, movielens = list(cc0), list(ours), list(movielens)
    ours_of_cc0 = closest_matches(ours, index_by_title(cc0))
    bases = [JoinedFilm(cc0=film) for film in cc0]
    position = {film.key: place for place, film in enumerate(cc0)}
    for film in ours:
        if (match := ours_of_cc0.get(film.key)) is None:
            position[film.key] = len(bases)
            bases.append(JoinedFilm(ours=film))
        else:
            position[film.key] = position[match.key]
            bases[position[match.key]] = JoinedFilm(cc0=match, ours=film)

    matches = _named_matches([*cc0, *ours], movielens, aliases)
    rest = [film for film in movielens if film.key not in matches]
    taken = {film.key for film in matches.values() if film is not None}
    candidates = [film for film in (*cc0, *ours) if film.key not in taken]
    matches |= closest_matches(rest, index_by_title(candidates), same_film=position)
    entries: defaultdict[int, list[SourceFilm]] = defaultdict(list)
    alone = []
    for film in movielens:
        if (match := matches.get(film.key)) is None:
            alone.append(JoinedFilm(movielens=(film,)))
        else:
            entries[position[match.key]].append(film)
    return [
        JoinedFilm(base.cc0, base.ours, tuple(entries.get(place, ())))
        for place, base in enumerate(bases)
    ] + alone


def _named_matches(
    films: Iterable[SourceFilm],
    movielens: Iterable[SourceFilm],
    aliases: Mapping[tuple[str, int], str],
) -> dict[str, SourceFilm | None]:
    by_name: dict[str, SourceFilm | None] = {"": None}
    for film in films:
        by_name[film.imdb_id or film.key.removeprefix("tonight:")] = film
    entries = {(film.title, film.year): film for film in movielens}
    if unknown := [
        identity
        for identity, name in aliases.items()
        if identity not in entries or name not in by_name
    ]:
        message = f"aliases of or for unknown films: {unknown}"
        raise ValueError(message)
    return {entries[identity].key: by_name[name] for identity, name in aliases.items()}


def closest_matches(
    films: Iterable[SourceFilm],
    index: TitleIndex,
    same_film: Mapping[str, int] | None = None,
) -> dict[str, SourceFilm | None]:
    """Return, by the key of each film that has one, the entry of ``index`` that is the same film.

    Entries are handed out from the closest pair on, each once.

    Args:
        films: The films to look up.
        index: The other source's entries by title key.
        same_film: A number for each entry's key, equal where two entries are one film.
    """
    pairs = []
    for order, film in enumerate(films):
        candidates = {
            candidate.key: candidate
            for key in _title_keys(film)
            for candidate in index.get(key, ())
            if abs(candidate.year - film.year) <= 1 and not _different_directors(film, candidate)
        }
        pairs += [
            (_closeness(film, candidate), -order, film.key, candidate)
            for candidate in candidates.values()
        ]
    pairs.sort(key=lambda pair: (pair[0], pair[1], pair[3].key), reverse=True)
    matches: dict[str, SourceFilm | None] = {}
    taken: set[int | str] = set()
    for _, _, key, candidate in pairs:
        identity = same_film[candidate.key] if same_film else candidate.key
        if key not in matches and identity not in taken:
            matches[key] = candidate
            taken.add(identity)
    return matches


def _different_directors(film: SourceFilm, other: SourceFilm) -> bool:
    """Whether both have directors and none in common."""
    names, other_names = ({title_key(name) for name in entry.directors} for entry in (film, other))
    return bool(names and other_names) and not names & other_names


def _closeness(film: SourceFilm, other: SourceFilm) -> tuple[bool, bool, bool, int, int]:
    """Return what ranks the candidates of one film; more is closer.

    Equal years come first, then a common main title, then the same words in it; then common genres
    and, among equals, the better known film.
    """
    return (
        film.year == other.year,
        title_key(film.title) == title_key(other.title),
        words(film.title) == words(other.title),
        len(set(film.genres) & set(other.genres)),
        other.n_reviews,
    )
