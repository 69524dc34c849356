"""The fragments of training: the page of sets and standings, and the room where one practises.

Invariant: what is rendered is what the training desk hands out for this person now; a key stands
in a fragment only after practice was handed in. There is no draft in any of them.

    GET /training/hall                      {parts{who, training}}
    GET /training/sitting/{number}?element= {parts{…}, elements, levels, …}
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from reviewer.desk.training import Before
from reviewer.desk.training_overview import own, trainees
from reviewer.export.compose import artifact_view
from reviewer.export.layout import Mark
from reviewer.export.view import ArtifactView
from reviewer.intake.artifact import Artifact
from reviewer.review.permission import Person
from reviewer.rubric import Element
from reviewer.store.sittings import Purpose
from reviewer.store.training_sets import SetRecord
from reviewer.training.comparing import Compared
from reviewer.training.permission import TrainingAct, may_train
from reviewer.training.work import FORMS, Part, Span, coverage
from reviewer.web.excerpts import PassageView, passage
from reviewer.web.live import FRESH, unless_known, who
from reviewer.web.program import Program
from reviewer.web.rendering import page_templates
from reviewer.web.signing import person_of


def training_pages(program: Program) -> APIRouter:
    """The routes of this module over `program`."""
    router = APIRouter()
    desk = program.training

    @router.get("/training/hall")
    def hall(request: Request) -> Response:
        person = person_of(request)
        sets = desk.sets(person)
        parts = {
            "who": who(person),
            "training": _render(
                "training_sets.html.j2", sets=[_set(program, person, one) for one in sets]
            ),
            "keeping": _keeping(program, person, sets),
        }
        return unless_known(request, {"running": False, "parts": parts})

    @router.get("/training/sitting/{number}")
    def sitting(request: Request, number: int, element: str = "") -> Response:
        person = person_of(request)
        before = desk.at(person, number)
        return JSONResponse(_room(program, person, before, element), headers=FRESH)

    return router


def _keeping(program: Program, person: Person, sets: Sequence[SetRecord]) -> str:
    """The forms of who keeps sets or issues: a part of its own, which no trainee's step redraws."""
    keeps = [one for one in sets if may_train(person, TrainingAct.KEEP_SETS, one.credential)]
    issues = [one for one in sets if may_train(person, TrainingAct.REQUIRE, one.credential)]
    desk = program.training
    return _render(
        "training_keeping.html.j2",
        made_for=[
            one for one in program.credentials() if may_train(person, TrainingAct.KEEP_SETS, one.id)
        ],
        anchors=[one for one in sets if one in (*keeps, *issues) and not one.synthetic],
        rules_of=[
            (one.id, one.title, kept.policy.model_dump_json(indent=1))
            for one in keeps
            for kept in [desk.kept(person, one.id, TrainingAct.KEEP_SETS)]
        ],
        asks=_asks(program, person),
    )


def _asks(program: Program, person: Person) -> list[tuple[str, str, bool]]:
    """(id, title, whether live work asks for a qualification) of what the person issues."""
    asked_for = program.desk.records.qualifications.asked_for
    return [
        (one.id, one.title, asked_for(one.id))
        for one in program.credentials()
        if may_train(person, TrainingAct.REQUIRE, one.id)
    ]


def _set(program: Program, person: Person, record: SetRecord) -> Mapping[str, Any]:
    """One set as the page shows it: a trainee's own standing, or a keeper's view."""
    desk = program.training
    made: dict[str, Any] = {"record": record, "own": None, "keeps": None}
    if may_train(person, TrainingAct.PRACTISE, record.credential):
        made["own"] = own(desk, person, record.id)
    if may_train(person, TrainingAct.KEEP_SETS, record.credential):
        kept = desk.kept(person, record.id, TrainingAct.KEEP_SETS)
        made["keeps"] = {
            "kept": kept,
            "coverage": coverage(kept),
            "parts": Part,
            "trainees": trainees(desk, person, record.id),
        }
    return made


def _room(program: Program, person: Person, before: Before, chosen: str) -> dict[str, Any]:
    """Everything that the practice page shows, with the element `chosen` (or the first) open."""
    known = {one.id: one for one in before.asked}
    element = known.get(chosen) or before.asked[0]
    compared = {one.element.id: one for one in program.training.compared(person, before)}
    shown = compared.get(element.id)
    tags = before.sitting.tags.get(element.id, ())
    artifacts = {one.id: one for one in before.work.artifacts}
    said = before.sitting.said.get(element.id)
    number = 1 + list(known).index(element.id)
    parts = {
        "title": _render("practice_title.html.j2", before=before, title=_title(before)),
        "elements": _render("practice_elements.html.j2", before=before, compared=compared),
        "card": _render(
            "practice_card.html.j2",
            before=before,
            number=number,
            element=element,
            said=said,
            tags=_passages(tags, artifacts, number),
            compared=shown,
            key=_passages(shown.entry.excerpts, artifacts, number) if shown else (),
            panel=before.sitting.purpose is Purpose.PANEL,
            differing=program.training.differing(before),
        ),
        "work": _render(
            "practice_text.html.j2",
            artifacts=_views(before, tags, shown),
            recordings=before.work.recordings,
        ),
    }
    return {
        "parts": parts,
        "title": f"{_title(before)} · reviewer",
        "element": element.id,
        "elements": list(known),
        "rated": list(before.sitting.said),
        "levels": element.values,
        "level": said.level if said else None,
        "handed_in": before.handed_in,
        "panel": before.sitting.purpose is Purpose.PANEL,
    }


def _title(before: Before) -> str:
    """Which work it is, in words that tell nothing of its level."""
    kept, work = before.kept, before.work
    if before.sitting.purpose is Purpose.QUALIFICATION:
        works = kept.of(*FORMS)
        at = 1 + [one.id for one in works].index(work.id)
        return f"Qualification, work {at} of {len(works)}"
    if before.sitting.purpose is Purpose.PANEL:
        return "Anchor, panel"
    works = kept.of(Part.PRACTICE)
    at = 1 + [one.id for one in works].index(work.id)
    return f"Practice, work {at} of {len(works)}"


def _views(
    before: Before, tags: Sequence[Span], compared: Compared | None
) -> list[tuple[Artifact, ArtifactView]]:
    """The texts, with one's own tags of the element and, once it may be shown, the key's."""
    spans = [("own", one) for one in tags]
    spans += [("key", one) for one in compared.entry.excerpts] if compared else []
    return [
        (
            artifact,
            artifact_view(
                artifact,
                before.kept.credential,
                [
                    Mark(f"{whose}-{at}", span.start, span.end, whose)
                    for at, (whose, span) in enumerate(spans)
                    if span.artifact == artifact.id
                ],
            ),
        )
        for artifact in before.work.artifacts
    ]


def _passages(
    spans: Sequence[Span], artifacts: Mapping[str, Artifact], number: int
) -> tuple[PassageView, ...]:
    return tuple(
        passage(f"{number}-{at}", artifacts[one.artifact], one.start, one.end)
        for at, one in enumerate(spans, start=1)
    )


def level_name(element: Element, value: float | None) -> str:
    """A level as people say it: ``2 Demonstrated``."""
    if value is None:
        return "not observable"
    title = next(one.title for one in element.levels if one.value == value)
    return f"{value:g} {title}".strip()


def _render(template: str, **values: object) -> str:
    return page_templates().get_template(template).render(**values, level_name=level_name)
