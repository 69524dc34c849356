"""How long a person waits: for the help, for the first page, for a draft made before.

Invariant: whole processes, timed from outside, each the median of several; what the second draft of
a folder computed is counted too (vectors added to the store), and has to be nothing.
"""

import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from eval.recordings import installed, say
from reviewer import demo

NAME = "start"
HELP = "seconds to the help (< 0.5), the first page (< 8) and a draft made before (< 2)"
BENCH = True

RUNS = 5
IMPORTS = "import reviewer.cli.draft, reviewer.wiring, reviewer.export.result"


def run(_data: Path | None, out: Console) -> dict[str, float]:
    """Measure all three; raises `Skipped` where weights are absent."""
    for model_id in ("base", "ge2e", "all-MiniLM-L6-v2"):
        installed(model_id)
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"REVIEWER_HOME": folder, "PYTHONUNBUFFERED": "1"}
        draft = _command("draft", str(demo.SECOND), "--credential", demo.CREDENTIAL)
        result = [*draft, "--json", str(Path(folder) / "result.json")]
        subprocess.run(result, env=environment, check=True, capture_output=True)
        vectors = _vectors(Path(folder))
        again = _median(lambda: _spent([*result], environment))
        added = _vectors(Path(folder)) - vectors
        loading = _median(lambda: _spent([sys.executable, "-c", IMPORTS], environment))
        figures = {
            "help_s": _median(lambda: _spent(_command("--help"), environment)),
            "first_page_s": _median(lambda: _first_page(environment)),
            "second_draft_s": again,
            "second_draft_after_imports_s": again - loading,
            "second_draft_vectors_added": float(added),
        }
        json.loads((Path(folder) / "result.json").read_text(encoding="utf-8"))
    n = f"median of {RUNS} processes"
    say(out, "reviewer --help, s", figures["help_s"], "< 0.5", n)
    say(out, "first page of reviewer demo, s", figures["first_page_s"], "< 8", n)
    say(out, "second draft of a folder, whole process, s", again, "< 2 after start-up", n)
    say(out, "the same less its imports, s", again - loading, "< 2", n)
    out.print(f"vectors computed by the second draft: {added} (asked 0)")
    return figures


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "reviewer", *words]


def _median(measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(RUNS))


def _spent(command: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


def _first_page(environment: dict[str, str]) -> float:
    """Seconds from starting `reviewer demo` to the whole first page; the process is then ended."""
    started = time.perf_counter()
    with subprocess.Popen(
        _command("demo", "--port", "0"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address is not None
        with urllib.request.urlopen(address[0], timeout=60) as page:
            page.read()
        spent = time.perf_counter() - started
        process.terminate()
    return spent


def _vectors(home: Path) -> int:
    with sqlite3.connect(home / "reviewer.sqlite3") as store:
        return int(store.execute("select count(*) from embedding").fetchone()[0])
