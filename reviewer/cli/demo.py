"""``reviewer demo``: Ms. Brown's two submissions, reviewed live by the code that reviews anyone's.

Invariant: the demo has a home folder of its own inside REVIEWER_HOME, so it never mixes with real
submissions; the second time everything in it is finished already.
"""

from typing import TYPE_CHECKING

from reviewer.cli.serve import Open, Port, run

if TYPE_CHECKING:
    from reviewer.wiring import Program


def demo(port: Port = None, open_: Open = False) -> None:
    """Serve the pages and review the demo's submissions meanwhile."""
    from reviewer.settings import load_settings

    settings = load_settings()
    own = settings.model_copy(update={"home": settings.home / "demo", "database": ""})
    run(own, port, open_browser=open_, begin=_hand_in, demo=True)


def _hand_in(program: "Program") -> None:
    """Submit the first attempt, begin, and only then submit the second; both to the evaluator."""
    from reviewer.demo import CREDENTIAL, FIRST, SECOND, TRAINING
    from reviewer.review.permission import Kind
    from reviewer.rubric import find_credential
    from reviewer.training.reading import read_set

    records = program.desk.records
    credential = find_credential(CREDENTIAL, program.settings.rubrics_dir)
    records.training_sets.add(read_set(TRAINING, credential), "trainer")
    evaluator = records.accounts.named("evaluator")
    assert evaluator is not None
    for number, folder in enumerate((FIRST, SECOND)):
        submission = program.submit(folder, credential)
        records.assignments.assign(submission, evaluator, Kind.FIRST, "issuer")
        if number == 0:
            records.assignments.name_candidate("C-0417", "Ms. Brown", "issuer")
            program.start()
