"""Coming in with a password, and handing in a submission, in a real browser."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from house_browser import DESKTOP, Watched
from house_program import MemoryProgram, serving

from reviewer.review.permission import Grant, Role

pytestmark = pytest.mark.slow

PASSWORD = "a long enough password"


def test_a_person_signs_in_with_a_password_and_out_again(tmp_path: Path, browser: Any) -> None:
    program = MemoryProgram(tmp_path, demo=False)
    program.records.accounts.add("ann", PASSWORD, [Grant(Role.EVALUATOR)])
    with serving(program) as address:
        watched = Watched(browser, DESKTOP)
        page = watched.page
        page.goto(f"{address}/submission?id=anything")
        assert page.url == f"{address}/sign-in"
        assert page.locator("[name=demo]").count() == 0
        page.fill("#name", "ann")
        page.fill("#password", "not the password")
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=alert]:has-text('do not belong together')")
        assert page.input_value("#name") == "ann"
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector(".who b:has-text('ann')")
        page.click("#sign-out")
        page.wait_for_url(f"{address}/sign-in")
        page.goto(address)
        assert page.url == f"{address}/sign-in"
        page.close()


def test_files_are_handed_in_with_their_parts_and_consent(tmp_path: Path, browser: Any) -> None:
    plans = tmp_path / "plans <b>.txt"
    plans.write_text("We sing.")
    (tmp_path / "store").mkdir()
    program = MemoryProgram(tmp_path / "store")
    with serving(program) as address:
        watched = Watched(browser, DESKTOP)
        watched.sign_in(address)
        page = watched.page
        page.click(".hand-in summary")
        page.set_input_files("#up-files", [plans])
        page.fill("#up-candidate", "C-77")
        page.select_option("[data-chosen] select", "plans")
        assert page.inner_text("[data-chosen] bdi") == "plans <b>.txt"
        page.check("#up-consent")
        page.click("#up-send")
        page.wait_for_selector("[data-said]:has-text('Handed in.')")
        page.wait_for_selector('[data-id="sent-1"]')
        names, declared = program.submitted[0]
        assert names == ["plans <b>.txt", "submission.yaml"]
        assert "candidate: C-77" in declared
        assert "plans:" in declared
        page.fill("#filter", "no such line")
        assert page.locator('[data-id="sent-1"]').is_hidden()
        assert watched.complaints == []
        page.close()


def test_without_consent_the_form_says_so_and_keeps_the_files(tmp_path: Path, browser: Any) -> None:
    plans = tmp_path / "plans.txt"
    plans.write_text("We sing.")
    (tmp_path / "store").mkdir()
    program = MemoryProgram(tmp_path / "store")
    with serving(program) as address:
        watched = Watched(browser, DESKTOP)
        watched.sign_in(address)
        page = watched.page
        page.click(".hand-in summary")
        page.set_input_files("#up-files", [plans])
        page.fill("#up-candidate", "C-77")
        page.click("#up-send")
        page.wait_for_selector("[data-said]:has-text('consented')")
        assert page.locator("[data-chosen] li").count() == 1
        assert program.submitted == []
        page.close()


DROP = """(names) => {
  const transfer = new DataTransfer();
  for (const name of names) transfer.items.add(new File(["We sing."], name));
  const drop = new DragEvent("drop", { dataTransfer: transfer, cancelable: true });
  document.querySelector("[data-drop]").dispatchEvent(drop);
}"""


def test_files_are_dropped_sorted_into_parts_and_what_is_missing_is_said_at_once(
    tmp_path: Path, browser: Any
) -> None:
    program = MemoryProgram(tmp_path)
    with serving(program) as address:
        watched = Watched(browser, DESKTOP)
        watched.sign_in(address)
        page = watched.page
        page.click(".hand-in summary")
        page.evaluate(DROP, ['plans "new".txt', "statement.txt"])
        page.evaluate(DROP, ["statement.txt"])
        assert page.locator("[data-chosen] li").count() == 2
        assert "statement.txt is chosen already" in page.inner_text("[data-said]")
        page.select_option("[data-chosen] li:nth-child(1) select", "plans")
        page.select_option("[data-chosen] li:nth-child(2) select", "statement")
        page.fill("#up-candidate", "C-78")
        page.check("#up-consent")
        page.click("#up-send")
        page.wait_for_selector("[data-said]:has-text('Videos of the circle: none handed in.')")
        names, declared = program.submitted[0]
        assert names == ["plans 'new'.txt", "statement.txt", "submission.yaml"]
        assert yaml.safe_load(declared)["slots"] == {
            "plans": ["plans 'new'.txt"],
            "statement": ["statement.txt"],
        }
        assert page.locator("[data-chosen] li").count() == 0
        assert watched.complaints == []
        page.close()
