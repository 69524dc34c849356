"""The whole story in a real Chromium, by keyboard: review, resubmission, award, badge.

One evaluator reviews a first attempt blind-first, asks for a resubmission of one element, and
reviews the second attempt on that element alone.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import house_sample as sample
import pytest
from house_browser import chromium
from house_evaluator import Evaluator
from house_program import MemoryProgram, serving, stage, write_video

from reviewer.review.rating import Aid, Phase
from reviewer.store import audit
from reviewer.store.reconcile import reconcile
from reviewer.store.records import StageState

pytestmark = pytest.mark.slow

DONE = (stage("read", StageState.DONE), stage("draft", StageState.DONE))
NEW_PLANS = sample.document(
    "plans spring.pdf",
    "plans",
    "Week one: learning the hello song.\n\nEach child chooses a greeting card and greets the "
    "child on the left by name. I stand back after the second day. On Wednesday the weather "
    "helper leads.",
    "Week two: news and questions.\n\nEvery child shares in a pair, and the partner answers with "
    "one thing that was heard.",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture
def program(tmp_path: Path) -> MemoryProgram:
    made = MemoryProgram(tmp_path)
    film = write_video(tmp_path / "film.mp4")
    made.repository.files |= {sample.VIDEO.id: film, sample.SECOND_VIDEO.id: film}
    made.hold("attempt-1", sample.first_pass(), DONE)
    return made


@pytest.fixture
def address(program: MemoryProgram) -> Iterator[str]:
    with serving(program) as started:
        yield started


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
    changed = page.eval_on_selector_all("mark.changed", "all => all.map(m => m.textContent)")
    assert "partner" in " ".join(changed)
    assert "hello song" not in " ".join(changed)
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


def test_two_windows_of_one_person_the_stale_one_is_told(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    first, second = Evaluator(browser, address), Evaluator(browser, address)
    for one in (first, second):
        one.open_next()
        one.at(1)
    first.level(1)
    first.page.wait_for_load_state("networkidle")
    second.press("2")
    second.page.wait_for_selector("[data-message]:has-text('another window')")
    second.page.wait_for_selector(".level.chosen:has-text('Developing')")
    levels = [one.level for _, one in program.records.reviews.ratings(["attempt-1"])]
    assert levels == [1.0], "nothing was overwritten"
    first.close()
    second.close()


def test_what_is_done_while_the_connection_is_lost_is_sent_later(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = Evaluator(browser, address)
    me.open_next()
    me.at(1)
    me.page.context.set_offline(True)
    me.press("2")
    me.page.wait_for_selector(".lost:not([hidden])")
    assert program.records.reviews.ratings(["attempt-1"]) == ()
    me.page.context.set_offline(False)
    me.page.wait_for_selector(".level.chosen")
    assert [one.level for _, one in program.records.reviews.ratings(["attempt-1"])] == [2.0]
    me.close()


def test_selected_words_become_evidence_by_one_key_and_are_exact(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = Evaluator(browser, address)
    me.open_next()
    me.at(1)
    me.page.wait_for_selector(".line[data-t='13.0'] .said")
    me.page.evaluate(
        """() => {
          const said = document.querySelector(".line[data-t='13.0'] .said").firstChild;
          const range = document.createRange();
          range.setStart(said, 26); range.setEnd(said, said.length);
          getSelection().removeAllRanges(); getSelection().addRange(range);
        }"""
    )
    me.press("e")
    me.page.wait_for_selector("[data-unmark]")
    (mark,) = program.records.remarks.marks("attempt-1", program.person("evaluator").id)
    assert sample.VIDEO.quote(mark.start, mark.end) == "I brought my yellow umbrella."
    me.page.wait_for_selector("mark.own")
    assert me.page.inner_text("mark.own").endswith("I brought my yellow umbrella.")
    me.page.click("[data-unmark]")
    me.page.wait_for_selector("[data-unmark]", state="detached")
    assert me.watched.complaints == []
    me.close()


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
    assert me.watched.complaints == []
    me.close()
