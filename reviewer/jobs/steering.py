"""A first pass stopped and taken up again by a person.

Invariant: what is finished stays; no worker is killed for it, so a stage in work ends first.
"""

from collections.abc import Callable
from enum import StrEnum

from reviewer.jobs.planning import Steps, settle
from reviewer.store.ledger import Ledger
from reviewer.store.queue import Queue


class Steer(StrEnum):
    """What can be done to a first pass."""

    PAUSE = "pause"
    RETRY = "retry"
    CANCEL = "cancel"


class Steering:
    """The three of them over one store; `wake` is called where there may be new work."""

    def __init__(
        self, queue: Queue, ledger: Ledger, steps: Steps, wake: Callable[[], None]
    ) -> None:
        self.queue = queue
        self._ledger = ledger
        self._steps = steps
        self._wake = wake

    def steer(self, submission_id: str, how: Steer, actor: str) -> None:
        """Do it in the name of `actor`; raises `JobError` where it cannot be done."""
        if how is Steer.PAUSE:
            self.queue.pause(submission_id, actor)
        elif how is Steer.CANCEL:
            self.queue.cancel(submission_id, actor)
        else:
            self.queue.go_on(submission_id, actor)
            settle(self._ledger, self._steps, submission_id, retry=True)
            self._wake()
