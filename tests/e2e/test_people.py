"""The pages of people and tokens in a real browser, on a desk and on a phone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from house_browser import DESKTOP, PHONE, Watched, faults
from house_program import MemoryProgram, serving

from reviewer.review.permission import Grant, Role

pytestmark = pytest.mark.slow

PASSWORD = "a long enough password"


@pytest.fixture
def program(tmp_path: Path) -> MemoryProgram:
    made = MemoryProgram(tmp_path, demo=False)
    made.records.accounts.add("root", PASSWORD, [Grant(Role.ADMINISTRATOR)])
    return made


@pytest.fixture
def address(program: MemoryProgram) -> Iterator[str]:
    with serving(program) as started:
        yield started


def signed_in(browser: Any, address: str, name: str, size: dict[str, int]) -> Watched:
    watched = Watched(browser, size)
    watched.page.goto(f"{address}/sign-in")
    watched.page.fill("#name", name)
    watched.page.fill("#password", PASSWORD)
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_selector(f".who b:has-text('{name}')")
    return watched


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_an_administrator_adds_a_person_who_then_makes_a_token(
    program: MemoryProgram, address: str, browser: Any, size: dict[str, int]
) -> None:
    root = signed_in(browser, address, "root", size)
    page = root.page
    page.click("#to-people")
    page.click("summary:has-text('Add a person')")
    assert faults(page) == []
    page.fill("#add-name", "ann")
    page.fill("#add-password", PASSWORD)
    page.click("#add-person")
    page.wait_for_selector("section:has(h3:text-is('ann')) .roles:has-text('evaluator')")
    page.click("section:has(h3:text-is('ann')) summary")
    assert faults(page) == []
    page.click("button:has-text('Deactivate ann')")
    page.wait_for_selector("h3:text-is('ann · deactivated')")
    assert faults(page) == []
    assert root.overflow() == 0
    page.click("button:has-text('Reactivate ann')")
    page.wait_for_selector("h3:text-is('ann')")
    assert root.overflow() == 0
    assert root.complaints == []
    page.close()

    ann = signed_in(browser, address, "ann", size)
    assert ann.page.locator("#to-people").count() == 0
    ann.page.click("#to-account")
    ann.page.fill("#label", "gradebook")
    ann.page.click("#make")
    secret = ann.page.inner_text("#secret")
    assert program.records.entries.by_token(secret) == program.person("ann")
    assert faults(ann.page) == []
    assert ann.overflow() == 0
    ann.page.click("button:has-text('Revoke')")
    ann.page.wait_for_selector("section:has-text('revoked')")
    assert program.records.entries.by_token(secret) is None
    assert ann.complaints == []
    ann.page.close()
