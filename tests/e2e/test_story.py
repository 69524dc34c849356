"""The whole story in a real Chromium, by keyboard: review, resubmission, award, badge.

One evaluator reviews a first attempt blind-first, asks for a resubmission of one element, and
reviews the second attempt on that element alone.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import house_sample as sample
import pytest
from house_browser import faults
from house_evaluator import Evaluator
from house_program import DONE, MemoryProgram

from reviewer.review.rating import Aid, Phase
from reviewer.rubric import ReviewMode, find_credential
from reviewer.settings import CHECKOUT
from reviewer.store import audit
from reviewer.store.reconcile import reconcile

pytestmark = pytest.mark.slow

NEW_PLANS = sample.document(
    "plans spring.pdf",
    "plans",
    "Week one: learning the hello song.\n\nEach child chooses a greeting card and greets the "
    "child on the left by name. I stand back after the second day. On Wednesday the weather "
    "helper leads.",
    "Week two: news and questions.\n\nEvery child shares in a pair, and the partner answers with "
    "one thing that was heard.",
)


def test_first_review_resubmission_award_and_badge_by_keyboard(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = Evaluator(browser, address)
    page = me.page
    me.open_next()

    # Element 1: take the draft after a level of one's own; a citation really moves the player.
    me.at(1)
    me.level(1)
    me.reveal()
    me.press("ArrowDown")
    page.wait_for_function("!document.querySelector('video').paused")
    assert 4.4 <= page.evaluate("document.querySelector('video').currentTime") < 6.4
    me.press("d")
    me.decided(1)

    # A reload in the middle of everything: nothing is lost.
    me.at(2)
    me.level(2)
    me.press("m")
    page.keyboard.type("Who leads on Tuesdays?")
    me.press("Escape")
    page.wait_for_function("document.querySelector('[data-saved]').textContent.startsWith('saved')")
    page.reload()
    page.wait_for_selector("#element [data-card]:not([hidden]) h2")
    assert page.locator("#nav-1.decided").count() == 1
    me.press("ArrowRight")
    me.at(2)
    assert page.input_value("#note") == "Who leads on Tuesdays?"
    assert page.locator(".level.chosen").inner_text().startswith("2")

    # Element 2: disagree, by one key.
    me.reveal()
    me.press("c")
    me.decided(2)

    # Element 3 is what is missing; elements 4 and 5 have no draft: Enter confirms and goes on.
    me.at(3)
    me.level(1)
    me.reveal()
    me.press("c")
    me.decided(3)
    for number, digit in ((4, 1), (5, 1)):
        me.at(number)
        me.level(digit)
        me.press("Enter")
        me.decided(number)

    # The outcome, and the letter's words, edited before anything is sent.
    page.wait_for_selector("[data-outcome=resubmission_requested]")
    page.click("#nav-3")
    me.at(3)
    me.press("f")
    page.keyboard.press("Control+End")
    page.keyboard.type(" Let every pupil have a partner who answers.")
    me.press("Escape")
    me.press("g")
    page.wait_for_selector("[data-finish-card] :text('partner who answers')")
    me.press("Enter")
    page.wait_for_selector(":text('Finalized by evaluator')")
    with page.expect_download() as letter:
        page.click("#to-letter")
    assert letter.value.suggested_filename == "letter.docx"

    # The second attempt: revised plans, the same video. Only the unmet element is open.
    second = replace(
        sample.first_pass((), (sample.VIDEO, NEW_PLANS), ()), attempt=2, elements=sample.DRAFTS[2:3]
    )
    program.hold("attempt-2", second, DONE)
    page.goto(address)
    me.open_next()
    me.at(3)
    assert page.locator("#element .elements .closed").count() == 4
    page.click("#nav-1")
    me.at(1)
    assert "stands" not in page.inner_text("[data-card]"), "earlier levels stay hidden"
    page.click(f"#tab-{NEW_PLANS.id}")
    page.wait_for_selector("mark.changed")
    assert "A new version of what was" in page.inner_text("[data-text]:not([hidden]) [data-since]")
    changed = page.eval_on_selector_all("mark.changed", "all => all.map(m => m.textContent)")
    assert "partner" in " ".join(changed)
    assert "hello song" not in " ".join(changed)
    page.click(f"#tab-{sample.VIDEO.id}")
    page.wait_for_selector("[data-since]:text-is('Unchanged since attempt 1.')")
    page.click("#nav-3")
    me.at(3)
    me.level(2)
    me.reveal()
    me.press("c")
    page.wait_for_selector("[data-outcome=awarded]")
    me.press("Enter")
    page.wait_for_selector("#to-badge")
    with page.expect_download() as download:
        page.click("#to-badge")
    badge = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert len(badge["credentialSubject"]["result"]) == 5

    assert me.watched.complaints == []
    me.close()
    _check_record(program)


def _check_record(program: MemoryProgram) -> None:
    """What the store says of all this."""
    ratings = [one for _, one in program.records.reviews.ratings(["attempt-1"])]
    blind = [one for one in ratings if one.phase is Phase.BLIND]
    assert {one.element for one in blind} == {one.id for one in sample.CREDENTIAL.elements}
    assert all(one.aid is not Aid.DRAFT for one in blind)
    kinds = [one.kind for one in program.records.reviews.confirmed("attempt-1").values()]
    assert sorted(kinds) == ["confirm", "override", "scored", "scored", "scored"]
    assert reconcile(program.database) > 10
    assert audit.verify(program.database) > 20


def test_a_focused_level_is_chosen_by_enter_and_then_enter_goes_on(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = Evaluator(browser, address)
    me.open_next()
    me.at(1)
    me.page.focus("#level-0")
    me.press("Enter")
    me.page.wait_for_selector(".level.chosen:has-text('Not yet')")
    me.reveal()
    me.close()


def test_keys_pressed_quickly_one_after_another_all_count(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = Evaluator(browser, address)
    me.open_next()
    me.at(1)
    me.press("1", "Enter", "c", "2", "Enter", "c", "1", "Enter", "c", "1", "Enter", "0", "Enter")
    me.page.wait_for_selector("[data-outcome]")
    kept = program.records.reviews.confirmed("attempt-1")
    assert [kept[one.id].level for one in sample.CREDENTIAL.elements] == [1, 2, 1, 1, 0]
    assert me.watched.complaints == []
    me.close()


def test_search_finds_words_in_everything_and_leads_to_them(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = Evaluator(browser, address)
    me.open_next()
    me.at(1)
    me.press("/")
    me.page.keyboard.type("question card")
    me.page.click("[data-hit]")
    me.page.wait_for_selector("mark.hit")
    assert me.page.inner_text("mark.hit") == "question card"
    hit, panel = (me.page.locator(one).bounding_box() for one in ("mark.hit", "[data-search]"))
    assert hit["y"] >= panel["y"] + panel["height"], "the list of places covers none of them"
    me.press("/", "Escape")
    me.page.wait_for_selector("[data-search]", state="hidden")
    assert me.watched.complaints == []
    me.close()


def test_the_work_is_read_to_its_end_by_keyboard(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = Evaluator(browser, address)
    me.page.set_viewport_size({"width": 1366, "height": 420})
    me.open_next()
    me.at(1)
    me.page.click(f"#tab-{sample.PLANS.id}")
    me.page.wait_for_selector("[data-text]:not([hidden]) .said")
    assert faults(me.page) == []
    me.page.evaluate("document.activeElement.blur()")
    me.press("PageDown", "PageDown", "PageDown")
    at_end = "el => el.scrollTop > 0 && el.scrollTop + el.clientHeight >= el.scrollHeight - 1"
    assert me.page.eval_on_selector("#work", at_end)
    me.press("PageUp", "PageUp", "PageUp")
    assert me.page.eval_on_selector("#work", "el => el.scrollTop") == 0
    me.close()


def test_a_full_stop_is_half_a_point_more(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    traits = find_credential("essay-language-six-traits", CHECKOUT / "rubrics")
    program.hold("essay", sample.first_pass((), (sample.STATEMENT,), ()), DONE, credential=traits)
    me = Evaluator(browser, address)
    me.page.goto(f"{address}/submission?id=essay")
    me.at(1)
    me.level(3)
    me.press(".")
    me.page.wait_for_selector(".level.chosen:has-text('3.5')")
    levels = [one.level for _, one in program.records.reviews.ratings(["essay"])]
    assert levels == [3.0, 3.5]
    me.close()


def test_a_draft_that_is_shown_first_is_labelled_as_anchoring(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    first = sample.CREDENTIAL.model_copy(update={"review_mode": ReviewMode.DRAFT_FIRST})
    program.hold("attempt-1", sample.first_pass(), DONE, credential=first)
    me = Evaluator(browser, address)
    me.open_next()
    me.at(1)
    me.page.wait_for_selector(".revealed:has-text('draft first: faster, and it anchors')")
    assert "not validated here" in me.page.inner_text(".revealed")
    me.press("d")
    me.page.wait_for_selector("[data-message]:has-text('Open one citation of the draft')")
    me.press("ArrowDown", "d")
    me.decided(1)
    (rating,) = [one for _, one in program.records.reviews.ratings(["attempt-1"])]
    assert (rating.aid, rating.phase) == (Aid.DRAFT, Phase.FINAL)
    me.close()


def test_active_time_is_counted_while_somebody_is_there_blind_and_assisted_apart(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = Evaluator(browser, address)
    me.page.clock.install()
    me.open_next()
    me.at(1)
    me.press("1")
    me.page.wait_for_selector(".level.chosen")
    with me.page.expect_response("**/time"):
        me.page.clock.run_for(16_000)
    me.reveal()
    with me.page.expect_response("**/time"):
        me.page.clock.run_for(16_000)
    me.page.clock.run_for(300_000)  # nobody is there: idle after half a minute
    me.press("ArrowRight")
    me.at(2)
    me.page.wait_for_load_state("networkidle")
    spent = program.records.remarks.time_spent("attempt-1")
    rater = program.person("evaluator").id
    blind, assisted = (spent["greeting", rater, aid] for aid in (Aid.EXCERPTS, Aid.DRAFT))
    assert 15 <= blind <= 20
    assert 15 <= assisted <= 40
    me.close()


def test_space_plays_and_pauses_and_a_question_mark_lists_the_keys(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = Evaluator(browser, address)
    me.open_next()
    me.at(1)
    me.page.wait_for_function("document.querySelector('video')?.readyState > 0")
    me.press("Space")
    me.page.wait_for_function("!document.querySelector('video').paused")
    me.press("Space")
    me.page.wait_for_function("document.querySelector('video').paused")
    me.press("?")
    me.page.wait_for_selector("dialog[open]:has-text('begin a time span')")
    me.press("2", "Escape")
    me.page.wait_for_selector("dialog[open]", state="hidden")
    assert program.records.reviews.ratings(["attempt-1"]) == (), "keys do nothing behind the list"
    me.close()
