"""A real server process over a store, as `reviewer serve` runs it, for studies under load.

Invariant: it listens on a free loopback port and ends with the block.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx


def environment(home: Path, url: str) -> Mapping[str, str]:
    """The environment of a command on the store at `url`; `home` is for everything else."""
    return os.environ | {
        "REVIEWER_HOME": str(home),
        "REVIEWER_DATABASE": url,
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def serve(home: Path, url: str) -> Iterator[str]:
    """The address of a server that answers."""
    with subprocess.Popen(
        [sys.executable, "-m", "reviewer", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(home, url),
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, "the address is the first thing said"
            httpx.get(f"{found[0]}/healthz", timeout=60).raise_for_status()
            yield found[0]
        finally:
            process.terminate()
