"""The pages of people: accounts and roles for administrators, tokens for everybody.

Invariant: every handler asks `reviewer.desk.people.People`, which refuses before it acts. A secret
stands in the answer to the form that made it, and nowhere else.

    GET /people      POST /people/add, …/grant, …/revoke, …/password, …/disable, …/enable
    GET /account     POST /account/tokens, …/tokens/revoke
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import RedirectResponse, Response

from reviewer.errors import AccountError
from reviewer.review.permission import EVERY, Grant, Person, Role
from reviewer.store.passwords import SHORTEST
from reviewer.web.plain import plain_page
from reviewer.web.program import Program
from reviewer.web.signing import person_of

Field = Annotated[str, Form()]
Me = Annotated[Person, Depends(person_of)]


def people_router(program: Program) -> APIRouter:
    """The routes of this module."""
    router = APIRouter()
    _add_people(router, program)
    _add_account(router, program)
    return router


def _grant(role: Annotated[Role, Form()], credential: Field = EVERY) -> Grant:
    return Grant(role, credential)


Granted = Annotated[Grant, Depends(_grant)]


def _add_people(router: APIRouter, program: Program) -> None:
    people = program.desk.people

    def done(me: Person, act: Callable[[], None], adding: str = "") -> Response:
        """Back to the list, which shows what was done, or the list with the reason why not."""
        try:
            act()
        except AccountError as error:
            return _people_page(program, me, str(error), adding)
        return RedirectResponse("/people", 303)

    @router.get("/people")
    def everybody(me: Me) -> Response:
        return _people_page(program, me)

    @router.post("/people/add")
    def add(me: Me, name: Field, password: Field, grant: Granted) -> Response:
        def act() -> None:
            people.add(me, name.strip(), password, [_known(program, grant)])

        return done(me, act, name)

    @router.post("/people/grant")
    def grant(me: Me, name: Field, grant: Granted) -> Response:
        return done(me, lambda: people.grant(me, name, _known(program, grant)))

    @router.post("/people/revoke")
    def revoke(me: Me, name: Field, grant: Granted) -> Response:
        return done(me, lambda: people.revoke(me, name, grant))

    @router.post("/people/password")
    def password(me: Me, name: Field, password: Field) -> Response:
        return done(me, lambda: people.set_password(me, name, password))

    @router.post("/people/disable")
    def disable(me: Me, name: Field) -> Response:
        return done(me, lambda: people.disable(me, name))

    @router.post("/people/enable")
    def enable(me: Me, name: Field) -> Response:
        return done(me, lambda: people.enable(me, name))


def _known(program: Program, grant: Grant) -> Grant:
    """The grant, if its credential is one of this house; raises `AccountError`."""
    if grant.credential not in {EVERY, *(one.id for one in program.credentials())}:
        raise AccountError(
            f"There is no credential {grant.credential} here: choose one of the list."
        )
    return grant


def _people_page(program: Program, me: Person, problem: str = "", adding: str = "") -> Response:
    credentials = program.credentials()
    return plain_page(
        "people.html.j2",
        422 if problem else 200,
        people=program.desk.people.everybody(me),
        me=me.name,
        roles=tuple(Role),
        credentials=credentials,
        titles={one.id: one.title for one in credentials},
        shortest=SHORTEST,
        problem=problem,
        adding=adding,
    )


def _add_account(router: APIRouter, program: Program) -> None:
    people = program.desk.people

    @router.get("/account")
    def account(me: Me) -> Response:
        return _account_page(program, me)

    @router.post("/account/tokens")
    def make(me: Me, label: Field = "") -> Response:
        try:
            secret = people.new_token(me, label)
        except AccountError as error:
            return _account_page(program, me, problem=str(error))
        return _account_page(program, me, secret=secret)

    @router.post("/account/tokens/revoke")
    def revoke(me: Me, token: Field) -> Response:
        try:
            people.revoke_token(me, token)
        except AccountError as error:
            return _account_page(program, me, problem=str(error))
        return RedirectResponse("/account", 303)


def _account_page(program: Program, me: Person, problem: str = "", secret: str = "") -> Response:
    now = datetime.now(UTC)
    roles = sorted(
        one.role if one.credential == EVERY else f"{one.role} of {one.credential}"
        for one in me.grants
    )
    return plain_page(
        "account.html.j2",
        422 if problem else 200,
        me=me.name,
        roles=roles,
        tokens=[(one, (now - one.created_at).days) for one in program.desk.people.tokens(me)],
        problem=problem,
        secret=secret,
    )
