"""One opening of a review through the page: what it asks the store, and of whom it is asked anew.

Thirty evaluators share one process, so that what one opening costs, all of them wait for.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest
from house_program import serving_app
from sqlalchemy import event
from sqlalchemy.engine import Engine

from eval.full_store import artifact_of, fill, name_of, people
from reviewer import demo
from reviewer.review.permission import Grant, Role
from reviewer.rubric import find_credential
from reviewer.settings import Settings
from reviewer.store import audit
from reviewer.store.database import Database
from reviewer.store.human import human_records
from reviewer.web.app import build_app
from reviewer.web.signing import COOKIE
from reviewer.wiring import open_program

pytestmark = pytest.mark.slow  # Gradio takes seconds to import

WORK = name_of(0)


@dataclass(frozen=True, slots=True)
class Page:
    """A browser of the only evaluator, and the store behind the pages."""

    client: httpx.Client
    database: Database
    element: str

    @property
    def opening(self) -> dict[str, str]:
        """What is asked for until a review can be read, by the first part of the address."""
        return {
            "submission": f"/submission?id={WORK}",
            "live": f"/live/{WORK}",
            "review": f"/review/{WORK}/{self.element}",
            "text": f"/text/{WORK}/{artifact_of(WORK)}?element={self.element}",
        }

    def asked(self) -> dict[str, tuple[int, int]]:
        """(statements, transactions) of each request of an opening."""
        found = {}
        for name, path in self.opening.items():
            with counting() as counted:
                assert self.client.get(path).status_code == 200
            found[name] = counted["statements"], counted["transactions"]
        return found


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Counts what is asked of any database inside."""
    counted: Counter[str] = Counter()

    def statement(*call: object) -> None:
        counted["statements"] += call[2] != "BEGIN" and call[2] != "BEGIN IMMEDIATE"

    def transaction(_connection: object) -> None:
        counted["transactions"] += 1

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "begin", transaction)
    try:
        yield counted
    finally:
        event.remove(Engine, "before_cursor_execute", statement)
        event.remove(Engine, "begin", transaction)


@pytest.fixture
def page(url: str, settings: Settings) -> Iterator[Page]:
    credential = find_credential(demo.CREDENTIAL, settings.rubrics_dir)
    program = open_program(settings.model_copy(update={"database": url}))
    database, records = program.repository._database, program.desk.records
    fill(database, credential, 2)
    ((person, _),) = people(database, records, 2, 1)
    secret = records.entries.open(person.id)
    with (
        serving_app(lambda: build_app(program)) as address,
        httpx.Client(
            base_url=address, headers={"Cookie": f"{COOKIE}={secret}"}, timeout=30
        ) as client,
    ):
        yield Page(client, database, credential.elements[0].id)
    database.close()


def test_an_opening_asks_the_store_no_more_than_this(page: Page) -> None:
    """The bounds are what it takes: who asks, the case, the first pass, and what is kept of it."""
    page.client.get("/submission", params={"id": name_of(1)})  # the first page ever asks more
    first, again = page.asked(), page.asked()
    most = {"submission": (3, 2), "live": (15, 3), "review": (10, 2), "text": (10, 2)}
    assert_within(first, most)
    assert_within(again, most | {"live": (8, 2)})


def assert_within(asked: dict[str, tuple[int, int]], most: dict[str, tuple[int, int]]) -> None:
    for name, (statements, transactions) in asked.items():
        assert statements <= most[name][0], name
        assert transactions <= most[name][1], name


def test_that_it_was_opened_is_recorded_once(page: Page) -> None:
    for _ in range(2):
        page.asked()
    shown = [one for one in audit.events(page.database) if one.event == "shown"]
    assert [(one.actor, one.details["sight"]) for one in shown] == [("evaluator00", "work")]


def test_each_of_its_requests_asks_anew_whether_the_person_may_still_read(page: Page) -> None:
    page.asked()
    human_records(page.database).accounts.revoke("evaluator00", Grant(Role.EVALUATOR))
    for path in page.opening.values():
        answer = page.client.get(path)
        assert answer.status_code == 404
        assert "In minute" not in answer.text
