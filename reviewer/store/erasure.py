"""Work that is erased: its files, its words and all that was made of them; ratings stay as numbers.

Invariant: either all of it goes, with an event that says so, or nothing. What goes is found by
reference and not by looking for words: results that no stage of another submission names, files
that no other submission has, vectors of the work's own sentences (a cache: who needs one again
makes it again). What other people wrote about the work goes too; their levels stay, under a
pseudonym that leads to nobody, unless the program of the credential wants those gone too. Then
every table and file is searched for the words.
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Table, and_, delete, exists, func, insert, select, update
from sqlalchemy.sql import ColumnElement

from reviewer.errors import NothingToErase, StoreError, TracesRemain
from reviewer.evidence.locate import sentences_of
from reviewer.intake.artifact import Artifact
from reviewer.intake.masking import mask_artifact
from reviewer.privacy import Masking
from reviewer.scoring.fitted.formulas import without_formulas
from reviewer.store import audit
from reviewer.store.accounts import Clock, now
from reviewer.store.database import Database
from reviewer.store.dialects import lifted
from reviewer.store.embeddings import batches, forget
from reviewer.store.files import FileStore
from reviewer.store.forgetting import asked_for, forget_ratings
from reviewer.store.people_schema import assignment
from reviewer.store.program_schema import validity_work, waiver
from reviewer.store.records import Stage, StageState
from reviewer.store.renaming import rename_candidate, said_of, without_words
from reviewer.store.repository import Repository
from reviewer.store.review_schema import decision, evidence_mark, remark
from reviewer.store.schema import artifact, stage, stage_result, submission
from reviewer.store.traces import Searched, holds, runs, search
from reviewer.store.training_schema import training_work

APPENDED = (
    "audit_event",
    "conflict",
    "decision",
    "monitoring",
    "outcome",
    "rating",
    "remark",
    "waiver",
)
"""Append-only tables in which an erasure changes rows."""

AT_ONCE = 20  # results of others that are read together

NAMED = 5  # places of traces that one sentence names


@dataclass(frozen=True, slots=True)
class Work:
    """Submissions of one candidate that are to be erased together."""

    candidate: str
    submissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, and what was searched for it afterwards.

    `tombstones` stand for the candidates now, in the order given. `passages` is the number of
    different runs of words looked for, `shared` of those left out since other submissions,
    credentials or anchors hold them as well; `anchors` of works for training that were made of the
    work, without names and with its candidate's consent, and stay; `kept` of submitted files that
    are still here; `ratings` of levels that went, where a program asks for that.
    """

    tombstones: tuple[str, ...]
    submissions: int
    files: int
    results: int
    vectors: int
    remarks: int
    passages: int
    shared: int
    anchors: int
    kept: int
    ratings: int
    searched: Searched


class Erasure:
    """Erases work of one store; `folders` is where its files lie, the database's included.

    `repository` masks nothing: what is searched for are the words as they were handed in.
    `masking` is what the engines saw, whose vectors go too. `ratings_too` are the credentials whose
    programs want levels gone with the work.
    """

    def __init__(
        self,
        database: Database,
        repository: Repository,
        files: FileStore,
        folders: Sequence[Path],
        masking: Masking | None = None,
        clock: Clock = now,
        ratings_too: Collection[str] = (),
    ) -> None:
        self._database = database
        self._repository = repository
        self._files = files
        self._folders = folders
        self._masking = masking
        self._clock = clock
        self._ratings_too = ratings_too

    def of(self, candidate: str) -> Work:
        """All work of a candidate that is still here; raises `NothingToErase`."""
        found = [
            one.id
            for one in self._repository.submissions()
            if one.candidate == candidate and one.erased_at is None
        ]
        if not found:
            raise NothingToErase(
                f"No work of a candidate {candidate!r} is in {self._database.name}: name the "
                "pseudonym that the pages and the letter give."
            )
        return Work(candidate, tuple(found))

    def erase(self, works: Sequence[Work]) -> Erased:
        """Erase, and search for what is left; raises `TracesRemain`, or `StoreError` before."""
        works = [self._with_copies(work) for work in works]
        ids = [one for work in works for one in work.submissions]
        artifacts = [one for name in ids for one in self._artifacts(name)]
        every = frozenset(run for one in artifacts for run in runs(one.text))
        wanted = every - self._held_elsewhere(every, ids)
        with self._database.writing() as connection:
            _refuse_busy(connection, ids)
            gone = _Gone(connection, ids)
            with lifted(connection, APPENDED):
                without_words(connection, said_of(connection, ids, wanted))
                remarks = sum(
                    _empty(connection, words, ids, wanted) for words in (remark, decision, waiver)
                )
                vectors = forget(connection, self._embedded(artifacts))
                forgotten = asked_for(connection, ids, self._ratings_too)
                ratings = forget_ratings(connection, forgotten)
                tombstones = tuple(self._bury(connection, work, forgotten) for work in works)
            # The last thing before the commit: where it fails, the rows still tell what is to go.
            for sha256 in gone.files:
                self._files.remove(sha256)
        with suppress(StoreError):  # others may hold it up: the search tells what that left
            self._database.overwrite_removed()
        searched = search(self._database, self._folders, wanted)
        kept = self._files.names()
        found = [*searched.found, *sorted(set(gone.files).intersection(kept))]
        if found:
            raise TracesRemain(_remaining(found))
        return Erased(
            tombstones,
            len(ids),
            len(gone.files),
            gone.results,
            vectors,
            remarks,
            len(wanted),
            len(every - wanted),
            gone.anchors,
            len(kept),
            ratings,
            searched,
        )

    def _with_copies(self, work: Work) -> Work:
        """The work with the validity works that were made of it: they have its files."""
        copies = select(validity_work.c.submission).where(
            validity_work.c.original.in_(work.submissions),
            validity_work.c.submission.not_in(work.submissions),
        )
        with self._database.reading() as connection:
            found = connection.scalars(copies.distinct()).all()
        return Work(work.candidate, (*work.submissions, *found))

    def _artifacts(self, submission_id: str) -> tuple[Artifact, ...]:
        first_pass = self._repository.first_pass(submission_id)
        return () if first_pass is None else first_pass.artifacts

    def _held_elsewhere(self, wanted: frozenset[str], ids: Sequence[str]) -> frozenset[str]:
        """The runs that works of others hold as well, a credential or an anchor."""
        others = select(stage_result.c.value).where(
            stage_result.c.stage.in_((Stage.READ, Stage.TRANSCRIBE)),
            exists().where(_same_input(), stage.c.submission.not_in(ids)),
        )
        found: set[str] = set()
        with self._database.reading() as connection:
            for read in connection.scalars(others, execution_options={"yield_per": AT_ONCE}):
                found.update(wanted.intersection(runs(read.decode())))
            for one in (submission.c.credential, training_work.c.artifacts):
                for written in connection.scalars(select(one).distinct()):
                    found.update(wanted.intersection(runs(written)))
        return frozenset(found)

    def _embedded(self, artifacts: Sequence[Artifact]) -> set[str]:
        """SHA-256 of every text of the work that the engines have embedded."""
        seen = [*artifacts]
        if self._masking is not None:
            seen += [mask_artifact(one, self._masking) for one in artifacts]
        sentences = sentences_of(seen)
        texts = {one.text for one in (*sentences, *without_formulas(sentences))}
        return {hashlib.sha256(text.encode()).hexdigest() for text in texts}

    def _bury(self, connection: Connection, work: Work, forgotten: frozenset[str]) -> str:
        """Give the candidate's rows and events a pseudonym of nobody, and return it."""
        tombstone = f"erased-{secrets.token_hex(4)}"
        mine = submission.c.id.in_(work.submissions)
        connection.execute(
            update(submission)
            .where(mine)
            .values(candidate=tombstone, messages="[]", erased_at=self._clock())
        )
        whole = not connection.scalar(
            select(exists().where(submission.c.candidate == work.candidate))
        )
        if whole:
            rename_candidate(connection, work.candidate, tombstone)
        redacted = audit.rename(connection, work.candidate, tombstone, work.submissions, whole)
        redacted |= audit.empty(connection, forgotten.intersection(work.submissions))
        audit.append(
            connection,
            audit.ERASED,
            {
                "candidate": tombstone,
                "submissions": " ".join(work.submissions),
                "redacted": json.dumps(redacted),
            },
        )
        return tombstone


def _retire(connection: Connection, ids: Sequence[str]) -> None:
    """Give erased validity works to nobody any more."""
    latest = select(func.max(validity_work.c.id)).group_by(validity_work.c.submission)
    standing = select(validity_work).where(
        validity_work.c.id.in_(latest), validity_work.c.stands, validity_work.c.submission.in_(ids)
    )
    for row in connection.execute(standing).all():
        values = dict(row._mapping) | {"stands": False}
        del values["id"]
        connection.execute(insert(validity_work).values(**values))


class _Gone:
    """The rows of submissions, removed when this is made; and what only they referred to."""

    def __init__(self, connection: Connection, ids: Sequence[str]) -> None:
        self.files = _own_files(connection, ids)
        for one in (artifact, stage, evidence_mark, assignment):
            connection.execute(delete(one).where(one.c.submission.in_(ids)))
        _retire(connection, ids)
        unnamed = ~exists().where(_same_input())
        self.results = connection.execute(delete(stage_result).where(unnamed)).rowcount
        made_of_it = select(func.count()).where(training_work.c.source.in_(ids))
        self.anchors = connection.scalar(made_of_it) or 0


def _same_input() -> ColumnElement[bool]:
    return and_(
        stage.c.stage == stage_result.c.stage, stage.c.input_hash == stage_result.c.input_hash
    )


def _own_files(connection: Connection, ids: Sequence[str]) -> tuple[str, ...]:
    """Hashes of the files that no other submission has."""

    def hashes(own: bool) -> set[str]:
        where = artifact.c.submission.in_(ids) if own else artifact.c.submission.not_in(ids)
        rows = connection.execute(
            select(artifact.c.sha256, artifact.c.captions_sha256).where(where)
        )
        return {sha256 for row in rows for sha256 in row if sha256}

    return tuple(sorted(hashes(own=True) - hashes(own=False)))


def _refuse_busy(connection: Connection, ids: Sequence[str]) -> None:
    busy = stage.c.submission.in_(ids), stage.c.state == StageState.LEASED
    if connection.scalar(select(exists().where(*busy))):
        raise StoreError(
            "A first pass of this work is being made just now: wait until it is finished, or end "
            "`reviewer serve`, and erase then."
        )


def _empty(connection: Connection, table: Table, ids: Sequence[str], wanted: frozenset[str]) -> int:
    """Take the words out of rows about the work, and of those elsewhere that quote it."""
    rows = connection.execute(
        select(table.c.id, table.c.submission, table.c.words).where(table.c.words != "")
    )
    own = frozenset(ids)
    about = [row.id for row in rows if row.submission in own or holds(row.words, wanted)]
    for some in batches(about):
        connection.execute(update(table).where(table.c.id.in_(some)).values(words=""))
    return len(about)


def _remaining(found: Iterable[str]) -> str:
    places = list(found)
    more = f" and {len(places) - NAMED} more" if len(places) > NAMED else ""
    return (
        f"The work was erased, but words of it are still in {', '.join(places[:NAMED])}{more}: "
        "where that is the database's own file, end `reviewer serve` and run `reviewer store "
        "sweep`; remove any other file by hand."
    )
