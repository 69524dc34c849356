"""Nothing that a person did is lost: reload, lost connection, second window, ended sign-in."""

from typing import Any

import pytest
from house_browser import DESKTOP, Watched
from house_evaluator import Evaluator
from house_program import MemoryProgram

from reviewer.review.permission import Grant, Role

pytestmark = pytest.mark.slow


def levels(program: MemoryProgram) -> list[tuple[str, float | None]]:
    """(element, level) of every rating that is stored."""
    return [(one.element, one.level) for _, one in program.records.reviews.ratings(["attempt-1"])]


def unsent(me: Evaluator, key: str) -> None:
    """Press a key whose act cannot reach the server."""
    me.page.context.set_offline(True)
    me.press(key)
    me.page.wait_for_selector(".lost:not([hidden])")


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


def test_a_window_that_is_closed_leaves_its_acts_to_another_one(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = Evaluator(browser, address)
    me.open_next()
    me.at(1)
    second = Watched(me.context, DESKTOP)
    second.page.goto(me.page.url)
    second.page.wait_for_selector("#element .of:has-text('Element 1 of')")
    second.page.click("#nav-2")
    second.page.wait_for_selector("#element .of:has-text('Element 2 of')")
    unsent(me, "1")
    second.page.keyboard.press("2")
    second.page.wait_for_selector(".lost:not([hidden])")
    me.page.close()
    me.context.set_offline(False)
    second.page.wait_for_selector(".level.chosen")
    second.page.wait_for_selector("#nav-1.scored")
    assert sorted(levels(program)) == [("greeting", 1.0), ("routine", 2.0)]
    me.context.close()


def test_what_a_reload_interrupts_is_sent_once_afterwards(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = Evaluator(browser, address)
    me.open_next()
    me.at(1)
    me.page.route("**/rate", lambda route: route.abort())
    me.press("2")
    me.page.wait_for_selector(".lost:not([hidden])")
    me.page.unroute("**/rate")
    me.page.reload()
    me.page.wait_for_selector("#nav-1.scored")
    assert levels(program) == [("greeting", 2.0)]
    me.close()


def test_what_is_done_after_the_sign_in_ended_waits_for_the_same_person(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = Evaluator(browser, address)
    me.open_next()
    me.at(1)
    me.context.clear_cookies()
    me.press("2")
    me.page.wait_for_url("**/sign-in")
    me.watched.sign_in(address, "issuer")
    me.page.wait_for_selector(".who b:has-text('issuer')")
    me.page.wait_for_load_state("networkidle")
    assert levels(program) == [], "nobody else sends it"
    me.page.click("#sign-out")
    me.page.wait_for_url("**/sign-in")
    with me.page.expect_response("**/rate") as sent:
        me.watched.sign_in(address)
    assert sent.value.status == 200
    assert levels(program) == [("greeting", 2.0)]
    me.close()


def test_notes_that_two_windows_wrote_are_both_kept_and_shown(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    first, second = Evaluator(browser, address), Evaluator(browser, address)
    for me in (first, second):
        me.open_next()
        me.at(1)
    first.page.fill("#note", "Who greets whom?")
    first.page.wait_for_selector("[data-saved]:has-text('saved')")
    second.page.fill("#note", "At 0:06.")
    second.page.wait_for_selector("[data-message]:has-text('both texts are kept')")
    both = "Who greets whom?\nAt 0:06."
    assert second.page.input_value("#note") == both
    second.page.locator("#note").press("End")
    second.page.locator("#note").type(" And later.")
    second.press("Escape")
    second.page.wait_for_load_state("networkidle")
    second.page.reload()
    second.page.wait_for_function("document.querySelector('#note')?.value.includes('later')")
    assert second.page.input_value("#note") == f"{both} And later."
    assert second.watched.complaints == []
    first.close()
    second.close()


def test_a_level_that_may_not_be_stored_any_more_is_not_shown_as_stored(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = Evaluator(browser, address)
    me.open_next()
    me.at(1)
    me.level(1)
    program.records.accounts.revoke("evaluator", Grant(Role.EVALUATOR))
    me.press("2")
    me.page.wait_for_selector("[data-saved]:has-text('not saved')")
    me.page.wait_for_selector("[data-message]:has-text('There is no such submission')")
    me.page.wait_for_selector("#level-1[aria-pressed='true']")
    assert me.page.locator(".pick[aria-pressed='true']").count() == 1
    assert me.page.locator(".lost").is_hidden()
    assert levels(program) == [("greeting", 1.0)]
    me.context.close()


def test_a_level_chosen_after_a_decision_waits_to_be_decided(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    me = Evaluator(browser, address)
    me.open_next()
    me.at(1)
    me.level(1)
    me.reveal()
    me.press("c")
    me.decided(1)
    me.at(2)
    me.page.click("#nav-1")
    me.at(1)
    me.press("0")
    me.page.wait_for_selector("#nav-1.scored")
    me.press("Enter")
    me.page.wait_for_selector("[data-message]:has-text('Keep your level with c')")
    me.at(1)
    me.press("c")
    me.decided(1)
    confirmed = program.records.reviews.confirmed("attempt-1")
    assert confirmed["greeting"].level == 0
    me.close()
