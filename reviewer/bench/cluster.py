"""A cluster on this machine: a scheduler and workers as an operator starts them, each a process.

Invariant: when the block ends, none of them lives.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

END_S = 10.0  # seconds that a process is given to end


@dataclass(frozen=True, slots=True)
class Processes:
    """A running cluster: its address as REVIEWER_ENGINE takes it, and its processes."""

    engine: str
    scheduler: subprocess.Popen[bytes]
    workers: tuple[subprocess.Popen[bytes], ...]


def scheduler_command(port: int) -> tuple[str, ...]:
    """The command that serves a scheduler on loopback."""
    dask = str(Path(sys.executable).with_name("dask"))
    return (dask, "scheduler", "--no-dashboard", "--host", "127.0.0.1", "--port", str(port))


def worker_command(engine: str) -> tuple[str, ...]:
    """The command of one worker."""
    return (sys.executable, "-m", "reviewer", "worker", "--scheduler", engine)


def free_port() -> int:
    """A port of loopback that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def local_cluster(workers: int, environment: Mapping[str, str], log: Path) -> Iterator[Processes]:
    """A scheduler and `workers` workers with `environment` beside ours; they write to `log`."""
    port = free_port()
    engine = f"dask://127.0.0.1:{port}"
    started: list[subprocess.Popen[bytes]] = []
    with log.open("ab") as said:

        def start(command: tuple[str, ...]) -> subprocess.Popen[bytes]:
            process = subprocess.Popen(  # noqa: S603 - our own commands
                command, env={**os.environ, **environment}, stdout=said, stderr=said
            )
            started.append(process)
            return process

        try:
            scheduler = start(scheduler_command(port))
            crew = tuple(start(worker_command(engine)) for _ in range(workers))
            yield Processes(engine, scheduler, crew)
        finally:
            _end(started)


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in reversed(processes):
        process.terminate()
    for process in processes:
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
