"""A submission in a `MemoryProgram` that experts and an evaluator score, to make anchors of."""

import house_sample as sample
from house_program import MemoryProgram

from reviewer.review.permission import Grant, Kind, Role
from reviewer.store.remarks import RemarkKind

SUBMISSION = "attempt-1"


def finalize(program: MemoryProgram) -> None:
    """The evaluator scores everything by hand, as things stand, and finalizes."""
    desk, me = program.desk, program.person("evaluator")
    for element in sample.CREDENTIAL.elements:
        standing = desk.rate(me, SUBMISSION, element.id, element.values[-1], 0)
        standing = desk.reveal(me, SUBMISSION, element.id)
        desk.decide(me, SUBMISSION, element.id, element.values[-1], standing.version)
    outcome = desk.summary(me, SUBMISSION).verdict.outcome
    assert outcome is not None
    desk.finalize(me, SUBMISSION, outcome)


def second_score(program: MemoryProgram, name: str, level: int) -> None:
    """An expert scores the submission blind, with a note and a mark for the first element."""
    program.records.accounts.grant(name, Grant(Role.EVALUATOR))
    me, desk = program.person(name), program.desk
    program.records.assignments.assign(SUBMISSION, me, Kind.SECOND, "issuer")
    first = sample.CREDENTIAL.elements[0].id
    for element in sample.CREDENTIAL.elements:
        desk.rate(me, SUBMISSION, element.id, element.values[level], 0)
    start = sample.PLANS.segments[0].start
    desk.mark(me, SUBMISSION, first, sample.PLANS.id, start, sample.PLANS.segments[0].end)
    desk.write(me, SUBMISSION, first, RemarkKind.NOTE, "Amara shows it.")
