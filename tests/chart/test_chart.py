"""What the chart makes of its values; no cluster has seen it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools import chart

pytestmark = pytest.mark.slow

RULES = Path(__file__).parents[2] / "deploy" / "monitoring" / "rules"


@cache
def rendered(*options: str) -> dict[str, dict[str, Any]]:
    """Objects by kind and name, with the least values and some more."""
    found = chart.render(*chart.LEAST, *(part for each in options for part in ("--set", each)))
    return {f"{each['kind']}/{each['metadata']['name']}": each for each in found}


def containers(objects: dict[str, dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each pod's specification with its container."""
    pods = []
    for each in objects.values():
        spec = each.get("spec", {})
        if each["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if each["kind"] in {"Deployment", "Job", "CronJob"}:
            spec = spec["template"]["spec"]
        if "containers" in spec:
            pods.append((spec, spec["containers"][0]))
    return pods


ALL = (
    "data.claim=films",
    "training.enabled=true",
    "backup.enabled=true",
    "backup.claim=copies",
    "autoscaling.enabled=true",
    "ingress.enabled=true",
    "ingress.tlsSecret=tls",
    "gateway.enabled=true",
    "gateway.parents[0].name=door",
    "monitoring.serviceMonitor=true",
    "monitoring.rules=true",
    "postgresql.enabled=true",
    "settings.TONIGHT_TRACES_URL=http://traces:4318",
    "image.pullSecrets[0].name=pull",
    "nodeSelector.disk=fast",
    "tolerations[0].operator=Exists",
)


def test_it_is_linted_and_valid_on_the_supported_versions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    chart.main()
    assert "The chart is well" in capsys.readouterr().out


def test_with_everything_switched_on_it_is_valid_too() -> None:
    for version in chart.VERSIONS:
        assert chart.complaints(list(rendered(*ALL).values()), version) == ""


def test_the_validation_finds_a_field_that_is_misspelt() -> None:
    broken = yaml.safe_load(yaml.safe_dump(rendered()["Deployment/evening-tonight"]))
    broken["spec"]["template"]["spec"]["containers"][0]["livenessProb"] = {}
    assert "livenessProb" in chart.complaints([broken], chart.VERSIONS[0])


@pytest.mark.parametrize(
    ("option", "adds"),
    [
        ("ingress.enabled=true", {"Ingress/evening-tonight"}),
        ("autoscaling.enabled=true", {"HorizontalPodAutoscaler/evening-tonight"}),
        (
            "monitoring.serviceMonitor=true",
            {"ServiceMonitor/evening-tonight", "Service/evening-tonight-metrics"},
        ),
        (
            "monitoring.rules=true",
            {"PrometheusRule/evening-tonight-causes", "PrometheusRule/evening-tonight-objectives"},
        ),
        ("postgresql.enabled=true", {"Cluster/evening-tonight-database"}),
        ("gateway.enabled=true", {"HTTPRoute/evening-tonight"}),
    ],
)
def test_what_is_switched_on_is_there_and_nothing_else(option: str, adds: set[str]) -> None:
    more = ("gateway.parents[0].name=door",) if option.startswith("gateway") else ()
    assert set(rendered(option, *more)) - set(rendered()) == adds
    assert set(rendered()) - set(rendered(option, *more)) == set()


@pytest.mark.parametrize(
    ("option", "removes"),
    [
        ("disruptionBudget.enabled=false", {"PodDisruptionBudget/evening-tonight"}),
        ("networkPolicy.enabled=false", {"NetworkPolicy/evening-tonight"}),
        ("migrations.enabled=false", {"Job/evening-tonight-migrations"}),
    ],
)
def test_what_is_switched_off_is_gone(option: str, removes: set[str]) -> None:
    assert set(rendered()) - set(rendered(option)) == removes


def test_jobs_by_the_clock_keep_their_work_where_it_stays() -> None:
    objects = rendered(*ALL)
    training = objects["CronJob/evening-tonight-training"]["spec"]["jobTemplate"]["spec"]
    assert training["template"]["spec"]["containers"][0]["command"] == ["tonight", "train"]
    backup = objects["CronJob/evening-tonight-backup"]["spec"]["jobTemplate"]["spec"]["template"]
    claims = {
        each["name"]: each["persistentVolumeClaim"]["claimName"]
        for each in backup["spec"]["volumes"]
        if "persistentVolumeClaim" in each
    }
    assert claims == {"data": "films", "backups": "copies"}


def test_no_container_may_do_what_it_need_not() -> None:
    found = containers(rendered(*ALL))
    assert len(found) == 5
    for spec, container in found:
        pod = spec["securityContext"]
        assert (pod["runAsNonRoot"], pod["runAsUser"]) == (True, 10001)
        assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"]["memory"]
        assert container["resources"]["requests"]["cpu"]
        assert spec["imagePullSecrets"] == [{"name": "pull"}]


def test_secrets_come_by_reference_and_as_files_only() -> None:
    _, container = containers(rendered())[0]
    values = {each["name"]: each["value"] for each in container["env"]}
    assert values["TONIGHT_DATABASE_URL_FILE"] == "/run/secrets/tonight/database-url"
    assert values["TONIGHT_SIGNING_KEYS_FILE"] == "/run/secrets/tonight/signing-keys"
    assert not any(kind.startswith("Secret/") for kind in rendered(*ALL))


def test_a_pod_is_given_the_time_to_stop_that_it_asks_for() -> None:
    options = ("drainSeconds=7", "shutdownSeconds=20")
    spec, container = containers(rendered(*options))[0]
    assert spec["terminationGracePeriodSeconds"] > 27
    values = {each["name"]: each["value"] for each in container["env"]}
    assert (values["TONIGHT_DRAIN_SECONDS"], values["TONIGHT_SHUTDOWN_SECONDS"]) == ("7", "20")


def test_only_being_ready_depends_on_anything() -> None:
    _, container = containers(rendered())[0]
    probes = {
        kind: container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("liveness", "readiness")
    }
    assert probes == {"liveness": "/healthz", "readiness": "/readyz"}


@pytest.mark.parametrize(
    ("commit", "status"), [("c0ffee", 0), ("decade", 1)], ids=["its own release", "another one"]
)
def test_helm_test_passes_when_the_release_of_its_image_answers(commit: str, status: int) -> None:
    answers = {
        "/version": {"version": metadata.version("tonight"), "commit": "c0ffee", "model": "m"},
        "/movie": {"movie": {"title": "Alien"}},
    }

    class Service(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(answers[self.path]).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever).start()
        pod = rendered()["Pod/evening-tonight-test"]["spec"]["containers"][0]
        _, option, script = pod["command"]
        here = script.replace("evening-tonight:80", f"127.0.0.1:{server.server_port}")
        done = subprocess.run(
            [sys.executable, option, here],
            env={**os.environ, "TONIGHT_COMMIT": commit},
            capture_output=True,
            text=True,
            check=False,
        )
        server.shutdown()
    assert (done.returncode, done.stdout) == (status, "" if status else "Alien\n"), done.stderr


def test_the_schema_goes_first_but_after_a_database_of_the_operators() -> None:
    def hook(*options: str) -> str:
        job = rendered(*options)["Job/evening-tonight-migrations"]
        return str(job["metadata"]["annotations"]["helm.sh/hook"])

    assert hook() == "pre-install,pre-upgrade"
    assert hook("postgresql.enabled=true") == "post-install,pre-upgrade"
    secrets = containers(rendered("postgresql.enabled=true"))[0][0]["volumes"][2]["projected"]
    assert secrets["sources"][0]["secret"]["name"] == "evening-tonight-database-app"


def test_one_node_has_sqlite_that_belongs_to_one_pod() -> None:
    objects = {each["kind"]: each for each in chart.render(*chart.SETS["one node"])}
    assert objects["Deployment"]["spec"]["strategy"] == {"type": "Recreate"}
    assert "Job" not in objects


def test_the_scaler_and_the_number_of_replicas_do_not_contradict() -> None:
    spec = rendered("autoscaling.enabled=true")["Deployment/evening-tonight"]["spec"]
    assert "replicas" not in spec
    assert rendered("replicas=3")["Deployment/evening-tonight"]["spec"]["replicas"] == 3


def test_pods_are_spread_over_nodes_and_zones() -> None:
    spec, _ = containers(rendered())[0]
    keys = [each["topologyKey"] for each in spec["topologySpreadConstraints"]]
    assert keys == ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]


def test_the_way_out_leads_to_names_the_database_and_traces_only() -> None:
    def ports(*options: str) -> list[int]:
        policy = rendered(*options)["NetworkPolicy/evening-tonight"]["spec"]
        return [port["port"] for rule in policy["egress"] for port in rule["ports"]]

    assert ports() == [53, 53, 5432]
    assert ports("settings.TONIGHT_TRACES_URL=http://x:4318") == [53, 53, 5432, 4318]


def test_the_rules_are_those_of_the_monitoring() -> None:
    for name in ("causes", "objectives"):
        rule = rendered("monitoring.rules=true")[f"PrometheusRule/evening-tonight-{name}"]
        assert rule["spec"] == yaml.safe_load((RULES / f"{name}.yaml").read_text("utf-8"))


def test_the_chart_of_a_release_means_its_image_and_carries_the_rules(tmp_path: Path) -> None:
    digest = f"sha256:{'c0ffee00' * 8}"
    file = chart.package("7.8.9", "registry.example.org/films/tonight", digest, tmp_path)
    with tarfile.open(file) as archive:
        files = {each.name: archive.extractfile(each) for each in archive if each.isfile()}
        read = {name: content.read().decode() for name, content in files.items() if content}
    about = yaml.safe_load(read["tonight/Chart.yaml"])
    assert (about["version"], about["appVersion"]) == ("7.8.9", "7.8.9")
    image = yaml.safe_load(read["tonight/values.yaml"])["image"]
    assert image["repository"] == "registry.example.org/films/tonight"
    assert image["digest"] == digest
    assert read["tonight/rules/causes.yaml"] == (RULES / "causes.yaml").read_text("utf-8")


def test_an_image_by_digest_counts_more_than_by_tag() -> None:
    digest = f"sha256:{'a' * 64}"
    assert containers(rendered("image.tag=x"))[0][1]["image"] == "tonight:x"
    image = containers(rendered("image.tag=x", f"image.digest={digest}"))[0][1]["image"]
    assert image == f"tonight@{digest}"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ((), "More than one replica needs PostgreSQL"),
        (("secrets.databaseUrl.name=d",), "needs the same signing keys"),
        (("replicas=1", "training.enabled=true"), "training.enabled needs data.claim"),
        (("replicas=1", "backup.enabled=true"), "backup.enabled needs backup.claim"),
        (("replica=3",), "replica"),
        (("replicas=0",), "replicas"),
        (("settings.TONIGHT_DATABASE_URL=postgresql://u:p@h/d",), "TONIGHT_DATABASE_URL"),
        (("backup.schedule=daily",), "schedule"),
        (("image.digest=latest",), "digest"),
    ],
)
def test_values_that_cannot_work_are_refused(options: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        chart.render(*(part for each in options for part in ("--set", each)))
    assert complaint in refused.value.stderr
