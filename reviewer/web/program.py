"""What the pages need of the program behind them.

Invariant: the pages know this Protocol and the desk, and no class of `wiring`, so that a test can
stand a program in memory behind the same pages.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from reviewer.desk.anchors import Anchors
from reviewer.desk.badges import BulkBadges
from reviewer.desk.case import Submissions
from reviewer.desk.desk import Desk
from reviewer.desk.exports import Exports
from reviewer.desk.monitoring import Monitoring
from reviewer.desk.programs import ProgramDesk
from reviewer.desk.training import TrainingDesk
from reviewer.jobs.steering import Steer
from reviewer.review.permission import Person
from reviewer.rubric import Credential


class Program(Protocol):
    """An opened store, perhaps with an engine at work on it."""

    @property
    def repository(self) -> Submissions:
        """The store; for what is shown to a person, `desk` opens it."""

    @property
    def desk(self) -> Desk:
        """What signed-in people do."""

    @property
    def exports(self) -> Exports:
        """What leaves the house."""

    @property
    def programs(self) -> ProgramDesk:
        """What issuers do."""

    @property
    def monitoring(self) -> Monitoring:
        """Snapshots of programs."""

    @property
    def badges(self) -> BulkBadges:
        """Badges in bulk."""

    @property
    def training(self) -> TrainingDesk:
        """Practice and qualification."""

    @property
    def anchors(self) -> Anchors:
        """Training sets made from reviewed work."""

    @property
    def demo(self) -> bool:
        """Whether anybody on this machine may sign in as one of the demo's people."""

    @property
    def public_url(self) -> str:
        """The address that people use, where it is not this machine's own; else empty."""

    def submit(self, folder: Path, credential: Credential) -> str:
        """Read, check and keep the package in `folder`; return the submission's id."""

    def steer(self, person: Person, submission_id: str, how: Steer) -> None:
        """Pause, cancel or retry a first pass; raises `NotPermitted` or `JobError`."""

    def stage_counts(self) -> Mapping[tuple[str, str], int]:
        """How many stages there are of each (stage, state); raises `StoreError`."""

    def measure(self, credential: str) -> None:
        """Begin a snapshot of a credential, where none is being made."""

    def measuring(self, credential: str) -> bool:
        """Whether a snapshot of the credential is being made."""

    def credentials(self) -> tuple[Credential, ...]:
        """The credentials that something can be handed in for."""
