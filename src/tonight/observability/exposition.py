"""What ``/metrics`` says, in the formats that Prometheus reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prometheus_client import Metric as Family
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector, CollectorRegistry
from prometheus_client.samples import Exemplar

from tonight.observability.registry import Metric


class _Merged(Collector):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Family]:
        for metric in self._metrics:
            yield _family(metric)


def exposed(metrics: Iterable[Metric], accept: str) -> tuple[bytes, str]:
    """The metrics as text.

    Args:
        metrics: Merged over all workers.
        accept: What the reader takes; exemplars are in OpenMetrics alone.

    Returns:
        The text and its media type.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Merged(metrics))
    encode, media_type = choose_encoder(accept)
    return encode(registry), media_type


def _family(metric: Metric) -> Family:
    family = Family(metric.name.removesuffix("_total"), metric.text, metric.kind)
    for labels, value in metric.values():
        family.add_sample(metric.name, dict(zip(metric.labels, labels, strict=True)), value)
    for labels, seen in metric.distributions():
        names = dict(zip(metric.labels, labels, strict=True))
        so_far = 0
        for index, count in enumerate(seen.counts):
            so_far += count
            bound = str(float(metric.bounds[index])) if index < len(metric.bounds) else "+Inf"
            one = seen.exemplars.get(index)
            family.add_sample(
                f"{metric.name}_bucket",
                {**names, "le": bound},
                so_far,
                exemplar=Exemplar({"trace_id": one.trace_id}, one.value, one.timestamp)
                if one
                else None,
            )
        family.add_sample(f"{metric.name}_count", names, so_far)
        family.add_sample(f"{metric.name}_sum", names, seen.total)
    return family
