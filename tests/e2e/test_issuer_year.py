"""The issuer's year in small: a rubric comes in, works are routed, disputes settled, help proposed.

The issuer and the adjudicator sit at a browser; five evaluators of known severity are played
through the desk, as their pages would call it.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import house_issuer
import pytest
from house_browser import DESKTOP, PHONE, Watched, faults
from house_issuer import SEVERITY, Year
from house_program import MemoryProgram, serving

from reviewer.review.permission import Grant, Kind, Role
from reviewer.rubric.writing import credential_yaml
from reviewer.store import audit
from reviewer.store.reconcile import reconcile

pytestmark = pytest.mark.slow

PAGES = ("/program", "/program/graded", "/rubric-import", "/monitoring/graded")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> MemoryProgram:
    return MemoryProgram(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def address(program: MemoryProgram) -> Iterator[str]:
    with serving(program) as started:
        yield started


def signed_in(browser: Any, address: str, name: str, size: dict[str, int] = DESKTOP) -> Watched:
    watched = Watched(browser.new_context(), size)
    watched.sign_in(address, name)
    return watched


def test_the_issuers_year_in_small(
    program: MemoryProgram, address: str, browser: Any, tmp_path: Path
) -> None:
    issuer = signed_in(browser, address, "issuer")
    page = issuer.page

    # A rubric is looked at before it is published.
    file = tmp_path / "graded.yaml"
    file.write_text(credential_yaml(house_issuer.CREDENTIAL), encoding="utf-8")
    page.goto(f"{address}/rubric-import")
    page.set_input_files("#rubric-file", str(file))
    page.click("#preview")
    page.wait_for_selector("#publish")
    assert "The first version" in page.inner_text("main")
    assert program.records.programs.newest() == ()
    page.click("#publish")
    page.wait_for_url("**/program/graded")
    assert program.records.programs.newest() == (house_issuer.CREDENTIAL,)

    # Forty works are routed to five evaluators: all new, so all scored twice.
    year = Year(program)
    year.hand_in(40)
    page.reload()
    assert "40 works, 0 finalized. Open: 40 assigned to nobody" in page.inner_text("#counts")
    page.click("#distribute")
    page.wait_for_selector("#done:has-text('Distributed: 40 works')")
    loads = [len(program.desk.queue(program.person(name))) for name in SEVERITY]
    assert sum(loads) == 80
    assert max(loads) - min(loads) <= 1

    year.rate_everything((Kind.FIRST, Kind.SECOND))
    asked = program.desk.adjudications.waiting(program.person("adjudicator"))
    assert 5 < len(asked) < 40

    # The adjudicator sees both ratings, and nothing of who gave them.
    judge = signed_in(browser, address, "adjudicator")
    judge.page.goto(f"{address}/adjudication")
    assert judge.page.locator("main h3 a").count() == len(asked)
    first = asked[0].submission
    judge.page.click(f"#adjudicate-{first}")
    shown = judge.page.inner_text("main")
    assert "Rating A" in shown
    assert "Rating B" in shown
    assert not any(name in judge.page.content() for name in SEVERITY)
    questions = judge.page.locator("section.one")
    for number in range(questions.count()):
        questions.nth(number).locator("button").nth(2).click()
        judge.page.wait_for_load_state()
    judge.page.click("#finalize")
    judge.page.wait_for_selector("text=the review is finalized")
    assert program.records.outcomes.finalized(first) is not None
    year.rate_everything((Kind.ADJUDICATION,))
    assert year.finalize_everything() == 39

    # The dashboard tells who is severe, within its interval, in the order of names.
    page.click("#to-monitoring")
    assert "No snapshot of this program was made yet" in page.inner_text("main")
    page.click("#measure")
    page.wait_for_selector("#made:has-text('40 works')")
    assert page.locator("#severity ~ .plot .line").count() == 5
    with page.expect_download() as caught:
        page.click("a[href$='/tables/severity.csv']")
    text = Path(caught.value.path()).read_text(encoding="utf-8")
    rows = {row["rater"]: row for row in csv.DictReader(io.StringIO(text))}
    assert list(rows) == sorted(SEVERITY)
    for name, row in rows.items():
        assert float(row["low"]) <= year.fewer_points(name) <= float(row["high"]), row
    assert rows["ann"]["reading"] == "fewer points than the mean"
    assert rows["eva"]["reading"] == "more points than the mean"
    assert rows["cem"]["reading"] == "as others"
    proposals = page.inner_text("main")
    assert "ann gives fewer points than the mean" in proposals
    assert "Recalibrate together" in proposals

    assert issuer.complaints == []
    assert judge.complaints == []
    assert audit.verify(program.database) > 500
    assert reconcile(program.database) > 500


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_their_window_and_have_no_serious_fault(
    program: MemoryProgram, address: str, browser: Any, size: dict[str, int], scheme: str
) -> None:
    settled = program.records.monitored.observe(house_issuer.CREDENTIAL).works
    work = next(one.submission for one in settled if one.adjudicated)
    pages = {"issuer": PAGES, "adjudicator": ("/adjudication", f"/adjudication/{work}")}
    for name, paths in pages.items():
        watched = signed_in(browser, address, name, size)
        watched.page.emulate_media(color_scheme=scheme)
        for path in paths:
            watched.page.goto(address + path)
            assert watched.page.locator("h1").count() == 1, path
            assert watched.overflow() <= 0, path
            assert faults(watched.page) == [], path
        assert watched.complaints == []


def test_a_changed_version_is_shown_place_by_place_and_a_published_one_is_refused(
    program: MemoryProgram, address: str, browser: Any, tmp_path: Path
) -> None:
    page = signed_in(browser, address, "issuer").page
    changed = house_issuer.CREDENTIAL.model_copy(update={"title": "Graded <b>work</b>"})
    for version, sentence in (("1", "never changes"), ("2", "")):
        file = tmp_path / f"v{version}.yaml"
        text = credential_yaml(changed.model_copy(update={"version": version}))
        file.write_text(text, encoding="utf-8")
        page.goto(f"{address}/rubric-import")
        page.set_input_files("#rubric-file", str(file))
        page.click("#preview")
        assert "≠ title" in page.inner_text("table")
        assert page.locator("main b", has_text="work").count() == 0  # shown as it was written
        page.click("#publish")
        page.wait_for_load_state()
        if sentence:
            assert sentence in page.inner_text("[role=alert]")
    assert [one.version for one in program.records.programs.newest()] == ["2"]


def test_who_does_not_issue_a_program_is_told_that_there_is_none(
    program: MemoryProgram, address: str, browser: Any
) -> None:
    program.records.accounts.add("elsewhere", None, [Grant(Role.ISSUER, "another")])
    for name in ("evaluator", "adjudicator", "trainee", "trainer", "elsewhere"):
        context = browser.new_context(extra_http_headers={"Cookie": program.cookie(name)})
        for path in ("/program/graded", "/monitoring/graded"):
            answer = context.request.get(address + path)
            assert answer.status == 404, (name, path)
            assert "There is no such program here." in answer.text()
        context.close()
