"""``tonight train``: trains the model and makes it the current one."""

from __future__ import annotations

import sys
import time

from tonight.bootstrap import train_and_publish
from tonight.observability.logs import set_up_logs
from tonight.settings import Settings


def train() -> None:
    """Train the model from the embedded ratings and make it the current one."""
    settings = Settings.read()
    set_up_logs(settings.log_level)
    print("Training the model, once for this data (some seconds) ...", file=sys.stderr, flush=True)
    start = time.perf_counter()

    def progress(step: str) -> None:
        print(f"  {time.perf_counter() - start:4.1f} s  {step}", file=sys.stderr, flush=True)

    version = train_and_publish(settings, progress)
    seconds = time.perf_counter() - start
    print(f"Trained in {seconds:.1f} s: model {version}", file=sys.stderr, flush=True)
