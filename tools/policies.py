"""Holds Kubernetes objects to Checkov's policies: ``broken(objects)``.

Checkov brings its policies along and is told to ask nobody. What the chart breaks on purpose is
accepted below with the reason; an acceptance that nothing needs any more is an error too.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parent.parent
_ENVIRONMENT: Final = ROOT / ".venvs" / "policies"

_ENDS: Final = "a pod that ends has nobody who would ask it"
_CPU: Final = "a limit makes a pod wait while its node is idle; its share is what it requests"

#: Policy and kind of object to why that kind may break it.
ACCEPTED: Final[dict[tuple[str, str], str]] = {
    **{("CKV_K8S_11", kind): _CPU for kind in ("CronJob", "Deployment", "Job", "Pod")},
    ("CKV_K8S_8", "Pod"): _ENDS,
    ("CKV_K8S_9", "Pod"): _ENDS,
    ("CKV2_K8S_6", "Pod"): "jobs and the test ask and are never asked",
}


def broken(objects: Sequence[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """The policies that some objects break: policy and kind to what the policy wants.

    Raises:
        subprocess.CalledProcessError: Checkov cannot be installed, or looked at nothing.
    """
    making = [sys.executable, str(ROOT / "tools" / "environment.py"), "policies"]
    subprocess.run(making, check=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "objects.yaml"
        file.write_text(yaml.safe_dump_all(objects), "utf-8")
        program = _ENVIRONMENT / "bin" / "checkov"
        options = ("--framework=kubernetes", "--skip-download", "--quiet", "--output=json")
        command = [str(program), f"--file={file}", *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout) if done.returncode in {0, 1} else {}
    # Without a result it prints a summary of zeros, and calls that a success.
    if not report.get("results") or report["summary"]["parsing_errors"]:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
    return {
        (each["check_id"], each["resource"].partition(".")[0]): each["check_name"]
        for each in report["results"]["failed_checks"]
    }


def complaints(found: dict[tuple[str, str], str]) -> list[str]:
    """What is wrong with what some objects break: too much, or less than is accepted."""
    new = [
        f"{policy} ({kind}): {wanted}"
        for (policy, kind), wanted in sorted(found.items())
        if (policy, kind) not in ACCEPTED
    ]
    idle = [
        f"{policy} ({kind}) is accepted in tools/policies.py, but nothing breaks it any more"
        for policy, kind in sorted(ACCEPTED.keys() - found.keys())
    ]
    return new + idle
