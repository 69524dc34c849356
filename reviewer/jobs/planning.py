"""Planning: the ledger's lines of a submission made to be what it needs now.

Invariant: after `settle` nothing of the submission waits for a plan. It may be called by any
process at any time: steps that were thought out while another process changed the lines are
thought out again.
"""

from collections.abc import Callable

from reviewer.store.ledger import Ledger
from reviewer.store.records import StageLine, StageState, Step, standing

Steps = Callable[[str], tuple[Step, ...]]
"""What a submission needs now, in the order of the work."""


def settle(
    ledger: Ledger, steps: Steps, submission_id: str, retry: bool = False
) -> tuple[StageLine, ...]:
    """Plan until no stage is done by it any more: one result may make the next one known.

    With `retry`, failed stages get new attempts.
    """
    before = ledger.lines(submission_id)
    while True:
        planned = ledger.plan(submission_id, steps(submission_id), retry, standing(before))
        after = ledger.lines(submission_id)
        if planned and _final(after) == _final(before):
            return after
        retry = retry and not planned
        before = after


def _final(lines: tuple[StageLine, ...]) -> set[tuple[str, str | None, StageState]]:
    """What steps follow from: the results that there are, and those that will not come."""
    final = (StageState.DONE, StageState.FAILED)
    return {(line.stage, line.input_hash, line.state) for line in lines if line.state in final}
