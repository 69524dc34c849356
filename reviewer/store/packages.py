"""A package as the rows of its submission and artifacts, and what is there already.

Invariant: equal packages have equal rows, so that what is handed in again is known.
"""

import json
from typing import Any

from sqlalchemy import Connection, select

from reviewer.intake.package import Package
from reviewer.rubric import Credential
from reviewer.store import audit
from reviewer.store.schema import artifact, submission


def header_of(package: Package, credential: Credential) -> dict[str, Any]:
    """The row of the submission, but for when it was received."""
    return {
        "id": package.submission_id,
        "credential_id": credential.id,
        "rubric_hash": credential.rubric_hash,
        "credential": credential.model_dump_json(),
        "candidate": package.candidate,
        "attempt": package.attempt,
        "consent": package.consent,
        "messages": json.dumps(package.messages, ensure_ascii=False),
    }


def known_header(connection: Connection, submission_id: str) -> dict[str, Any] | None:
    """The row that is there, as `header_of` makes it; null without one."""
    own = {"created_at", "erased_at", "held"}
    columns = [column for column in submission.c if column.name not in own]
    row = connection.execute(select(*columns).where(submission.c.id == submission_id)).one_or_none()
    return None if row is None else dict(row._mapping)


def rows_of(package: Package) -> list[dict[str, Any]]:
    """The rows of the artifacts, in the order of the package."""
    return [
        {
            "submission": package.submission_id,
            "position": position,
            "artifact": file.id,
            "name": file.name,
            "sha256": file.sha256,
            "size": file.size,
            "duration_s": file.duration_s,
            "slot": file.slot,
            "kind": file.kind,
            "content": file.content,
            "captions": file.captions.name if file.captions else None,
            "captions_sha256": file.captions.sha256 if file.captions else None,
            "problem": file.problem.kind if file.problem else None,
            "problem_message": file.problem.message if file.problem else None,
        }
        for position, file in enumerate(package.files)
    ]


def known_rows(connection: Connection, submission_id: str) -> list[dict[str, Any]]:
    """The rows of artifacts that are there, as `rows_of` makes them."""
    rows = connection.execute(
        select(artifact).where(artifact.c.submission == submission_id).order_by(artifact.c.position)
    )
    return [dict(row._mapping) for row in rows]


def received(package: Package, credential: Credential) -> audit.Details:
    """What the record says of a package that is new."""
    return {
        "submission": package.submission_id,
        "credential": credential.id,
        "rubric_hash": credential.rubric_hash,
        "candidate": package.candidate,
        "attempt": package.attempt,
        "consent": package.consent,
        "files": len(package.files),
        "unusable": len(package.problems),
        "missing": sum(finding.kind == "missing" for finding in package.completeness),
    }
