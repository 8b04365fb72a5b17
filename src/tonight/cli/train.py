"""``tonight train``: trains the model and makes it the current one."""

from __future__ import annotations

import sys
import time

import typer

from tonight.artifacts.errors import ModelRefusedError
from tonight.cli.diagnosis import check_data_folder
from tonight.cli.exit_codes import FAILED, REFUSED
from tonight.cli.messages import complain
from tonight.cli.start import read_settings
from tonight.retraining import train_and_publish


def train(force: str | None = None) -> None:
    """Trains the model from the embedded data and the feedback; standard error shows the steps.

    Args:
        force: Why the model is published even if it is worse.

    Raises:
        typer.Exit: The data folder cannot hold a model, or the model is worse.
    """
    settings = read_settings()
    folder = check_data_folder(settings.data_dir)
    if folder.state == "fail":
        # Said before the training, not after it.
        complain(f"{folder.message}; {folder.remedy}")
        raise typer.Exit(FAILED)
    print("Training the model, once for this data (some seconds) ...", file=sys.stderr, flush=True)
    start = time.perf_counter()

    def progress(step: str) -> None:
        print(f"  {time.perf_counter() - start:4.1f} s  {step}", file=sys.stderr, flush=True)

    try:
        version = train_and_publish(settings, progress, force)
    except ModelRefusedError as error:
        complain(str(error))
        raise typer.Exit(REFUSED) from error
    except OSError as error:
        complain(f"the model cannot be saved: {error}")
        raise typer.Exit(FAILED) from error
    except MemoryError as error:
        complain(f"there is not enough memory to train: {error}")
        raise typer.Exit(FAILED) from error
    seconds = time.perf_counter() - start
    print(f"Trained in {seconds:.1f} s: model {version}", file=sys.stderr, flush=True)
