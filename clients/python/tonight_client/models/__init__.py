"""Contains all the data models used in inputs/outputs"""

from .because_body import BecauseBody
from .certificate import Certificate
from .deleted_body import DeletedBody
from .export_body import ExportBody
from .exported_feedback_body import ExportedFeedbackBody
from .feedback_body import FeedbackBody
from .feedback_kind import FeedbackKind
from .feedback_request import FeedbackRequest
from .found_body import FoundBody
from .found_movie_body import FoundMovieBody
from .get_movie_format import GetMovieFormat
from .get_movie_genre_item import GetMovieGenreItem
from .get_movie_max_certificate import GetMovieMaxCertificate
from .get_movie_without_genre_item import GetMovieWithoutGenreItem
from .health_body import HealthBody
from .history_body import HistoryBody
from .invalid_parameter_body import InvalidParameterBody
from .invalid_request_body import InvalidRequestBody
from .movie_body import MovieBody
from .nothing_fits_body import NothingFitsBody
from .problem_body import ProblemBody
from .ready_body import ReadyBody
from .ready_body_database import ReadyBodyDatabase
from .reason_body import ReasonBody
from .relaxation_body import RelaxationBody
from .similar_body import SimilarBody
from .suggestion_body import SuggestionBody
from .suggestion_body_source import SuggestionBodySource
from .understood_body import UnderstoodBody
from .version_body import VersionBody

__all__ = (
    "BecauseBody",
    "Certificate",
    "DeletedBody",
    "ExportBody",
    "ExportedFeedbackBody",
    "FeedbackBody",
    "FeedbackKind",
    "FeedbackRequest",
    "FoundBody",
    "FoundMovieBody",
    "GetMovieFormat",
    "GetMovieGenreItem",
    "GetMovieMaxCertificate",
    "GetMovieWithoutGenreItem",
    "HealthBody",
    "HistoryBody",
    "InvalidParameterBody",
    "InvalidRequestBody",
    "MovieBody",
    "NothingFitsBody",
    "ProblemBody",
    "ReadyBody",
    "ReadyBodyDatabase",
    "ReasonBody",
    "RelaxationBody",
    "SimilarBody",
    "SuggestionBody",
    "SuggestionBodySource",
    "UnderstoodBody",
    "VersionBody",
)
