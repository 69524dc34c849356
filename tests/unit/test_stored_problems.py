"""A result that says why a file cannot be used is told from one that reads it without decoding."""

from reviewer.intake.artifact import HearingReport, Problem
from reviewer.intake.documents import Document
from reviewer.intake.transcript import Transcript
from reviewer.store import values

HEARING = HearingReport("captions", None, None, None, 0, 0)


def test_a_problem_is_told_by_its_first_bytes() -> None:
    problem = Problem("DamagedFile", "plan.pdf cannot be read to its end.")
    assert values.is_problem(values.DOCUMENT.encode(problem))
    assert values.is_problem(values.TRANSCRIPT.encode(problem))


def test_what_was_read_or_heard_is_none_whatever_it_says() -> None:
    text = '{"kind": "DamagedFile"}'
    assert not values.is_problem(values.DOCUMENT.encode(Document(text)))
    assert not values.is_problem(values.TRANSCRIPT.encode(Transcript(text, (), (), 1.0, HEARING)))
