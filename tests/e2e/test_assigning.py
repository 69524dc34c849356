"""An issuer assigns by the form, in a real browser: who, as what, and with or without any aid."""

from typing import Any

import house_sample as sample
import pytest
from house_browser import DESKTOP, Watched, faults
from house_evaluator import Evaluator
from house_program import DONE, MemoryProgram

from reviewer.review.permission import Kind, Part, Purpose

pytestmark = pytest.mark.slow


def test_an_issuer_assigns_the_first_of_two_scores_and_its_rater_gets_no_aid(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    program.hold("twice", sample.first_pass(), DONE, to=None)
    issuer = Watched(browser.new_context(), DESKTOP)
    issuer.sign_in(address, "issuer")
    page = issuer.page
    page.goto(f"{address}/submission?id=twice")
    page.click("#nav-finish")
    page.wait_for_selector("#assign-part")
    choices = page.locator("#assign-part option").all_inner_texts()
    assert [one for one in choices if "without any aid" not in one] == ["first: scores and decides"]
    offered = page.locator("#assign-names option").all_text_contents()
    assert offered == ["adjudicator", "evaluator", "issuer", "trainee"]
    assert faults(page) == []
    assert issuer.overflow() == 0

    # What cannot be is said, and what was typed stays.
    page.fill("#assign-name", "trainee")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-message]:has-text('trainee cannot be given this part')")
    assert page.input_value("#assign-name") == "trainee"
    assert program.records.assignments.raters("twice") == ()

    page.fill("#assign-name", "evaluator")
    page.select_option("#assign-part", "first double")
    page.click("[data-assign] button")
    page.wait_for_selector("[data-assign] p:has-text('evaluator (first, without any aid)')")
    assert page.is_hidden("[data-message]")
    part = Part(Kind.FIRST, Purpose.DOUBLE)
    assert program.records.assignments.raters("twice") == (("evaluator", part),)
    assert [one for one in issuer.complaints if "422" not in one] == []

    me = Evaluator(browser, address)
    me.page.wait_for_selector("tr:has(#open-twice) b:has-text('without any aid')")
    me.page.click("#open-twice")
    me.at(1)
    assert me.page.locator("#element .passage").count() == 0
    me.level(1)
    me.press("Enter")
    me.decided(1)
    assert me.page.locator(".revealed").count() == 0
    kept = program.records.reviews.confirmed("twice")["greeting"]
    assert (kept.rater, kept.level) == ("evaluator", 1.0)
    me.close()
