"""Submissions and their files: put in once, read back as values, with what was made of them.

Invariant: what a submission's id is made of (candidate, attempt, rubric, bytes, slots) never
changes under it; names, messages and what the badge counts for are those of the latest handing in.
What was made of the files stands in the ledger; `first_pass` puts both together.
"""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Row, bindparam, delete, exists, insert, select, update

from reviewer.calibration.gate import chosen
from reviewer.errors import NotPermitted, StoreError, SubmissionError
from reviewer.intake.artifact import ArtifactKind, Problem
from reviewer.intake.package import Package
from reviewer.intake.sniff import ContentKind
from reviewer.intake.submitted import CaptionFile, SubmittedFile
from reviewer.privacy import Masking
from reviewer.rubric import Credential
from reviewer.scoring.draft import DraftedLevel, ElementDraft
from reviewer.scoring.first_pass import FirstPass
from reviewer.scoring.gate import gate, measured
from reviewer.store import audit
from reviewer.store.assembly import drafts_so_far, first_pass_so_far, masked_drafts
from reviewer.store.database import Database
from reviewer.store.embeddings import StoredEmbeddings
from reviewer.store.files import FileStore
from reviewer.store.kept_passes import KeptPasses, MadeOf
from reviewer.store.ledger import Ledger
from reviewer.store.listing import ListedWork, SoFar, listed, progress_of
from reviewer.store.live_ratings import drafted_levels
from reviewer.store.packages import header_of, known_header, known_rows, received, rows_of
from reviewer.store.program_schema import validity_work
from reviewer.store.queue import Queue
from reviewer.store.readings import Readings
from reviewer.store.records import (
    Held,
    StageLine,
    StageProgress,
    StoredSubmission,
    SubmissionRecord,
)
from reviewer.store.schema import artifact, submission
from reviewer.store.verdicts import StoredVerdicts, fitness_of

_HEADERS = select(submission).where(submission.c.id.in_(bindparam("submissions")))
_FILES = (
    select(artifact)
    .where(artifact.c.submission.in_(bindparam("submissions")))
    .order_by(artifact.c.position)
)


class Repository:
    """Everything that is kept of submissions; safe to share among threads.

    With a `masking`, whatever it hands out of texts and names of files is masked.
    """

    def __init__(
        self, database: Database, files: FileStore, masking: Masking | None = None
    ) -> None:
        self._database = database
        self._files = files
        self._masking = masking
        self.ledger = Ledger(database)
        self.queue = Queue(database)
        self.embeddings = StoredEmbeddings(database)
        self.verdicts = StoredVerdicts(database)
        self._passes = KeptPasses()
        self._readings = Readings(masking)

    def add(self, package: Package, credential: Credential) -> None:
        """Keep a package and the bytes of its files; handed in again, its wording is brought up.

        Raises `SubmissionError` if a file changes meanwhile or the work was erased, `StoreError` if
        it cannot be kept.
        """
        self._refuse_erased(package.submission_id)
        for file in package.usable:
            if file.path is not None:
                self._files.keep(file.path, file.sha256)
            if file.captions is not None:
                self._files.keep(file.captions.path, file.captions.sha256)
        header, rows = header_of(package, credential), rows_of(package)
        with self._database.writing() as connection:
            self._refuse_erased(package.submission_id)  # it may have been, meanwhile
            known = known_header(connection, package.submission_id)
            if known is None:
                created_at = datetime.now(UTC)
                connection.execute(insert(submission).values(**header, created_at=created_at))
                audit.append(connection, "submission_received", received(package, credential))
            elif (known, known_rows(connection, package.submission_id)) != (header, rows):
                where = submission.c.id == package.submission_id
                connection.execute(update(submission).where(where).values(**header))
                audit.append(
                    connection, "submission_reworded", {"submission": package.submission_id}
                )
            else:
                return
            connection.execute(
                delete(artifact).where(artifact.c.submission == package.submission_id)
            )
            connection.execute(insert(artifact), rows)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What this thread reads inside is read in one transaction: a dozen cost more."""
        with self._database.reading():
            yield

    def _refuse_erased(self, submission_id: str) -> None:
        known = self.record(submission_id)
        if known is not None and known.erased_at is not None:
            raise SubmissionError(
                f"This very work was erased on {known.erased_at:%Y-%m-%d} and is not taken again: "
                "its ratings stand without it. Hand it in as a further attempt if it is to be "
                "reviewed anew."
            )

    def submissions(self) -> tuple[SubmissionRecord, ...]:
        """All submissions, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(submission).order_by(submission.c.created_at.desc(), submission.c.id)
            ).all()
        return tuple(_record(row) for row in rows)

    def newest(
        self, most: int, credentials: frozenset[str] | None = None
    ) -> tuple[SubmissionRecord, ...]:
        """At most `most` live works (of these credentials; null: of all), newest first.

        Erased ones are left out: there is nothing to look at.
        """
        known = exists().where(validity_work.c.submission == submission.c.id)
        query = select(submission).where(~known, submission.c.erased_at.is_(None))
        query = query.order_by(submission.c.created_at.desc(), submission.c.id)
        if credentials is not None:
            query = query.where(submission.c.credential_id.in_(sorted(credentials)))
        with self._database.reading() as connection:
            rows = connection.execute(query.limit(most)).all()
        return tuple(_record(row) for row in rows)

    def record(self, submission_id: str) -> SubmissionRecord | None:
        """One submission as it was received; null if there is none."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(submission).where(submission.c.id == submission_id)
            ).one_or_none()
        return None if row is None else _record(row)

    def get(self, submission_id: str) -> StoredSubmission:
        """A submission with its credential and its files; raises `StoreError` if there is none.

        The files' paths are those of the store, not yet checked.
        """
        found = self._find([submission_id]).get(submission_id)
        if found is None:
            raise self._unknown(submission_id)
        return found

    def _unknown(self, submission_id: str) -> StoreError:
        return StoreError(f"There is no submission {submission_id} in {self._database.name}.")

    def _find(self, submissions: Collection[str]) -> dict[str, StoredSubmission]:
        files: dict[str, list[SubmittedFile]] = {one: [] for one in submissions}
        asked = {"submissions": list(submissions)}
        with self._database.reading() as connection:
            rows = connection.execute(_HEADERS, asked).all()
            for one in connection.execute(_FILES, asked):
                files[one.submission].append(self._file(one))
        return {
            row.id: StoredSubmission(
                record=_record(row),
                credential=_credential(row.credential),
                files=tuple(files[row.id]),
                messages=tuple(self.masked(one) for one in json.loads(row.messages)),
                masking=self._masking,
            )
            for row in rows
        }

    def masked(self, words: str) -> str:
        """Words about a submission as they may be shown and handed out."""
        return words if self._masking is None else self._masking.mask(words)

    def _file(self, row: Row[Any]) -> SubmittedFile:
        captions = row.captions and CaptionFile(
            self.masked(row.captions), self._files.path(row.captions_sha256), row.captions_sha256
        )
        return SubmittedFile(
            id=row.artifact,
            name=self.masked(row.name),
            path=None if row.problem else self._files.path(row.sha256),
            size=row.size,
            sha256=row.sha256,
            kind=row.kind and ArtifactKind(row.kind),
            content=row.content and ContentKind(row.content),
            duration_s=row.duration_s,
            slot=row.slot,
            captions=captions,
            problem=row.problem and Problem(row.problem, self.masked(row.problem_message)),
        )

    def credential(self, submission_id: str) -> Credential:
        """The credential as it was when the submission was made; raises `StoreError`."""
        with self._database.reading() as connection:
            found = connection.scalar(
                select(submission.c.credential).where(submission.c.id == submission_id)
            )
        if found is None:
            raise self._unknown(submission_id)
        return _credential(found)

    def headers(
        self, submissions: Collection[str]
    ) -> dict[str, tuple[SubmissionRecord, Credential]]:
        """`record` and `credential` by submission, of those that are here."""
        with self._database.reading() as connection:
            rows = connection.execute(_HEADERS, {"submissions": list(submissions)})
            return {row.id: (_record(row), _credential(row.credential)) for row in rows}

    def progress(self, submission_id: str) -> tuple[StageProgress, ...]:
        """The ledger's lines of one submission, in the order of the work; raises `StoreError`."""
        with self._database.reading():
            return progress_of(self.get(submission_id), self.ledger.lines(submission_id))

    def so_far(self, submission_id: str) -> SoFar | None:
        """`first_pass` and `progress` of one moment; null if there is no such submission."""
        with self._database.reading():
            found = self._find([submission_id]).get(submission_id)
            if found is None:
                return None
            lines = self.ledger.lines(submission_id)
            return SoFar(self._first_pass(found, lines), progress_of(found, lines))

    def listed(self, submissions: Collection[str]) -> dict[str, ListedWork]:
        """What a list says of each, of those that are here."""
        with self._database.reading() as connection:
            return listed(connection, self._find(submissions), self._readings)

    def first_pass(self, submission_id: str) -> FirstPass | None:
        """The result so far, with the artifacts read so far; null if there is no such submission.

        Elements are empty until the drafts are made; the best open engine drafts each, and the gate
        shows its draft or holds it back.
        """
        found = self.so_far(submission_id)
        return None if found is None else found.first_pass

    def _first_pass(self, found: StoredSubmission, lines: tuple[StageLine, ...]) -> FirstPass:
        verdicts = self.verdicts.latest(found.record.credential, found.record.rubric_hash)
        made = self._passes.get(MadeOf(found, lines, fitness_of(verdicts)), self._make)
        policy = found.credential.gate
        elements = tuple(gate(one, policy) for one in chosen(made.elements, verdicts))
        return replace(made, elements=elements)

    def drafts(self, submission_id: str) -> tuple[ElementDraft, ...]:
        """Every engine's drafts with their measured fitness: for measuring, not for show.

        No gate holds them back. Empty until they are made; raises `StoreError` for an unknown
        submission.
        """
        found = self.get(submission_id)
        made = drafts_so_far(self.ledger.lines(submission_id), self.ledger)
        made = masked_drafts(made, (), self._masking)
        known = self.verdicts.fitness(found.record.credential, found.record.rubric_hash)
        return tuple(measured(one, known) for one in made)

    def drafted(
        self, credential: str | None = None
    ) -> Iterator[tuple[str, tuple[DraftedLevel, ...]]]:
        """(submission, its drafted levels) of all live works (of a credential; null: of any).

        Read while it is iterated, in one query; no gate holds anything back.
        """
        with self._database.reading() as connection:
            yield from drafted_levels(connection, credential)

    def _make(self, made_of: MadeOf) -> FirstPass:
        """The first pass so far with the measured fitness of its drafts, held back by no gate."""
        made = first_pass_so_far(made_of.stored, made_of.lines, self.ledger)
        elements = tuple(measured(one, made_of.fitness) for one in made.elements)
        return replace(made, elements=elements)

    def file_path(self, submission_id: str, artifact_id: str) -> Path:
        """The stored bytes of one artifact, checked against their hash; raises `StoreError`.

        With a masking, those of a document are for nobody's eyes: raises `NotPermitted`.
        """
        for file in self.get(submission_id).files:
            if file.id == artifact_id and file.path is not None:
                if self._masking is not None and file.kind is ArtifactKind.DOCUMENT:
                    raise NotPermitted(
                        f"{file.name} is not shown as it is, since names in it are covered in its "
                        "text alone; read it there."
                    )
                return self._files.find(file.sha256)
        raise StoreError(
            f"There is no file {artifact_id} in the submission {submission_id}, or it could not "
            "be used."
        )

    def checked(self, file: SubmittedFile) -> SubmittedFile:
        """The same file of a submission, its bytes and captions checked; raises `StoreError`."""
        self._files.find(file.sha256)
        if file.captions is not None:
            self._files.find(file.captions.sha256)
        return file


@lru_cache(maxsize=64)
def _credential(written: str) -> Credential:
    """A store of many submissions holds few credentials, and reading one takes a millisecond."""
    return Credential.model_validate_json(written)


def _record(row: Row[Any]) -> SubmissionRecord:
    return SubmissionRecord(
        id=row.id,
        credential=row.credential_id,
        credential_title=_credential(row.credential).title,
        rubric_hash=row.rubric_hash,
        candidate=row.candidate,
        attempt=row.attempt,
        consent=row.consent,
        created_at=row.created_at,
        held=row.held and Held(row.held),
        erased_at=row.erased_at,
    )
