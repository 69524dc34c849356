"""A dask scheduler and workers that do toy work (see toy_work.py) on the store of a `Bench`."""

import sys

import psutil
from house_jobs import SCRIPT, SOON_S, Bench

from reviewer.bench.cluster import free_port, scheduler_command


class ToyCluster:
    """A scheduler at one address for the whole test, and workers that do toy work."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._port = free_port()
        self.address = f"tcp://127.0.0.1:{self._port}"
        self.scheduler = self.start_scheduler()

    def start_scheduler(self) -> psutil.Popen:
        self.scheduler = self._bench.process(*scheduler_command(self._port))
        return self.scheduler

    def worker(self, setting: str = "", *gpu: str) -> psutil.Popen:
        bench = self._bench
        return bench.process(
            sys.executable, str(SCRIPT),
            "worker", bench.url, str(bench.control), setting, self.address, *gpu,
        )  # fmt: skip

    def command(self) -> psutil.Popen:
        """A process that finishes the submission "one" by this cluster."""
        return self._bench.command("", self.address)

    def finish(self) -> None:
        command = self.command()
        assert command.wait(SOON_S) == 0, command.stderr.read().decode()
