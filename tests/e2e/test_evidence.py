"""Evidence by one key: selected words, and time spans of a recording with words or without."""

from dataclasses import replace
from typing import Any

import house_sample as sample
import pytest
from house_browser import PHONE
from house_evaluator import Evaluator
from house_program import DONE, MemoryProgram

from reviewer.intake.artifact import Problem
from reviewer.store.remarks import EvidenceMark

pytestmark = pytest.mark.slow

QUIET = replace(sample.VIDEO, segments=sample.VIDEO.segments[:-1])
"""From 0:58 on nothing is heard in it."""
SEEK = """(at) => new Promise((done) => {
  const player = document.querySelector("video");
  player.addEventListener("seeked", () => done(), { once: true });
  player.currentTime = at;
})"""


def marks(program: MemoryProgram) -> tuple[EvidenceMark, ...]:
    return program.records.remarks.marks("attempt-1", program.person("evaluator").id)


def opened(program: MemoryProgram, address: str, browser: Any) -> Evaluator:
    """The evaluator at the first element, with a player that is ready."""
    program.hold("attempt-1", sample.first_pass(artifacts=(QUIET, sample.PLANS)), DONE)
    me = Evaluator(browser, address)
    me.open_next()
    me.at(1)
    me.page.wait_for_function("document.querySelector('video')?.readyState > 0")
    return me


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
    (mark,) = marks(program)
    assert sample.VIDEO.quote(mark.start, mark.end) == "I brought my yellow umbrella."
    me.page.wait_for_selector("mark.own")
    assert me.page.inner_text("mark.own").endswith("I brought my yellow umbrella.")
    me.page.click("[data-unmark]")
    me.page.wait_for_selector("[data-unmark]", state="detached")
    assert me.watched.complaints == []
    me.close()


def test_a_time_span_becomes_evidence_by_one_key_where_nothing_is_said(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = opened(program, address, browser)
    page = me.page
    page.evaluate(SEEK, 62)
    me.press("i", "e")
    page.wait_for_selector("[data-message]:has-text('Play to where the time span ends')")
    page.evaluate(SEEK, 70.5)
    page.wait_for_selector("[data-times]:has-text('1:02–1:10')")
    me.press("e")
    page.wait_for_selector("[data-card] .passage:has-text('1:02–1:10')")
    (mark,) = marks(program)
    assert (mark.element, mark.artifact, mark.times) == ("greeting", QUIET.id, (62.0, 70.5))
    assert QUIET.quote(mark.start, mark.end) == ""
    assert "No words are heard there" in page.inner_text("[data-part=marks]")
    page.evaluate(SEEK, 5)
    page.click("[data-part=marks] [data-cite]")
    page.wait_for_function("!document.querySelector('video').paused")
    assert 60 <= page.evaluate("document.querySelector('video').currentTime") < 62
    assert me.watched.complaints == []
    me.close()


def test_a_time_span_is_marked_backwards_too_and_has_the_words_that_are_said_in_it(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = opened(program, address, browser)
    me.page.evaluate(SEEK, 18)
    me.press("i")
    me.page.evaluate(SEEK, 7)
    me.press("e")
    me.page.wait_for_selector("mark.own", state="attached")
    (mark,) = marks(program)
    assert mark.times == (7.0, 18.0)
    assert QUIET.quote(mark.start, mark.end).startswith("Good morning, Amara.")
    assert QUIET.quote(mark.start, mark.end).endswith("I brought my yellow umbrella.")
    me.close()


def test_a_time_span_can_be_marked_and_taken_back_by_touch(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = opened(program, address, browser)
    page = me.page
    page.set_viewport_size(PHONE)
    page.evaluate(SEEK, 62)
    page.click("#span-begin")
    page.click("[data-forget]")
    assert page.locator("[data-begun]").is_hidden()
    page.click("#span-begin")
    page.evaluate(SEEK, 66)
    page.click("#span-end")
    page.wait_for_selector("[data-unmark]", state="attached")
    assert marks(program)[0].times == (62.0, 66.0)
    assert me.watched.overflow() == 0
    page.click("[data-sheet=element]")
    page.click("[data-unmark]")
    page.wait_for_selector("[data-unmark]", state="detached")
    assert marks(program) == ()
    me.close()


def test_what_is_no_recording_has_no_time_spans(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = opened(program, address, browser)
    assert me.page.locator("[data-span]").is_visible()
    me.page.click(f"#tab-{sample.PLANS.id}")
    me.page.wait_for_selector("[data-span]", state="hidden")
    me.press("i", "e")
    me.page.wait_for_selector("[data-message]:has-text('Select words in the work')")
    assert marks(program) == ()
    me.close()


def test_a_recording_that_could_not_be_transcribed_is_watched_and_marked_all_the_same(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    unread = replace(QUIET, text="", segments=(), problem=Problem("JobError", "It was given up."))
    program.hold("attempt-1", sample.first_pass(artifacts=(unread, sample.SECOND_VIDEO)), DONE)
    me = Evaluator(browser, address)
    me.open_next()
    me.at(1)
    page = me.page
    page.wait_for_selector(f"#tab-{sample.SECOND_VIDEO.id}[aria-selected=true]")
    page.click(f"#tab-{unread.id}")
    page.wait_for_selector("[data-reading]:has-text('It was given up.')")
    page.wait_for_function("document.querySelector('video')?.readyState > 0")
    page.evaluate(SEEK, 3)
    me.press("i")
    page.evaluate(SEEK, 9)
    me.press("e")
    page.wait_for_selector("[data-unmark]")
    (mark,) = marks(program)
    assert (mark.artifact, mark.times, mark.start, mark.end) == (unread.id, (3.0, 9.0), 0, 0)
    assert me.watched.complaints == []
    me.close()
