"""The calls around a submission: who am I, my queue, hand in, where it stands.

Invariant: a status says nothing that a draft says; drafts are asked for element by element.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, File, Form, UploadFile

from reviewer.desk.case import Case
from reviewer.errors import NotPermitted, SubmissionError
from reviewer.jobs.steering import Steer
from reviewer.review.permission import Act, Person, Role, may
from reviewer.rubric import Credential
from reviewer.store.assignments import Assigned
from reviewer.store.listing import SoFar
from reviewer.web.program import Program
from reviewer.web.progress import summarize
from reviewer.web.signing import person_of
from reviewer.web.upload import Upload, receive, slots_of

Me = Annotated[Person, Depends(person_of)]


def submission_router(program: Program) -> APIRouter:
    """``/me``, ``/queue``, ``/credentials`` and ``/submissions``."""
    router = APIRouter(tags=["submissions"])
    desk = program.desk

    @router.get("/me")
    def me(me: Me) -> dict[str, Any]:
        """Who you are signed in as."""
        roles = sorted((one.role.value, one.credential) for one in me.grants)
        return {"name": me.name, "roles": [{"role": r, "credential": c} for r, c in roles]}

    @router.get("/queue")
    def queue(me: Me) -> dict[str, Any]:
        """What is assigned to you, the longest waiting first."""
        return {"assigned": [_assigned(one) for one in desk.queue(me)]}

    @router.get("/credentials")
    def credentials(me: Me) -> dict[str, Any]:
        """What you can hand something in for."""
        return {
            "credentials": [
                {
                    "id": one.id,
                    "title": one.title,
                    "slots": [{"id": slot.id, "title": slot.title} for slot in one.slots],
                }
                for one in program.credentials()
                if _hands_in(me, one)
            ]
        }

    @router.get("/submissions/{submission}")
    def status(me: Me, submission: str) -> dict[str, Any]:
        """Where a submission stands: its first pass, what is missing, your part in it."""
        entered = desk.enter(me, submission)
        return _status(entered.case, entered.so_far)

    @router.post("/submissions/{submission}/first-pass")
    def steer(me: Me, submission: str, do: Annotated[Steer, Body(embed=True)]) -> dict[str, Any]:
        """Pause, cancel or retry the first pass; what is finished stays."""
        program.steer(me, submission, do)
        case = desk.cases.open(me, submission)
        return _status(case, desk.so_far(case))

    _add_submit(router, program)
    return router


def _add_submit(router: APIRouter, program: Program) -> None:
    @router.post("/submissions", status_code=201)
    def submit(
        me: Me,
        files: Annotated[list[UploadFile], File()],
        credential: Annotated[str, Form()],
        candidate: Annotated[str, Form(description="A pseudonym.")],
        attempt: Annotated[int, Form(ge=1, le=999)] = 1,
        consent: Annotated[bool, Form()] = False,
        slots: Annotated[str, Form(description="JSON: file name -> slot id.")] = "",
    ) -> dict[str, Any]:
        """Hand in files; the completeness check answers at once, the first pass begins."""
        if not may(me, Act.SUBMIT):
            raise NotPermitted("Your part here does not include handing in.")
        chosen = next((one for one in program.credentials() if one.id == credential), None)
        if chosen is None or not _hands_in(me, chosen):
            raise SubmissionError(f"There is no credential {credential!r} that you hand in for.")
        upload = Upload(
            chosen,
            candidate.strip(),
            attempt,
            consent,
            [(one.filename or "", one.file) for one in files],
            slots_of(slots),
        )
        submission = receive(program, me, upload)
        case = program.desk.cases.open(me, submission)
        return _status(case, program.desk.so_far(case))


def _hands_in(person: Person, credential: Credential) -> bool:
    return any(person.has(role, credential.id) for role in (Role.ISSUER, Role.EVALUATOR))


def _assigned(one: Assigned) -> dict[str, Any]:
    return {
        "submission": one.submission,
        "credential": one.credential,
        "candidate": one.candidate,
        "attempt": one.attempt,
        "kind": one.kind,
        "received_at": one.received_at.isoformat(),
        "outcome": one.outcome,
    }


def _status(case: Case, found: SoFar) -> dict[str, Any]:
    first_pass, progress = found.first_pass, summarize(found.progress)
    return {
        "id": case.record.id,
        "credential": case.record.credential,
        "rubric_hash": case.record.rubric_hash,
        "candidate": case.record.candidate,
        "attempt": case.record.attempt,
        "kind": case.kind,
        "open": case.open,
        "scored": [one for one, standing in case.standings.items() if standing.scored],
        "first_pass": {
            "state": progress.state,
            "words": progress.words,
            "share": progress.fraction,
        },
        "artifacts": [
            {
                "id": one.id,
                "name": one.name,
                "slot": one.slot,
                "kind": one.kind,
                "problem": one.problem.message if one.problem else None,
            }
            for one in first_pass.artifacts
        ],
        "completeness": [
            {"slot": one.slot, "kind": one.kind, "message": one.message}
            for one in first_pass.completeness
        ],
        "finalized": case.finalized.outcome if case.finalized else None,
    }
