"""The policies for Kubernetes are looked at, and what is accepted is what is broken."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from tools import policies

KNOWN_BAD = Path(__file__).with_name("known_bad")


@pytest.mark.slow
def test_checkov_catches_a_privileged_pod_on_the_nodes_network_without_a_limit() -> None:
    found = policies.broken([yaml.safe_load((KNOWN_BAD / "pod.yaml").read_text("utf-8"))])
    assert found.keys() >= {
        ("CKV_K8S_16", "Pod"),  # privileged
        ("CKV_K8S_19", "Pod"),  # the node's network
        ("CKV_K8S_13", "Pod"),  # memory
        ("CKV_K8S_40", "Pod"),  # root
    }


@pytest.mark.slow
def test_nothing_to_look_at_is_no_success() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        policies.broken([])


def test_a_policy_that_is_not_accepted_is_a_complaint() -> None:
    found = dict.fromkeys(policies.ACCEPTED, "")
    found["CKV_K8S_16", "Pod"] = "Container should not be privileged"
    assert policies.complaints(found) == ["CKV_K8S_16 (Pod): Container should not be privileged"]


def test_an_acceptance_that_nothing_needs_is_a_complaint() -> None:
    found = dict.fromkeys(policies.ACCEPTED, "")
    del found["CKV_K8S_8", "Pod"]
    (complaint,) = policies.complaints(found)
    assert complaint.startswith("CKV_K8S_8 (Pod) is accepted")
