"""The product with an empty route beside its own, and a profiler that can be switched on.

Both are added here, never in the product: the baseline of the benchmark passes the very same
server and middleware as the product's routes.
"""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from pydantic import BaseModel

from tonight.web import app as product
from tonight.web.observation import Observation
from tools.bench.sampler import Sampler

BASELINE: Final = "/bench/baseline"
PROFILE: Final = "/bench/profile"


class Empty(BaseModel):
    """The smallest answer with a model."""

    status: str


def create_app() -> FastAPI:
    """The product's application and the benchmark's routes."""
    app = product.create_app()
    sampler = Sampler()

    @app.get(BASELINE, include_in_schema=False)
    async def baseline() -> Empty:
        return Empty(status="ok")

    @app.post(PROFILE, include_in_schema=False)
    async def start_profile() -> Empty:
        sampler.start()
        return Empty(status="started")

    @app.delete(PROFILE, include_in_schema=False)
    async def stop_profile() -> dict[str, int]:
        return sampler.stop()

    # Found first, as "/movie" nearly is: searching the other routes is no part of a baseline.
    routes = app.router.routes
    routes.insert(0, next(route for route in routes if getattr(route, "path", "") == BASELINE))
    return app


def create_stock_app() -> FastAPI:
    """The same with FastAPI's stock instrumentation of OpenTelemetry in its place.

    Its own variables say where the spans go and how many requests are sampled.
    """
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    app = create_unobserved_app()
    FastAPIInstrumentor.instrument_app(app, tracer_provider=provider)
    return app


def create_unobserved_app() -> FastAPI:
    """The same without the middleware that counts, times and logs requests."""
    app = create_app()
    # By its name: the types of Starlette do not say that a factory can be a class.
    app.user_middleware = [
        middleware
        for middleware in app.user_middleware
        if getattr(middleware.cls, "__name__", "") != Observation.__name__
    ]
    return app
