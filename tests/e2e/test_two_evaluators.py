"""Two evaluators at once, each in a browser of their own: on two submissions, and on one."""

from typing import Any

import house_sample as sample
import pytest
from house_evaluator import Evaluator
from house_program import DONE, MemoryProgram

from reviewer.review.permission import Grant, Kind, Role
from reviewer.review.rating import Aid, Phase
from reviewer.store import audit
from reviewer.store.reconcile import reconcile

pytestmark = pytest.mark.slow


@pytest.fixture
def ben(program: MemoryProgram) -> str:
    """A second evaluator with the demo's way in, under the adjudicator's button."""
    program.records.accounts.grant("adjudicator", Grant(Role.EVALUATOR))
    return "adjudicator"


def test_two_evaluators_at_once_on_two_submissions_do_not_touch_each_other(
    program: MemoryProgram, address: str, browser: Any, ben: str
) -> None:
    program.hold("ben-1", sample.first_pass(), DONE, to=ben)
    one, other = Evaluator(browser, address), Evaluator(browser, address, ben)
    for me in (one, other):
        me.open_next()
        me.at(1)
    # Key by key in turns, as two people type.
    for number, (mine, theirs) in enumerate(((1, 2), (2, 0), (1, 1)), start=1):
        for me, digit in ((one, mine), (other, theirs)):
            me.at(number)
            me.level(digit)
        for me in (one, other):
            me.reveal()
            me.press("c")
        for me in (one, other):
            me.decided(number)
    kept = program.records.reviews
    for name, rater, levels in (
        ("attempt-1", "evaluator", [1.0, 2.0, 1.0]),
        ("ben-1", ben, [2.0, 0.0, 1.0]),
    ):
        found = kept.confirmed(name)
        assert [found[each.id].level for each in sample.CREDENTIAL.elements[:3]] == levels
        assert {each.rater for each in found.values()} == {rater}
    assert audit.verify(program.database) > 10
    assert reconcile(program.database) > 10
    for me in (one, other):
        assert me.watched.complaints == []
        me.close()


def test_two_evaluators_at_once_on_the_same_submission_stay_blind_to_each_other(
    program: MemoryProgram, address: str, browser: Any, ben: str
) -> None:
    """A first and a second score: the second sees no excerpt, no draft and nothing of the first."""
    assigned = program.records.assignments
    assigned.assign("attempt-1", program.person(ben), Kind.SECOND, "issuer")
    first, second = Evaluator(browser, address), Evaluator(browser, address, ben)
    for me in (first, second):
        me.open_next()
        me.at(1)
    first.level(1)
    second.level(2)
    first.reveal()
    first.press("c")
    first.decided(1)
    second.press("Enter")  # nothing is revealed to an independent rater: it goes on
    second.page.reload()
    second.at(1)
    second.page.wait_for_selector(".level.chosen:has-text('Demonstrated')")
    assert second.page.locator(".revealed, #element .passage").count() == 0
    assert "Developing" not in second.page.inner_text("#element .elements")
    ratings = dict(program.records.reviews.ratings(["attempt-1"]))
    assert (ratings[ben].level, ratings[ben].aid, ratings[ben].phase) == (2, Aid.NONE, Phase.BLIND)
    confirmed = program.records.reviews.confirmed("attempt-1")["greeting"]
    assert (confirmed.level, confirmed.rater) == (1.0, "evaluator")
    for me in (first, second):
        me.close()
