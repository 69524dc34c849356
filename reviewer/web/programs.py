"""The pages of issuers: a program, the import of a rubric, monitoring.

Invariant: pages without a script; every handler asks the desk, which refuses before it acts. What
a person wrote stands in them as escaped text.

    GET /program                          the programs that you issue
    GET /program/{credential}   POST …/policy, …/distribute, …/waive, …/conflict, …/validity
    GET /rubric-import                    POST: preview, then publish
    GET /monitoring/{credential}          POST …/snapshot
"""

import base64
import binascii
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from reviewer.calibration.gate import Thresholds
from reviewer.desk.programs import NO_PROGRAM
from reviewer.errors import NothingHere, ReviewError, RubricError
from reviewer.review.permission import Person, Role
from reviewer.review.policy import Policy
from reviewer.review.routing import WORDS, Routing, share_of
from reviewer.rubric import ReviewMode
from reviewer.rubric.importing import Wanted
from reviewer.rubric.reading import MAX_BYTES
from reviewer.web.dashboard import moment, proposed, shown
from reviewer.web.plain import plain_page
from reviewer.web.program import Program
from reviewer.web.signing import person_of

Field = Annotated[str, Form()]
Me = Annotated[Person, Depends(person_of)]


async def _fields(request: Request) -> dict[str, str]:
    return {name: str(value) for name, value in (await request.form()).items()}


Fields = Annotated[dict[str, str], Depends(_fields)]

REFRESH_S = 4  # seconds between looks while a snapshot is being made


def program_pages(program: Program) -> APIRouter:
    """The routes of this module."""
    router = APIRouter()
    _add_programs(router, program)
    _add_acts(router, program)
    _add_import(router, program)
    _add_monitoring(router, program)
    return router


def _add_programs(router: APIRouter, program: Program) -> None:
    @router.get("/program")
    def programs(me: Me) -> Response:
        if not me.has(Role.ISSUER):
            raise NothingHere(NO_PROGRAM)
        return plain_page("programs.html.j2", problem="", programs=program.programs.mine(me))

    @router.get("/program/{credential}")
    def one(me: Me, credential: str) -> Response:
        return _program_page(program, me, credential)


def _program_page(
    program: Program, me: Person, credential: str, problem: str = "", done: str = ""
) -> Response:
    found = program.programs.overview(me, credential)
    policy = found.policy.policy if found.policy else Policy()
    return plain_page(
        "program.html.j2",
        422 if problem else 200,
        problem=problem,
        done=done,
        one=found,
        policy=policy,
        share=share_of(policy.routing, found.counts.works),
        thresholds=found.policy.thresholds if found.policy else Thresholds(),
        modes=tuple(ReviewMode),
        words=WORDS,
    )


def _add_acts(router: APIRouter, program: Program) -> None:
    programs = program.programs

    def told(me: Person, credential: str, act: Callable[[], str]) -> Response:
        """The page again, with what was done or the reason why it was not."""
        try:
            done = act()
        except ReviewError as error:
            return _program_page(program, me, credential, problem=str(error))
        return _program_page(program, me, credential, done=done)

    @router.post("/program/{credential}/policy")
    def policy(me: Me, credential: str, form: Fields) -> Response:
        def act() -> str:
            chosen, thresholds = policy_of(form)
            programs.set_policy(me, credential, chosen, thresholds)
            return "The policy holds for works that are distributed from now on."

        return told(me, credential, act)

    @router.post("/program/{credential}/distribute")
    def distribute(me: Me, credential: str) -> Response:
        def act() -> str:
            done = programs.distribute(me, credential)
            lacking = f" {done.short} lack somebody who may score them." if done.short else ""
            return (
                f"Distributed: {done.works} works, {done.seconds} second scores, "
                f"{done.adjudications} adjudications.{lacking}"
            )

        return told(me, credential, act)

    @router.post("/program/{credential}/conflict")
    def conflict(
        me: Me, credential: str, rater: Field, candidate: Field, stands: Field = "yes"
    ) -> Response:
        def act() -> str:
            declared = stands == "yes"
            programs.declare(me, credential, rater.strip(), candidate, stands=declared)
            return "The conflict is declared." if declared else "The conflict is withdrawn."

        return told(me, credential, act)

    @router.post("/program/{credential}/waive")
    def waive(me: Me, credential: str, work: Field, words: Field = "") -> Response:
        def act() -> str:
            programs.waive(me, credential, work.strip(), words)
            return "The second score is waived: the work goes on with one."

        return told(me, credential, act)

    @router.post("/program/{credential}/validity")
    def validity(me: Me, credential: str, review: Field = "", anchor: Field = "") -> Response:
        def act() -> str:
            programs.credential(me, credential)
            if anchor:
                kept, _, work = anchor.partition(" ")
                programs.add_anchor(me, credential, kept, work)
            else:
                programs.add_validity(me, review.strip().rpartition("id=")[2])
            return "The validity work is made; the next distributions seed it."

        return told(me, credential, act)

    @router.post("/program/{credential}/validity/retire")
    def retire(me: Me, credential: str, work: Field) -> Response:
        def act() -> str:
            programs.retire_validity(me, credential, work)
            return "The validity work is seeded no more."

        return told(me, credential, act)


def policy_of(form: dict[str, str]) -> tuple[Policy, Thresholds]:
    """The policy and thresholds of a form; an empty field is null. Raises `ReviewError`."""
    own = {name: value.strip() or None for name, value in form.items()}
    routing = {
        name: own.get(name) for name in Routing.model_fields if name != "near_cut" and name in own
    }
    values: dict[str, Any] = {
        name: own[name] for name in Policy.model_fields if name != "routing" and name in own
    }
    limits = {name: own[name] for name in Thresholds.model_fields if own.get(name) is not None}
    try:
        chosen = Routing.model_validate(routing | {"near_cut": own.get("near_cut") == "yes"})
        return Policy.model_validate(values | {"routing": chosen}), Thresholds.model_validate(
            limits
        )
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][-1]).replace("_", " ")
        ours = first.get("ctx", {}).get("error")  # a sentence of ours, with its capitals
        why = str(ours) if ours else str(first["msg"]).lower()
        raise ReviewError(f"{name}: {why.rstrip('.')}.") from error


def _add_import(router: APIRouter, program: Program) -> None:
    programs = program.programs

    @router.get("/rubric-import")
    def empty(me: Me) -> Response:
        return _import_page(me)

    @router.post("/rubric-import")
    def preview(
        me: Me,
        file: Annotated[UploadFile, File()],
        id_: Annotated[str, Form(alias="id")] = "",
        version: Field = "",
        rubric: Field = "",
    ) -> Response:
        data, name = file.file.read(MAX_BYTES + 1), file.filename or "the file"
        wanted = Wanted(id_.strip() or None, version.strip() or None, rubric.strip() or None)
        try:
            found = programs.preview(me, data, name, wanted)
        except RubricError as error:
            return _import_page(me, str(error))
        return plain_page(
            "rubric_preview.html.j2",
            problem="",
            shown=found,
            name=name,
            wanted=wanted,
            data=base64.b64encode(data).decode(),
        )

    @router.post("/rubric-import/publish")
    def publish(
        me: Me,
        data: Field,
        name: Field,
        id_: Annotated[str, Form(alias="id")] = "",
        version: Field = "",
        rubric: Field = "",
    ) -> Response:
        wanted = Wanted(id_ or None, version or None, rubric or None)
        try:
            whole = base64.b64decode(data, validate=True)
            published = programs.publish(me, whole, name, wanted)
        except (RubricError, binascii.Error) as error:
            said = str(error) if isinstance(error, RubricError) else "Choose the file again."
            return _import_page(me, said)
        return RedirectResponse(f"/program/{published.credential.id}", 303)


def _import_page(me: Person, problem: str = "") -> Response:
    if not me.has(Role.ISSUER):
        raise NothingHere(NO_PROGRAM)
    return plain_page("rubric_import.html.j2", 422 if problem else 200, problem=problem)


def _add_monitoring(router: APIRouter, program: Program) -> None:
    @router.get("/monitoring/{credential}")
    def dashboard(me: Me, credential: str) -> Response:
        found = program.programs.credential(me, credential)
        snapshot = program.monitoring.latest(me, credential)
        return plain_page(
            "monitoring.html.j2",
            problem="",
            credential=found,
            snapshot=snapshot,
            made=moment(snapshot.made_at, snapshot.time_zone) if snapshot else "",
            alerts=proposed(snapshot) if snapshot else (),
            tables=[shown(one) for one in snapshot.tables] if snapshot else (),
            running=program.measuring(credential),
            refresh=REFRESH_S,
        )

    @router.post("/monitoring/{credential}/snapshot")
    def measure(me: Me, credential: str) -> Response:
        program.measure(program.programs.credential(me, credential).id)
        return RedirectResponse(f"/monitoring/{credential}", 303)
