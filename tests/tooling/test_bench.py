"""What ``make bench`` makes of its figures; it measures on demand."""

from __future__ import annotations

import os
import re
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tonight.recsys.recommender import History
from tonight.services.suggest_movie import Library
from tools.bench.closed_loop import Run
from tools.bench.connection import encode, take_answer
from tools.bench.growth import Growth, resized
from tools.bench.latency import Latency
from tools.bench.page import Figures, write
from tools.bench.processes import cpu_seconds, memory
from tools.bench.requests import Target, costs_of, missed
from tools.bench.sampler import SERVER, stage_of
from tools.bench.starts import MEGABYTE, Starts
from tools.bench.tables import table


def run(cpu_microseconds: float, latency: float = 0.001, n_requests: int = 10) -> Run:
    return Run(n_requests, cpu_microseconds * 1e-6 * n_requests, np.full(n_requests, latency))


def test_a_ratio_compares_turns_of_the_same_round_and_one_bad_round_does_not_count() -> None:
    # The machine becomes slower and slower, and in one round something else is going on.
    costs = costs_of(
        {
            "empty": [run(100), run(200), run(300)],
            "film": [run(150), run(300), run(1_200)],
        }
    )
    assert costs["film"].ratio == pytest.approx(1.5)
    assert costs["film"].lowest == pytest.approx(1.5)
    assert costs["film"].highest == pytest.approx(4)
    assert costs["empty"].ratio == 1
    assert costs["film"].cpu_seconds == pytest.approx(300e-6)
    assert costs["film"].n_requests == 30


def test_what_costs_more_than_it_may_is_missed_and_what_costs_just_that_is_not() -> None:
    costs = costs_of({"empty": [run(100)], "film": [run(150)]})
    assert missed(costs, [Target("film", 1.51, 1)]) == []
    assert missed(costs, [Target("film", 1.49, 1)]) == ["film: 1.50 times, at most 1.49"]
    assert missed(costs, [Target("not measured", 1, 1)]) == []


def test_an_answer_is_taken_once_it_is_whole_and_what_follows_is_left() -> None:
    whole = b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nset-cookie: a=b; Path=/\r\n\r\nhello"
    received = bytearray()
    for byte in whole[:-1]:
        received.append(byte)
        assert take_answer(received) is None
    received += whole[-1:] + b"HTTP/1.1 2"
    answer = take_answer(received)
    assert answer is not None
    assert (answer.status, answer.body, answer.closes) == (404, b"hello", False)
    assert answer.cookies() == {"a": "b"}
    assert received == b"HTTP/1.1 2"


def test_a_request_carries_its_cookies_and_the_length_of_its_body() -> None:
    request = encode("/x", method="POST", cookies={"a": "1", "b": "2"}, body=b"{}")
    assert request.startswith(b"POST /x HTTP/1.1\r\n")
    assert b"\r\nCookie: a=1; b=2\r\n" in request
    assert request.endswith(b"\r\nContent-Length: 2\r\n\r\n{}")


def test_a_stack_counts_for_the_innermost_stage_of_the_product() -> None:
    server = ("uvicorn.protocols.http.httptools_impl", "run_asgi")
    route = ("tonight.web.api.movie", "answer")
    suggest = ("tonight.services.suggest_movie", "suggest_movie")
    handover = ("tonight.recsys.handover", "contributions")
    assert stage_of([server]) == SERVER
    assert stage_of([server, route]) == "answer"
    assert stage_of([server, route, ("starlette.responses", "__init__")]) == "answer"
    assert stage_of([server, route, suggest, ("numpy", "zeros")]) == "select"
    assert stage_of([server, route, suggest, ("tonight.recsys.models.ease", "score")]) == "score"
    assert stage_of([server, route, suggest, handover, ("tonight.recsys.models.x", "f")]) == (
        "answer"
    )
    assert stage_of([server, ("tonight.observability.middleware", "__call__"), server]) == SERVER


def test_the_cpu_clock_of_a_process_counts_what_it_spends() -> None:
    before = cpu_seconds(os.getpid())
    own = time.process_time()
    while time.process_time() < own + 0.05:
        pass
    assert 0.05 <= cpu_seconds(os.getpid()) - before < 5


def test_private_memory_is_part_of_the_proportional_and_that_of_the_resident() -> None:
    held = memory(os.getpid())
    assert 0 < held.private <= held.proportional <= held.resident


def test_figures_stand_right_in_a_table() -> None:
    assert table(("a", "b"), [("x", "1")]) == "| a | b |\n| --- | ---: |\n| x | 1 |\n"


@pytest.mark.parametrize("n_items", [1_500, 13_000])
def test_a_library_of_another_size_scores_its_films_as_the_real_one_does(
    library: Library, n_items: int
) -> None:
    other = resized(library, n_items)
    assert other.model.n_items == len(other.catalogue) == n_items
    titles = [(m.title, m.year, m.cast) for m in library.catalogue.movies]
    place = {title: item for item, title in enumerate(titles)}
    twins = [place[(m.title, m.year, m.cast)] for m in other.catalogue.movies]
    mine = np.flatnonzero(other.model.place < other.model.n_warm)[:5]
    theirs = History.of([twins[item] for item in mine])
    expected = library.model.score(theirs)[twins]
    np.testing.assert_allclose(other.model.score(History.of(mine)), expected, atol=1e-4)


def test_what_a_start_misses_is_said_in_words() -> None:
    good = Starts(9.0, 1.5, 500 * MEGABYTE, 140 * MEGABYTE, 160 * MEGABYTE)
    assert good.missed() == []
    assert replace(good, later=2.5).missed() == ["a later start: 2.5 s, at most 2"]
    assert replace(good, private=151 * MEGABYTE).missed() == [
        "a worker's own memory: 151,000,000.0 bytes, at most 150,000,000"
    ]


def test_the_page_has_every_figure_and_its_plots(tmp_path: Path) -> None:
    for folder in ("reference", "images"):
        (tmp_path / folder).mkdir()
    costs = costs_of({"empty": [run(100)], "film": [run(250)]})
    grown = [Growth(1_000, 0.0005, 0.0002), Growth(100_000, 0.0035, 0.0002)]
    latencies = [Latency(0.95, 371.4, 0.0143, 0.1938, 6)]
    starts = Starts(9.04, 1.5, 554 * MEGABYTE, 147 * MEGABYTE, 161 * MEGABYTE)
    write(Figures(costs, {"score": 0.06}, costs, grown, grown, latencies, starts), tmp_path)
    text = (tmp_path / "reference/benchmarks.md").read_text("utf-8")
    for row in (
        "| film | 250 µs | **2.50** (2.50 to 2.50) |",
        "| score | 6% |",
        "| 100,000 | 3,500 µs | 200 µs |",
        "| 95% | 371 | 14.3 ms | 193.8 ms | 6 |",
        "| first start to the first suggestion, training included | 9.0 s | 10 s |",
        "| the training process at its peak (RSS) | 554 MB |",
    ):
        assert row in text
    for image in re.findall(r"\(\.\./(images/[^)]+)\)", text):
        assert (tmp_path / image).read_text("utf-8").startswith("<svg")
