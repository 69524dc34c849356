"""Snapshots made in processes of their own, so that pages stay quick while one is computed.

Invariant: at most one process a credential; a process that is still at work ends with the program.
"""

import os
import subprocess
import sys
import threading

from reviewer.settings import Settings


class Measuring:
    """The snapshots that are being made now; may be asked by several threads at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._changing = threading.Lock()
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def begin(self, credential: str) -> None:
        """Begin a snapshot of a credential; nothing where one is being made already."""
        with self._changing:
            if self._at_work(credential):
                return
            self._running[credential] = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "reviewer", "monitor", credential],
                env=os.environ | _environment(self._settings),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )

    def running(self, credential: str) -> bool:
        """Whether a snapshot of the credential is being made."""
        with self._changing:
            return self._at_work(credential)

    def _at_work(self, credential: str) -> bool:
        process = self._running.get(credential)
        return process is not None and process.poll() is None

    def stop(self) -> None:
        """End what is still at work."""
        with self._changing:
            for process in self._running.values():
                process.terminate()
                process.wait()
            self._running.clear()


def _environment(settings: Settings) -> dict[str, str]:
    """What the command needs to open the same store with the same credentials."""
    return {
        "REVIEWER_HOME": str(settings.home),
        "REVIEWER_DATABASE": settings.database,
        "REVIEWER_RUBRICS_DIR": str(settings.rubrics_dir),
    }
