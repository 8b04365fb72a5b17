"""The JSON that programs send and get.

These models document and check the contract; ``services/answers.py`` builds the same shapes, and a
test holds the two together.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from tonight.domain.feedback import FeedbackKind
from tonight.domain.movie import GENRES, Certificate
from tonight.services.query_parameters import read_moment

MovieId = Annotated[str, Field(description="Our immutable id.", examples=["the-matrix-1999"])]
Share = Annotated[float, Field(ge=0, le=1)]


class Body(BaseModel):
    """What all bodies have in common."""

    model_config = ConfigDict(extra="forbid")


class MovieBody(Body):
    """A film. A fact that nobody is sure of is null or an empty list."""

    movie_id: MovieId
    imdb_id: Annotated[str | None, Field(examples=["tt0133093"])]
    title: Annotated[str, Field(examples=["The Matrix"])]
    original_title: str | None
    alternative_titles: list[str]
    year: Annotated[int, Field(examples=[1999])]
    runtime_minutes: Annotated[int | None, Field(examples=[136])]
    genres: Annotated[
        list[str],
        Field(examples=[["Action", "Sci-Fi"]], description=f"Of: {', '.join(GENRES)}."),
    ]
    directors: list[str]
    cast: Annotated[list[str], Field(max_length=5)]
    languages: list[str]
    countries: list[str]
    certificate: Annotated[
        Certificate | None, Field(description="The certificate of the United States.")
    ]
    n_reviews: Annotated[int, Field(ge=0, description="Professional reviews counted.")]
    review_score: Annotated[
        int | None, Field(ge=0, le=100, description="Favourable reviews, in per cent.")
    ]
    poster: Annotated[str, Field(examples=["/posters/the-matrix-1999.svg"])]


class BecauseBody(Body):
    """A film that you liked, and its share in the suggestion's score."""

    movie_id: MovieId
    title: str
    year: int
    share: Share


class ReasonBody(Body):
    """Why this film: the true shares of its score, which add up to 1."""

    text: str
    films: Annotated[
        list[BecauseBody], Field(description="Films that you liked, the largest share first.")
    ]
    wishes_share: Annotated[Share, Field(description="What your wish for novelty adds.")]
    widely_liked_share: Annotated[Share, Field(description="What the film's popularity adds.")]


class UnderstoodBody(Body):
    """What was understood of the request; wishes that were not given are left out."""

    like: list[MovieId] | None = None
    dislike: list[MovieId] | None = None
    exclude: list[MovieId] | None = None
    genre: list[str] | None = None
    without_genre: list[str] | None = None
    max_minutes: int | None = None
    until: Annotated[str | None, Field(examples=["22:30"])] = None
    minutes_left: Annotated[int | None, Field(description="Minutes from now to `until`.")] = None
    min_year: int | None = None
    max_year: int | None = None
    language: list[str] | None = None
    country: list[str] | None = None
    max_certificate: Certificate | None = None
    novelty: float | None = None
    seed: int | None = None
    now: Annotated[datetime, Field(description="The viewer's time, as the service sees it.")]


class SuggestionBody(Body):
    """One film for tonight."""

    movie: MovieBody
    reason: ReasonBody
    source: Annotated[
        Literal["personal", "few-likes", "features", "popular"],
        Field(description="Which part of the recommender the suggestion comes from."),
    ]
    alternatives: Annotated[
        list[MovieBody],
        Field(max_length=3, description="Films that fit as well and differ from it."),
    ]
    n_fitting: Annotated[int, Field(ge=1, description="How many films fit the wishes.")]
    n_unknown: Annotated[
        int,
        Field(ge=0, description="How many more might fit, but a fact asked for is unknown."),
    ]
    ends_at: Annotated[
        datetime | None,
        Field(description="When the film ends if it starts now; null if its length is unknown."),
    ]
    repeated: Annotated[
        bool, Field(description="Whether every film that fits has been shown this evening.")
    ]
    remembered: Annotated[
        bool, Field(description="Whether what you have said before could be read.")
    ]
    understood: UnderstoodBody


class SimilarBody(Body):
    """Films that resemble a film, the most similar first."""

    movies: list[MovieBody]


def _moment(value: object) -> object:
    """Reads a viewer's time just as the parameter of ``GET /movie`` is read."""
    if value is None:
        return None
    return read_moment(value if isinstance(value, str) else "")


class FeedbackRequest(Body):
    """What you say about a film."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"movie_id": "the-matrix-1999", "kind": "liked"}]},
    )

    movie_id: Annotated[
        str, Field(min_length=1, max_length=200, description="The film's id or IMDb id.")
    ]
    kind: Annotated[
        FeedbackKind,
        Field(
            description="`not_tonight` lasts until 05:00 of your time; `never` until it is undone; "
            "the others say that you have seen the film."
        ),
    ]
    now: Annotated[
        datetime | None,
        BeforeValidator(_moment),
        Field(description="Your time with its offset, for `not_tonight`.", examples=[None]),
    ] = None


class FeedbackBody(Body):
    """A saved statement."""

    feedback_id: Annotated[str, Field(description="Needed to take it back.")]
    movie_id: MovieId
    kind: FeedbackKind
    created_at: datetime
    expires_at: Annotated[datetime | None, Field(description="When *not tonight* stops counting.")]
    undone_at: Annotated[datetime | None, Field(description="When it was taken back.")]


class HistoryBody(Body):
    """Everything that you have said and not taken back, the newest first."""

    feedback: list[FeedbackBody]


class ExportedFeedbackBody(FeedbackBody):
    """A statement, with what is needed to know the film elsewhere."""

    imdb_id: Annotated[str | None, Field(examples=["tt0133093"])]
    title: Annotated[str | None, Field(description="Null when the film has left the catalogue.")]
    year: int | None


class ExportBody(Body):
    """Everything that is known of you, the oldest first, with what you have taken back."""

    format: Literal["tonight-export-1"]
    exported_at: datetime
    profile_id: Annotated[
        str | None, Field(description="Your anonymous profile; null when there is none.")
    ]
    feedback: list[ExportedFeedbackBody]


class DeletedBody(Body):
    """Everything is deleted."""

    n_deleted: Annotated[int, Field(ge=0, description="How many statements there were.")]


class VersionBody(Body):
    """What is running."""

    version: Annotated[str, Field(examples=["0.1.0"])]
    model: Annotated[str | None, Field(description="The model's version; null for the fallback.")]
    commit: Annotated[
        str | None, Field(description="What it was built from; null where nobody has said it.")
    ]
    source: Annotated[
        str | None, Field(description="Where that is published; null where nobody has said it.")
    ]
    build: Annotated[
        str | None,
        Field(description="The run of the pipeline that built it; null where nobody has said it."),
    ]
    schema_: Annotated[
        str | None,
        Field(alias="schema", description="The database's schema that this release works with."),
    ]


class ReadyBody(Body):
    """The worker takes requests."""

    status: Literal["ready"]
    model: Annotated[str | None, Field(description="The model's version; null for the fallback.")]
    database: Annotated[
        Literal["ok", "away"],
        Field(description="While it is away, films are suggested and nothing can be saved."),
    ]


class HealthBody(Body):
    """The process is alive."""

    status: Literal["ok"]


class ProblemBody(BaseModel):
    """A problem document (RFC 9457)."""

    type: Annotated[str, Field(examples=["/problems/movie-not-found"])]
    title: str
    status: int
    detail: Annotated[str, Field(description="What happened and what can be done.")]


class InvalidParameterBody(Body):
    """One thing that is wrong."""

    name: str
    message: str


class InvalidRequestBody(ProblemBody):
    """The request cannot be understood."""

    errors: list[InvalidParameterBody]


class RelaxationBody(Body):
    """A wish whose relaxing alone leads to films."""

    parameter: Annotated[str, Field(examples=["max_minutes"])]
    text: Annotated[str, Field(examples=["20 minutes more gives 4 films"])]
    value: Annotated[
        int | str | None, Field(description="The new value; null where the wish is dropped.")
    ]
    by: Annotated[int | None, Field(description="By how much, in the wish's own unit.")]
    n_films: Annotated[int, Field(ge=1)]


class NothingFitsBody(ProblemBody):
    """No film fits all the wishes."""

    relaxations: list[RelaxationBody]
    n_unknown: Annotated[int, Field(ge=0)]
    understood: UnderstoodBody
