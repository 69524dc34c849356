"""The calls of training: sets, sittings, levels, tags, handing in, attempts, certificates, anchors.

Invariant: a handler turns JSON into one call of the training desk and back; permissions are the
desk's. Nothing that a key says leaves before the desk shows it.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from reviewer.desk.training import Before
from reviewer.desk.training_overview import Trainee, certificate, own, trainees
from reviewer.errors import NothingHere
from reviewer.export.certificate import certificate_badge, certificate_html
from reviewer.review.permission import Person
from reviewer.store.sittings import Purpose
from reviewer.training.policy import read_policy
from reviewer.training.work import Part, Span
from reviewer.web.guard import DOCUMENT_POLICY
from reviewer.web.program import Program
from reviewer.web.signing import person_of

Me = Annotated[Person, Depends(person_of)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class SitBody(_Body):
    """Why you sit before the work; `again` begins anew where it was handed in."""

    purpose: Purpose
    again: bool = False


class LevelBody(_Body):
    """A level (null: not observable); an expert of a panel says why."""

    element: str
    level: float | None
    rationale: str = ""


class TagBody(_Body):
    """Characters [start, end) of an artifact's text; `stands` false takes the tag back."""

    element: str
    artifact: str
    start: int = Field(ge=0)
    end: int = Field(ge=1)
    stands: bool = True


class SetBody(_Body):
    """A new set, without works yet."""

    credential: str
    title: str


class AnchorBody(_Body):
    """A finalized submission, the names that leave it, the part of the set.

    `recordings`: whether those of the submission may be played before it.
    """

    submission: str
    names: list[str] = []
    part: Part
    recordings: bool = False


class AskBody(_Body):
    """Whether live work is for qualified evaluators alone."""

    asked_for: bool


def training_router(program: Program) -> APIRouter:
    """The routes under ``/training``."""
    router = APIRouter(prefix="/training", tags=["training"])
    _add_sitting_routes(router, program)
    _add_qualifying_routes(router, program)
    _add_certificate_routes(router, program)
    _add_keeping_routes(router, program)
    _add_anchor_routes(router, program)
    return router


def _add_sitting_routes(router: APIRouter, program: Program) -> None:
    desk = program.training

    @router.post("/sets/{training_set}/works/{work}/sittings")
    def sit(me: Me, training_set: str, work: str, body: SitBody) -> dict[str, Any]:
        """Sit down before a work, or go on with it; who you are comes along."""
        begun = desk.enter(me, training_set, work, body.purpose, again=body.again)
        return {**_sitting(begun), "person": me.name}

    @router.get("/sittings/{number}")
    def sitting(me: Me, number: int) -> dict[str, Any]:
        """What you rated and tagged."""
        return _sitting(desk.at(me, number))

    @router.post("/sittings/{number}/ratings")
    def rate(me: Me, number: int, body: LevelBody) -> dict[str, Any]:
        """Keep a level of your own."""
        desk.rate(me, number, body.element, body.level, body.rationale)
        return {"saved": True}

    @router.post("/sittings/{number}/tags")
    def tag(me: Me, number: int, body: TagBody) -> dict[str, Any]:
        """Make a passage evidence for an element, or take that back."""
        span = Span(body.artifact, body.start, body.end)
        desk.tag(me, number, body.element, span, stands=body.stands)
        return {"saved": True}

    @router.post("/sittings/{number}/hand-in")
    def hand_in(me: Me, number: int) -> dict[str, Any]:
        """Hand the work in: after that it stands."""
        return _sitting(desk.hand_in(me, number))


def _add_qualifying_routes(router: APIRouter, program: Program) -> None:
    desk = program.training

    @router.get("/sets/{training_set}/standing")
    def standing(me: Me, training_set: str) -> dict[str, Any]:
        """Where you stand: practice, attempts, whether you may begin one."""
        found = own(desk, me, training_set)
        return {
            "practice": [
                {"work": one.work.id, "times": one.times, "exact": one.exact, "asked": one.asked}
                for one in found.practice
            ],
            "running": [{"work": one.work.id, "times": one.times} for one in found.running],
            "may_begin": found.leave.granted,
            "because": found.leave.because,
            "attempts": [
                {
                    "attempt": one.id,
                    "verdict": one.result.verdict if one.result else None,
                    "because": one.result.because if one.result else None,
                    "expires_at": one.expires_at,
                }
                for one in found.attempts
            ],
        }

    @router.post("/sets/{training_set}/attempts")
    def begin(me: Me, training_set: str) -> dict[str, Any]:
        """Begin to qualify, or go on with the attempt that runs."""
        return {"attempt": desk.begin(me, training_set)}


def _add_certificate_routes(router: APIRouter, program: Program) -> None:
    desk = program.training

    @router.get("/certificates/{attempt}.html")
    def page(me: Me, attempt: int) -> Response:
        """The certificate of an attempt that qualified."""
        html = certificate_html(certificate(desk, me, attempt), program.exports.issuer)
        headers = {"Content-Security-Policy": DOCUMENT_POLICY, "Cache-Control": "no-store"}
        return Response(html, media_type="text/html", headers=headers)

    @router.get("/certificates/{attempt}.json")
    def badge(me: Me, attempt: int) -> Response:
        """The same as an Open Badge 3.0, unsigned."""
        data = certificate_badge(certificate(desk, me, attempt), program.exports.issuer)
        headers = {
            "Content-Disposition": 'attachment; filename="evaluator-badge.json"',
            "Cache-Control": "no-store",
        }
        return Response(data, media_type="application/ld+json", headers=headers)


def _add_keeping_routes(router: APIRouter, program: Program) -> None:
    desk, anchors = program.training, program.anchors

    @router.get("/sets")
    def sets(me: Me) -> dict[str, Any]:
        """The sets that concern you."""
        return {
            "sets": [
                {
                    "id": one.id,
                    "title": one.title,
                    "credential": one.credential,
                    "synthetic": one.synthetic,
                }
                for one in desk.sets(me)
            ]
        }

    @router.post("/sets")
    def new_set(me: Me, body: SetBody) -> dict[str, Any]:
        """Make a set for a credential of this program."""
        for one in program.credentials():
            if one.id == body.credential:
                return {"set": anchors.new_set(me, one, body.title)}
        raise NothingHere("There is no such credential here.")

    @router.put("/sets/{training_set}/rules")
    def rules(me: Me, training_set: str, body: dict[str, Any]) -> dict[str, Any]:
        """Let other rules of qualification hold from now on."""
        anchors.set_rules(me, training_set, read_policy(body, "The rules"))
        return {"saved": True}

    @router.get("/sets/{training_set}/trainees")
    def who_is_where(me: Me, training_set: str) -> dict[str, Any]:
        """Who is where, for who keeps the set."""
        return {"trainees": [_trainee(one) for one in trainees(desk, me, training_set)]}


def _add_anchor_routes(router: APIRouter, program: Program) -> None:
    anchors = program.anchors

    @router.get("/sets/{training_set}/names")
    def names(me: Me, training_set: str, submission: str) -> dict[str, Any]:
        """The names that an anchor of a submission would lose, to be read and completed."""
        return {"names": anchors.propose(me, training_set, submission).names}

    @router.post("/sets/{training_set}/anchors")
    def make(me: Me, training_set: str, body: AnchorBody) -> dict[str, Any]:
        """Make an anchor of a finalized submission."""
        made = anchors.make(
            me,
            training_set,
            body.submission,
            body.names,
            body.part,
            recordings=body.recordings,
        )
        return {"work": made}

    @router.put("/requirements/{credential}")
    def require(me: Me, credential: str, body: AskBody) -> dict[str, Any]:
        """Say whether live work of a credential is for qualified evaluators alone."""
        anchors.require(me, credential, body.asked_for)
        return {"saved": True}


def _trainee(one: Trainee) -> dict[str, Any]:
    return {
        "name": one.name,
        "practised": one.practised,
        "exact": one.exact.value if one.exact else None,
        "n": one.exact.n if one.exact else 0,
        "attempts": one.attempts,
        "verdict": one.verdict,
        "expires_at": one.expires_at,
        "lapsed": one.lapsed,
    }


def _sitting(before: Before) -> dict[str, Any]:
    return {
        "sitting": before.sitting.id,
        "purpose": before.sitting.purpose,
        "handed_in": before.handed_in,
        "elements": [one.id for one in before.asked],
        "levels": {element: said.level for element, said in before.sitting.said.items()},
        "tags": {
            element: [{"artifact": s.artifact, "start": s.start, "end": s.end} for s in spans]
            for element, spans in before.sitting.tags.items()
        },
    }
