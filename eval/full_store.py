"""A store as full as a large program's after some years, made in seconds for load studies.

Invariant: the rows are those that handing in and reading would have made, written in bulk; every
submission has its own file, its own ledger lines and its own results.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlalchemy import Table, insert

from reviewer.evidence.citation import Citation, Stance
from reviewer.intake.documents import Document
from reviewer.review.permission import Grant, Kind, Person, Purpose, Role
from reviewer.rubric import Credential
from reviewer.scoring.draft import DraftKind, ElementDraft, EngineIdentity, Fitness
from reviewer.store import schema, values
from reviewer.store.database import Database
from reviewer.store.human import HumanRecords
from reviewer.store.people_schema import assignment

SEGMENTS = 100  # of each submission
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
ROWS_AT_ONCE = 500
PLACE = b"@artifact@"
CITED = 5  # passages of each draft


def fill(database: Database, credential: Credential, submissions: int) -> None:
    """Put `submissions` submissions in: one document of `SEGMENTS` sentences, all drafts made."""
    written, document = credential.model_dump_json(), _document()
    result, drafts = values.DOCUMENT.encode(document), _drafts(credential, document.text)
    numbers = range(submissions)
    insert_rows(database, schema.submission, (_header(one, credential, written) for one in numbers))
    insert_rows(database, schema.artifact, map(_artifact, numbers))
    for stage in ("read", "draft"):
        insert_rows(database, schema.stage, (_stage(one, stage) for one in numbers))
    insert_rows(database, schema.stage_result, (_result(one, "read", result) for one in numbers))
    insert_rows(
        database,
        schema.stage_result,
        # Citations name their artifact: in a set-up of bytes, the quickest way to say which.
        (
            _result(one, "draft", drafts.replace(PLACE, artifact_of(name_of(one)).encode()))
            for one in numbers
        ),
    )


def people(
    database: Database, records: HumanRecords, submissions: int, evaluators: int
) -> list[tuple[Person, list[str]]]:
    """Each evaluator with the submissions assigned to them: an equal part of the store."""
    found = []
    for number in range(evaluators):
        new = records.accounts.add(f"evaluator{number:02}", None, [Grant(Role.EVALUATOR)])
        person = records.accounts.person(new)
        assert person is not None
        names = [name_of(one) for one in range(number, submissions, evaluators)]
        part = {"kind": Kind.FIRST.value, "purpose": Purpose.ORDINARY.value}
        about = {"account": person.id, "created_at": BEGAN} | part
        insert_rows(database, assignment, ({"submission": one} | about for one in names))
        found.append((person, names))
    return found


def name_of(number: int) -> str:
    """The id of the submission of this number."""
    return f"load{number:08}"


def artifact_of(submission: str) -> str:
    """The id of a submission's only artifact."""
    return _sha256(int(submission[4:]))[-12:]


def insert_rows(database: Database, table: Table, rows: Iterable[dict[str, object]]) -> None:
    """Insert rows in bulk, in one transaction."""
    waiting = iter(rows)
    with database.writing() as connection:
        while some := list(islice(waiting, ROWS_AT_ONCE)):
            connection.execute(insert(table), some)


def _document() -> Document:
    sentences = (
        f"In minute {index} a pupil answers what another pupil has just said."
        + ("\n\n" if index % 5 == 4 else " ")
        for index in range(SEGMENTS)
    )
    return Document("".join(sentences).strip())


def _drafts(credential: Credential, text: str) -> bytes:
    """A draft of every element, resting on `CITED` paragraphs of `text` in `PLACE`."""
    paragraphs = text.split("\n\n")
    identity = EngineIdentity("coverage", "1", "0" * 64, credential.rubric_hash, {})
    drafts = []
    for number, element in enumerate(credential.elements):
        cited = []
        for quote in paragraphs[number : number + CITED]:
            start = text.index(quote)
            where = (quote, start, start + len(quote), None, None, None, None)
            cited.append(Citation(PLACE.decode(), *where, Stance.SUPPORTS, 1 / CITED, None))
        shares = {f"{value:g}": 1 / len(element.values) for value in element.values}
        level = element.values[-1]
        draft = ElementDraft(
            element.id, DraftKind.DRAFT, None, Fitness.UNMEASURED, level, level, shares, 0.5,
            "Five passages show it.", tuple(cited), identity,
        )  # fmt: skip
        drafts.append(draft)
    return values.DRAFTS.encode(tuple(drafts))


def _sha256(number: int) -> str:
    return f"{number:064x}"


def _header(number: int, credential: Credential, written: str) -> dict[str, object]:
    return {
        "id": name_of(number),
        "credential_id": credential.id,
        "rubric_hash": credential.rubric_hash,
        "credential": written,
        "candidate": f"C-{number}",
        "attempt": 1,
        "consent": True,
        "messages": "[]",
        "created_at": BEGAN + timedelta(minutes=number),
    }


def _artifact(number: int) -> dict[str, object]:
    return {
        "submission": name_of(number),
        "position": 0,
        "artifact": _sha256(number)[-12:],
        "name": "plans.txt",
        "sha256": _sha256(number),
        "size": 1000,
        "slot": "activity-plans",
        "kind": "document",
        "content": "text",
    }


def _stage(number: int, stage: str) -> dict[str, object]:
    return {
        "submission": name_of(number),
        "stage": stage,
        "artifact": _sha256(number)[-12:] if stage == "read" else "",
        "position": ("read", "draft").index(stage),
        "input_hash": _sha256(number),
        "state": "done",
        "attempts": 1,
        "fraction": 1.0,
        "started_at": BEGAN,
        "finished_at": BEGAN,
    }


def _result(number: int, stage: str, result: bytes) -> dict[str, object]:
    return {
        "stage": stage,
        "input_hash": _sha256(number),
        "value": result,
        "sha256": _sha256(number),
        "created_at": BEGAN,
    }
