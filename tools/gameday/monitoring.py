"""The real Prometheus and Alertmanager, on the deployed configuration with short windows."""

from __future__ import annotations

import json
import re
import shutil
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from tools.gameday.programs import NotReadyError, Program, wait_until
from tools.monitoring.files import MONITORING, read_yaml, rule_files
from tools.ports import free_port

#: An hour of the deployed rules is a minute here.
FASTER: Final = 60

PROGRAMS: Final = ("prometheus", "prometheus-alertmanager")

_UNITS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_DURATION: Final = re.compile(r"^(\d+)([smhd])$")
_IN_EXPRESSION: Final = re.compile(r"(\[|\boffset )(\d+[smhd])\b")


def missing_programs() -> list[str]:
    """What is not installed."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


def shorter(duration: str, factor: float = FASTER) -> str:
    """A duration of PromQL divided by a factor, in milliseconds: ``5m`` is ``5000ms``."""
    match = _DURATION.match(duration)
    if match is None:
        raise ValueError(f"not a duration: {duration}")
    return f"{round(int(match[1]) * _UNITS[match[2]] * 1_000 / factor)}ms"


def shorter_rules(content: Mapping[str, Any], factor: float = FASTER) -> dict[str, Any]:
    """The same rules with every window, offset, wait and interval divided by a factor.

    Nothing else changes: names, thresholds, labels and texts are those of the deployed rules.
    """
    groups = []
    for group in content["groups"]:
        changed = {**group, "rules": []}
        if "interval" in group:
            changed["interval"] = shorter(group["interval"], factor)
        for rule in group["rules"]:
            expression = _IN_EXPRESSION.sub(
                lambda match: match[1] + shorter(match[2], factor), rule["expr"]
            )
            wait = {"for": shorter(rule["for"], factor)} if "for" in rule else {}
            changed["rules"].append({**rule, "expr": expression, **wait})
        groups.append(changed)
    return {"groups": groups}


@dataclass(frozen=True, slots=True)
class Monitoring:
    """A running Prometheus with its Alertmanager.

    Attributes:
        prometheus_url: Prometheus' address.
        alertmanager_url: Alertmanager's address.
    """

    prometheus_url: str
    alertmanager_url: str

    def query(self, expression: str) -> list[dict[str, Any]]:
        """The result of an instant query."""
        data = self._get("query", query=expression)["result"]
        return list(data)

    def firing(self) -> set[str]:
        """The alerts that fire now, without the watchdog."""
        return {
            sample["metric"]["alertname"]
            for sample in self.query('ALERTS{alertstate="firing", severity!="none"}')
        }

    def _get(self, path: str, **parameters: str) -> Any:
        address = f"{self.prometheus_url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own
            return json.load(answer)["data"]


@contextmanager
def monitoring(folder: Path, metrics_port: int, receiver_port: int) -> Iterator[Monitoring]:
    """Runs both in a folder until the end of the block, for a service that runs already.

    Args:
        folder: Empty; gets configuration, data and logs.
        metrics_port: Where the service tells its metrics.
        receiver_port: Where notifications go.
    """
    prometheus_port, alertmanager_port = free_port(), free_port()
    _write_configuration(folder, metrics_port, receiver_port, alertmanager_port)
    alertmanager = Program(
        [
            "prometheus-alertmanager",
            f"--config.file={folder / 'alertmanager.yml'}",
            f"--storage.path={folder / 'alertmanager'}",
            f"--web.listen-address=127.0.0.1:{alertmanager_port}",
            # Alone: no cluster is looked for.
            "--cluster.listen-address=",
        ],
        folder / "alertmanager.log",
    )
    prometheus = Program(
        [
            "prometheus",
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'prometheus'}",
            f"--web.listen-address=127.0.0.1:{prometheus_port}",
            "--enable-feature=exemplar-storage",
            # What Alertmanager did not get at first it gets soon, not in a minute.
            "--rules.alert.resend-delay=1s",
        ],
        folder / "prometheus.log",
    )
    running = Monitoring(
        f"http://127.0.0.1:{prometheus_port}", f"http://127.0.0.1:{alertmanager_port}"
    )
    try:
        for program, url in (
            (alertmanager, running.alertmanager_url),
            (prometheus, running.prometheus_url),
        ):
            program.start()
            wait_until(lambda url=url: _is_ready(url), f"{url} is ready")  # type: ignore[misc]
        # It takes some seconds to look for its targets, and calls them absent until then.
        try:
            wait_until(
                lambda: bool(running.query("up == 1")) and not running.firing(),
                "Prometheus has seen the service, and nothing fires",
            )
        except NotReadyError as error:
            firing = ", ".join(sorted(running.firing())) or "nothing"
            raise NotReadyError(f"{error}; up: {running.query('up')}; firing: {firing}") from error
        yield running
    finally:
        prometheus.stop()
        alertmanager.stop()


def _is_ready(url: str) -> bool:
    with urllib.request.urlopen(f"{url}/-/ready", timeout=5) as answer:  # noqa: S310 - our own
        return int(answer.status) == 200


def _write_configuration(
    folder: Path, metrics_port: int, receiver_port: int, alertmanager_port: int
) -> None:
    """The deployed configuration with other addresses and a clock that runs faster."""
    (folder / "rules").mkdir(parents=True)
    for path in rule_files():
        changed = yaml.safe_dump(shorter_rules(read_yaml(path)), sort_keys=False)
        (folder / "rules" / path.name).write_text(changed, "utf-8")

    prometheus = read_yaml(MONITORING / "prometheus.yml")
    prometheus["global"] |= {"scrape_interval": "1s", "evaluation_interval": "1s"}
    prometheus["alerting"]["alertmanagers"] = [
        {"static_configs": [{"targets": [f"127.0.0.1:{alertmanager_port}"]}]}
    ]
    jobs = {job["job_name"]: job for job in prometheus["scrape_configs"]}
    jobs["tonight"]["static_configs"] = [{"targets": [f"127.0.0.1:{metrics_port}"]}]
    prometheus["scrape_configs"] = [jobs["tonight"]]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(prometheus), "utf-8")

    alertmanager = read_yaml(MONITORING / "alertmanager.yml")
    for route in (alertmanager["route"], *alertmanager["route"]["routes"]):
        route |= {"group_wait": "0s", "group_interval": "1s"}
    for receiver in alertmanager["receivers"]:
        url = f"http://127.0.0.1:{receiver_port}/{receiver['name']}"
        receiver["webhook_configs"][0]["url"] = url
    (folder / "alertmanager.yml").write_text(yaml.safe_dump(alertmanager), "utf-8")
