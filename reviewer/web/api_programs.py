"""The calls of issuers: policy, distribution, conflicts, rubrics, snapshots, tables, badges.

Invariant: a handler turns JSON or a form into one call of the desk and back; permissions are the
desk's, for the credential in the path.
"""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from reviewer.calibration.gate import Thresholds
from reviewer.calibration.monitoring.model import snapshot_json
from reviewer.desk.programs import Preview
from reviewer.errors import ReviewError
from reviewer.review.permission import Person
from reviewer.review.policy import Policy
from reviewer.rubric.importing import Wanted
from reviewer.rubric.reading import MAX_BYTES
from reviewer.rubric.writing import credential_yaml
from reviewer.web.handing_out import download, handing_out, in_chunks
from reviewer.web.program import Program
from reviewer.web.signing import person_of

Me = Annotated[Person, Depends(person_of)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class PolicyBody(_Body):
    """The whole policy; what is left out is the default again."""

    policy: Policy = Policy()
    thresholds: Thresholds = Thresholds()


class ConflictBody(_Body):
    """A conflict of interest; `stands` false withdraws it."""

    rater: str
    candidate: str
    stands: bool = True


class WaiverBody(_Body):
    """A work whose second score nobody may give, and why it goes on without."""

    submission: str
    reason: str


class AnchorBody(_Body):
    """An anchor of a training set."""

    set: str
    work: str


def program_router(program: Program) -> APIRouter:
    """``/rubrics``, ``/validity`` and ``/programs/{credential}/…``."""
    router = APIRouter(tags=["programs"])
    _add_acts(router, program)
    _add_rubrics(router, program)
    _add_tables(router, program)
    return router


def _add_acts(router: APIRouter, program: Program) -> None:
    programs = program.programs

    @router.put("/programs/{credential}/policy")
    def policy(me: Me, credential: str, body: PolicyBody) -> dict[str, Any]:
        """Set the policy that works are distributed under from now on."""
        kept = programs.set_policy(me, credential, body.policy, body.thresholds)
        return {"number": kept.number, "seed": kept.seed}

    @router.post("/programs/{credential}/distribute")
    def distribute(me: Me, credential: str) -> dict[str, Any]:
        """Give what waits to evaluators, as drawn."""
        done = programs.distribute(me, credential)
        return {
            "works": done.works,
            "seconds": done.seconds,
            "adjudications": done.adjudications,
            "validity": done.validity,
            "short": done.short,
        }

    @router.post("/programs/{credential}/conflicts")
    def conflict(me: Me, credential: str, body: ConflictBody) -> dict[str, Any]:
        """Declare a conflict of interest, or withdraw it."""
        programs.declare(me, credential, body.rater, body.candidate, stands=body.stands)
        return {"saved": True}

    @router.post("/programs/{credential}/waivers")
    def waive(me: Me, credential: str, body: WaiverBody) -> dict[str, Any]:
        """Let a work go on without the second score that nobody may give."""
        programs.waive(me, credential, body.submission, body.reason)
        return {"saved": True}

    @router.post("/programs/{credential}/validity")
    def anchored(me: Me, credential: str, body: AnchorBody) -> dict[str, Any]:
        """Make a validity work of what an anchor of a training set was made of."""
        return {"submission": programs.add_anchor(me, credential, body.set, body.work)}

    @router.post("/submissions/{submission}/validity")
    def validity(me: Me, submission: str) -> dict[str, Any]:
        """Make a validity work of a finalized review."""
        return {"submission": programs.add_validity(me, submission)}

    @router.delete("/programs/{credential}/validity/{work}")
    def retire(me: Me, credential: str, work: str) -> dict[str, Any]:
        """Seed a validity work no more."""
        programs.retire_validity(me, credential, work)
        return {"saved": True}


def _add_rubrics(router: APIRouter, program: Program) -> None:
    programs = program.programs

    @router.post("/rubrics")
    def rubric(
        me: Me,
        file: Annotated[UploadFile, File()],
        id_: Annotated[str, Form(alias="id")] = "",
        version: Annotated[str, Form()] = "",
        rubric: Annotated[str, Form(description="Which, of several.")] = "",
        publish: Annotated[bool, Form()] = False,
    ) -> dict[str, Any]:
        """Say what a rubric file would publish and change; publish it if asked to."""
        data, name = file.file.read(MAX_BYTES + 1), file.filename or "the file"
        wanted = Wanted(id_ or None, version or None, rubric or None)
        shown = preview_json(programs.preview(me, data, name, wanted))
        if publish:
            programs.publish(me, data, name, wanted)
        return shown | {"published": publish}

    @router.get("/programs/{credential}/rubric.yaml")
    def yaml(me: Me, credential: str) -> Response:
        """The newest version as our YAML."""
        text = credential_yaml(programs.credential(me, credential))
        return download(text.encode(), f"{credential}.yaml", "application/yaml")


def _add_tables(router: APIRouter, program: Program) -> None:
    @router.post("/programs/{credential}/snapshot", status_code=202)
    def measure(me: Me, credential: str) -> dict[str, Any]:
        """Begin a new snapshot; the newest one stands until it is finished."""
        program.measure(program.programs.credential(me, credential).id)
        return {"begun": True}

    @router.get("/programs/{credential}/snapshot")
    def snapshot(me: Me, credential: str) -> Response:
        """The newest snapshot."""
        found = program.monitoring.latest(me, credential)
        if found is None:
            raise ReviewError("No snapshot of this program was made yet.")
        return Response(snapshot_json(found), media_type="application/json")

    @router.get("/programs/{credential}/tables/{table}.csv")
    def table(me: Me, credential: str, table: str) -> Response:
        """One table of the newest snapshot."""
        data = program.monitoring.table(me, credential, table)
        return download(data, f"{credential}-{table}.csv", "text/csv")

    @router.get("/programs/{credential}/badges.zip")
    def badges(me: Me, credential: str, since: date | None = None) -> Response:
        """The badges of every award (since a day), unsigned, in one archive."""
        file = program.badges.archive(me, credential, since)
        headers = handing_out(f"{credential}-badges.zip")
        return StreamingResponse(in_chunks(file), media_type="application/zip", headers=headers)


def preview_json(shown: Preview) -> dict[str, Any]:
    """What importing a file would do."""
    credential = shown.imported.credential
    return {
        "format": shown.imported.format,
        "id": credential.id,
        "version": credential.version,
        "title": credential.title,
        "elements": [one.id for one in credential.elements],
        "notes": shown.imported.notes,
        "before": shown.before.version if shown.before else None,
        "differences": [
            {"place": one.place, "kind": one.kind, "before": one.before, "after": one.after}
            for one in shown.differences
        ],
    }
