"""Generates the Python client from ``openapi.json``, or says that it is stale (``--check``).

The generator is openapi-python-client, pinned in ``tools/requirements-client.txt`` and installed
under ``.venvs/client``. What it cannot do by itself is done here, and no more.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
CLIENT: Final = ROOT / "clients" / "python"

CONFIGURATION: Final = {
    "project_name_override": "tonight-client",
    "package_name_override": "tonight_client",
    "content_type_overrides": {"application/problem+json": "application/json"},
    "post_hooks": [],
}

#: A film has the field ``cast``; the generated code calls ``typing.cast``, which it would hide.
GENERATOR: Final = (
    "from openapi_python_client import strings; strings.RESERVED_WORDS.add('cast'); "
    "from openapi_python_client.cli import app; app()"
)

README: Final = """# tonight-client

The HTTP interface of Tonight as typed Python, generated from `openapi.json` by `make client`:
change nothing here by hand. `pip install ./clients/python`, then:

```python
from tonight_client import Client
from tonight_client.api.tonight import get_movie
from tonight_client.models import SuggestionBody

names = {"Tonight-Client": "tonight-python"}
with Client(base_url="http://127.0.0.1:8000", headers=names) as tonight:
    answer = get_movie.sync(client=tonight, like=["the-matrix-1999"], max_minutes=120)
    if isinstance(answer, SuggestionBody):
        print(answer.movie.title, answer.reason.text)
```

Each operation has `sync`, `sync_detailed`, `asyncio` and `asyncio_detailed`; problems are answered
as the models that the contract names. The client keeps its cookies: the first saved feedback makes
it a viewer.
"""


def for_programs(contract: dict[str, Any]) -> dict[str, Any]:
    """The contract without the pages, where an operation answers programs with JSON."""
    for item in contract["paths"].values():
        for operation in item.values():
            for response in operation["responses"].values():
                content = response.get("content", {})
                if len(content) > 1:
                    content.pop("text/html", None)
    return contract


def generate(folder: Path) -> None:
    """Writes the client into a folder that does not exist yet."""
    contract = for_programs(json.loads((ROOT / "openapi.json").read_text("utf-8")))
    with tempfile.TemporaryDirectory() as scratch:
        document, configuration = (Path(scratch) / name for name in ("api.json", "config.json"))
        document.write_text(json.dumps(contract), "utf-8")
        configuration.write_text(json.dumps(CONFIGURATION), "utf-8")
        command = [
            *(str(ROOT / ".venvs/client/bin/python"), "-c", GENERATOR, "generate"),
            *(f"--path={document}", f"--config={configuration}", f"--output-path={folder}"),
            *("--meta=poetry", "--fail-on-warning"),
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (folder / "README.md").write_text(README, "utf-8")
    (folder / ".gitignore").unlink()
    ruff = Path(sys.executable).with_name("ruff")
    for work in (("check", "--select=I,F401", "--fix"), ("format", "--line-length=100")):
        subprocess.run([ruff, *work, "--isolated", "--quiet", "--no-cache", folder], check=True)


def differences(one: Path, other: Path) -> list[str]:
    """The files that are not the same in two folders, or in one of them only."""
    names = {
        path.relative_to(folder)
        for folder in (one, other)
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    _, different, missing = filecmp.cmpfiles(one, other, map(str, names), shallow=False)
    return sorted([*different, *missing])


def main(arguments: list[str]) -> int:
    """Writes or checks the client; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.client", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, only say")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / "client"
        generate(made)
        if options.check:
            stale = differences(made, CLIENT)
            if stale:
                print(f"clients/python is stale ({', '.join(stale[:5])}): run 'make client'.")
            return 1 if stale else 0
        shutil.rmtree(CLIENT, ignore_errors=True)
        shutil.copytree(made, CLIENT)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
