"""The web application: routes, middleware, and what happens at start and stop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Final

from anyio import to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from tonight.bootstrap import build
from tonight.domain.errors import TonightError
from tonight.observability.logs import set_up_logs
from tonight.observability.traces import Traces
from tonight.services.search_index import index_library
from tonight.services.suggest_movie import Library
from tonight.settings import Settings
from tonight.web import health, problems
from tonight.web.api import feedback, movie, movies, own_data, search
from tonight.web.api.bodies import ProblemBody
from tonight.web.api.movie_parameters import queries_of
from tonight.web.capacity import STATE, Capacity, draining_before_the_stop
from tonight.web.contract import ContractApp
from tonight.web.deprecations import announce
from tonight.web.head_requests import HeadRequests
from tonight.web.observation import Observation
from tonight.web.operator import watched
from tonight.web.pages import film, my_films, routes, welcome
from tonight.web.pages.fill import choices_of
from tonight.web.pages.static_files import STATIC_DIR, STATIC_PATH
from tonight.web.protection import Protection
from tonight.web.request_rate import RequestRate
from tonight.web.state import Origin, WebState
from tonight.web.viewer import Cookies

DESCRIPTION: Final = (
    "One good film for this evening, with a true reason: `GET /movie`. No account and no key. "
    "Every problem is an `application/problem+json` document (RFC 9457) whose `type` is stable."
)


#: What the operations are for, as the contract groups them.
TAGS: Final = [
    {"name": "tonight", "description": "A film for this evening."},
    {"name": "films", "description": "The films that are known."},
    {"name": "memory", "description": "What a viewer has said, and the way out of it."},
    {"name": "operation", "description": "Whether it is alive, and what runs."},
]


class ImmutableFiles(StaticFiles):
    """Static files whose addresses change with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answers with the file, which browsers may keep when the address names its content."""
        response = await super().get_response(path, scope)
        if scope["query_string"].startswith(b"v=") and response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def create_app(
    settings: Settings | None = None,
    clock: Callable[[], datetime] | None = None,
    loaded: tuple[Library, str | None] | None = None,
) -> FastAPI:
    """Makes the application; the model and the database are opened when it starts.

    Args:
        settings: What the operator has set; read from the environment by default.
        clock: Tells the present moment in UTC; the machine's clock by default.
        loaded: The films and the model, where they have been loaded already.

    Raises:
        SettingsError: A setting has a value that is not allowed.
    """
    settings = settings or Settings.read()
    set_up_logs(settings.log_level, settings.log_format, version("tonight"))
    traces = Traces(settings.traces_url, settings.traces_ratio, version("tonight"))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Capacity]]:
        try:
            application = await to_thread.run_sync(build, settings, clock, loaded)
        except TonightError as error:
            app.state.why_no_start = str(error)
            raise
        app.state.tonight = WebState(
            application,
            Cookies(application.signing_keys, application.library.catalogue.movies),
            choices_of(application.library.catalogue),
            cache(lambda: index_library(application.library)),
            capacity,
            Origin(settings.commit or None, settings.source or None, settings.build or None),
            queries_of(application.library.catalogue),
        )
        try:
            async with watched(application, settings, traces):
                with draining_before_the_stop(capacity, settings.drain_seconds):
                    yield {STATE: capacity}
        finally:
            application.close()

    app = ContractApp(
        title="Tonight",
        version=version("tonight"),
        summary="Need a suggestion for a movie tonight?",
        description=DESCRIPTION,
        openapi_tags=TAGS,
        servers=[{"url": "/", "description": "Wherever it runs."}],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses={
            414: {"model": ProblemBody, "description": "The query is too long."},
            431: {"model": ProblemBody, "description": "The headers are too large."},
        },
        exception_handlers={
            TonightError: problems.on_tonight_error,
            RequestValidationError: problems.on_validation_error,
            HTTPException: problems.on_http_exception,
            Exception: problems.on_any_error,
        },
    )
    parts = (
        movie,
        movies,
        search,
        feedback,
        own_data,
        health,
        routes,
        film,
        my_films,
        welcome,
    )
    for part in parts:
        app.include_router(part.router)
    paths = [getattr(route, "path", "") for part in parts for route in part.router.routes]
    capacity = Capacity.of(
        settings.max_concurrent_requests, frozenset(path for path in paths if "{" not in path)
    )
    announce(app, (route for part in parts for route in part.router.routes))
    app.mount(STATIC_PATH, ImmutableFiles(directory=STATIC_DIR), name="static")
    app.add_middleware(HeadRequests)
    app.add_middleware(
        Protection,
        max_query_bytes=settings.max_query_bytes,
        max_body_bytes=settings.max_body_bytes,
        body_timeout_seconds=settings.body_timeout_seconds,
        rate=RequestRate(settings.rate_limit_per_minute)
        if settings.rate_limit_per_minute
        else None,
    )
    if settings.trusted_proxies:
        # The outermost: what follows sees the viewer's address and scheme, not the proxy's.
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))
    # Outside of everything: what is refused further in is counted too.
    app.add_middleware(Observation, traces=traces)
    return app
