"""The only place where settings become objects.

Invariant: importing this module loads no model library and opens nothing; `open_program` opens
the store, and weights are pulled and loaded by the first stage that needs them.
"""

from collections.abc import Callable
from pathlib import Path

from reviewer.rubric import Credential
from reviewer.scoring.first_pass import FirstPass
from reviewer.settings import Settings
from reviewer.store.records import StageProgress
from reviewer.store.repository import Repository

OnProgress = Callable[[tuple[StageProgress, ...]], None]


class Program:
    """An opened store and the engine that works on it; made by `open_program`."""

    def __init__(self, settings: Settings, repository: Repository) -> None:
        self.settings = settings
        self.repository = repository

    def submit(self, folder: Path, credential: Credential) -> str:
        """Read, check and keep the package in `folder`; return the submission's id.

        The same files for the same rubric have the same id, however often they are submitted.
        No model runs here. If `start` was called, the background engine takes the work up.
        """
        raise NotImplementedError

    def run(self, submission_id: str, progress: OnProgress) -> FirstPass:
        """Finish the first pass of one submission and return it; blocks.

        `progress` is called from this thread with the submission's stages whenever they changed.
        Raises `NothingReviewed`, `JobError`, `WeightsError`.
        """
        raise NotImplementedError

    def start(self) -> None:
        """Work on everything unfinished in a background thread, until `stop`."""
        raise NotImplementedError

    def stop(self) -> None:
        """End the background work and its processes; what was finished is kept."""
        raise NotImplementedError


def open_program(settings: Settings) -> Program:
    """Open the store at REVIEWER_HOME; raises `StoreError`."""
    raise NotImplementedError
