"""A store as full as a large program's after some years, made in seconds for load studies.

Invariant: the rows are those that handing in and reading would have made, written in bulk; every
submission has its own file, its own ledger line and its own result.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlalchemy import Table, insert

from reviewer.intake.documents import Document
from reviewer.review.permission import Grant, Kind, Person, Role
from reviewer.rubric import Credential
from reviewer.store import schema, values
from reviewer.store.database import Database
from reviewer.store.human import HumanRecords
from reviewer.store.people_schema import assignment

SEGMENTS = 100  # of each submission
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
ROWS_AT_ONCE = 500


def fill(database: Database, credential: Credential, submissions: int) -> None:
    """Put `submissions` submissions of one document with `SEGMENTS` sentences in."""
    written, result = credential.model_dump_json(), values.DOCUMENT.encode(_document())
    numbers = range(submissions)
    _insert(database, schema.submission, (_header(one, credential, written) for one in numbers))
    _insert(database, schema.artifact, map(_artifact, numbers))
    _insert(database, schema.stage, map(_stage, numbers))
    _insert(database, schema.stage_result, (_result(one, result) for one in numbers))


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
        about = {"account": person.id, "kind": Kind.FIRST.value, "created_at": BEGAN}
        _insert(database, assignment, ({"submission": one} | about for one in names))
        found.append((person, names))
    return found


def name_of(number: int) -> str:
    """The id of the submission of this number."""
    return f"load{number:08}"


def artifact_of(submission: str) -> str:
    """The id of a submission's only artifact."""
    return _sha256(int(submission[4:]))[-12:]


def _insert(database: Database, table: Table, rows: Iterable[dict[str, object]]) -> None:
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


def _stage(number: int) -> dict[str, object]:
    return {
        "submission": name_of(number),
        "stage": "read",
        "artifact": _sha256(number)[-12:],
        "position": 0,
        "input_hash": _sha256(number),
        "state": "done",
        "attempts": 1,
        "fraction": 1.0,
        "started_at": BEGAN,
        "finished_at": BEGAN,
    }


def _result(number: int, result: bytes) -> dict[str, object]:
    sha256 = _sha256(number)
    return {
        "stage": "read",
        "input_hash": sha256,
        "value": result,
        "sha256": sha256,
        "created_at": BEGAN,
    }
