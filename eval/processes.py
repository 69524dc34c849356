"""What a program takes that is run by itself: time, processors, memory.

Invariant: the peak is the program's own. A process counts the memory of the one that forked it as
its own until it loads a program, and the system remembers the larger: a study that had grown to a
gigabyte would lend it to what it measures. So a small process stands between.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

UNIT = 1 if sys.platform == "darwin" else 1024  # bytes in what the operating system counts
BETWEEN = """
import json, os, subprocess, sys, time
started = time.perf_counter()
child = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(child.pid, 0)
wall, code = time.perf_counter() - started, os.waitstatus_to_exitcode(status)
processor = usage.ru_utime + usage.ru_stime
with open(sys.argv[1], "w") as told:
    json.dump([wall, processor, usage.ru_maxrss], told)
sys.exit(code)
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one process took: seconds on the clock and of processors, most memory in 10^9 bytes."""

    wall_s: float
    processor_s: float
    memory_gb: float
    output: str
    """What it printed."""


def spend(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Spent:
    """Run Python with `arguments`, this checkout importable; more `environment` on top of ours.

    Raises `subprocess.CalledProcessError` where it ends with another code than 0.
    """
    path = os.pathsep.join(filter(None, [".", *sys.path]))
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "spent.json"
        done = subprocess.run(
            [sys.executable, "-c", BETWEEN, str(told), sys.executable, *arguments],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": path, **(environment or {})},
        )
        wall, processor, peak = json.loads(told.read_text())
    return Spent(wall, processor, peak * UNIT / 1e9, done.stdout)
