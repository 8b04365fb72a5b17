"""What ``make bench`` makes of its figures; it measures on demand."""

from __future__ import annotations

import os
import time

import numpy as np
import pytest

from tools.bench.closed_loop import Run
from tools.bench.connection import encode, take_answer
from tools.bench.processes import cpu_seconds, memory
from tools.bench.requests import Target, costs_of, missed
from tools.bench.sampler import SERVER, stage_of
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
