"""The pages of adjudicators: what waits for them, and two ratings side by side.

Invariant: nothing in them says who rated, when, or who was first; what is shown was kept as seen
before. Levels are decided by the same act as everywhere.

    GET /adjudication                     what waits
    GET, POST /adjudication/{submission}  decide an element, or finalize with an outcome
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import RedirectResponse, Response

from reviewer.desk.case import UNKNOWN
from reviewer.errors import NothingHere, ReviewError
from reviewer.review.outcome import Outcome
from reviewer.review.permission import Person, Role
from reviewer.web.plain import plain_page
from reviewer.web.program import Program
from reviewer.web.signing import person_of

Field = Annotated[str, Form()]
Me = Annotated[Person, Depends(person_of)]

NOT_OBSERVABLE = "n"
"""What a form sends where the element cannot be judged."""


def adjudication_pages(program: Program) -> APIRouter:
    """The routes of this module."""
    router = APIRouter()
    desk = program.desk

    @router.get("/adjudication")
    def waiting(me: Me) -> Response:
        if not me.has(Role.ADJUDICATOR):
            raise NothingHere(UNKNOWN)
        titles = {one.id: one.title for one in program.credentials()}
        found = desk.adjudications.waiting(me)
        return plain_page("adjudications.html.j2", problem="", works=found, titles=titles)

    @router.get("/adjudication/{submission}")
    def one(me: Me, submission: str) -> Response:
        return _page(program, me, submission)

    @router.post("/adjudication/{submission}")
    def act(
        me: Me,
        submission: str,
        element: Field = "",
        level: Field = "",
        version: Annotated[int, Form()] = 0,
        words: Field = "",
        outcome: Annotated[Outcome | None, Form()] = None,
    ) -> Response:
        desk.adjudications.open(me, submission)
        try:
            if outcome is not None:
                desk.finalize(me, submission, outcome)
            else:
                desk.decide(me, submission, element, level_of(level), version, words=words)
        except ReviewError as error:
            return _page(program, me, submission, str(error))
        return RedirectResponse(f"/adjudication/{submission}", 303)

    return router


def level_of(given: str) -> float | None:
    """The level of a form; raises `ReviewError` where it is none."""
    if given == NOT_OBSERVABLE:
        return None
    try:
        return float(given)
    except ValueError as error:
        raise ReviewError("Choose one of the levels, or not observable.") from error


def _page(program: Program, me: Person, submission: str, problem: str = "") -> Response:
    before = program.desk.adjudications.open(me, submission)
    return plain_page(
        "adjudication.html.j2",
        422 if problem else 200,
        problem=problem,
        before=before,
        case=before.case,
        summary=program.desk.adjudications.outcome(before),
        not_observable=NOT_OBSERVABLE,
    )
