"""What one process measures, and what several of them add up to."""

from __future__ import annotations

import json

from tonight.observability.registry import Metric, State, merged


def seconds(bounds: tuple[float, ...] = (0.1, 1.0)) -> Metric:
    return Metric("tonight_example_seconds", "histogram", "How long.", ("step",), bounds=bounds)


def test_the_value_of_a_histogram_is_how_often_it_was_observed() -> None:
    metric = seconds()
    for value in (0.05, 0.5, 5):
        metric.observe(value, "score")
    assert metric.value("score") == 3
    assert metric.value("other") == 0


def test_what_workers_say_in_json_adds_up() -> None:
    one, other = seconds(), seconds()
    one.observe(0.05, "score")
    other.observe(0.5, "score", trace_id="a" * 32)
    states = [json.loads(json.dumps({each.name: each.state()})) for each in (one, other)]
    [(labels, seen)] = merged([seconds()], states)["tonight_example_seconds"].distributions()
    assert labels == ("score",)
    assert seen.counts == [1, 1, 0]
    assert seen.exemplars[1].trace_id == "a" * 32


def test_buckets_of_an_earlier_release_are_left_out() -> None:
    earlier = seconds(bounds=(0.1,))
    earlier.observe(0.05, "score")
    total = merged([seconds()], [], gone=[{earlier.name: earlier.state()}])
    assert total["tonight_example_seconds"].value("score") == 0


def test_of_a_worker_that_has_ended_its_counters_stay_and_its_gauges_go() -> None:
    gauge = Metric("tonight_example", "gauge", "Now.")
    counter = Metric("tonight_example_total", "counter", "So far.")
    gauge.put(3)
    counter.add(by=2)
    gone = {each.name: each.state() for each in (gauge, counter)}
    total = merged([gauge, counter], [], gone=[gone])
    assert total["tonight_example"].value() == 0
    assert total["tonight_example_total"].value() == 2
    assert "tonight_unknown" not in merged([], [{"tonight_unknown": [[[], 1]]}])


def test_a_gauge_of_several_workers_is_merged_as_it_says() -> None:
    states: list[dict[str, State]] = [{"tonight_example": [[[], value]]} for value in (3, 1, 2)]
    found = {}
    for merge in ("sum", "min", "max"):
        metric = Metric("tonight_example", "gauge", "Now.", merge=merge)
        found[merge] = merged([metric], states)["tonight_example"].value()
    assert found == {"sum": 6, "min": 1, "max": 3}
