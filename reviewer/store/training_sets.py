"""Training sets as rows: works without names, keys given or agreed on, rules.

Invariant: a set handed out is whole: its works in order, each with the key that holds now. Where
no key was given with the work, it is what the panel's latest handed-in ratings agree on.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select

from reviewer.errors import TrainingError
from reviewer.rubric import Credential
from reviewer.store import audit
from reviewer.store.accounts import Clock, now
from reviewer.store.database import Database
from reviewer.store.schema import submission
from reviewer.store.sittings import voices_of
from reviewer.store.training_schema import training_rules, training_set, training_work
from reviewer.store.values import ARTIFACTS, KEY
from reviewer.training.consensus import Voice, key_of
from reviewer.training.policy import Policy
from reviewer.training.work import Part, TrainingSet, Work


@dataclass(frozen=True, slots=True)
class SetRecord:
    """A set as it is listed."""

    id: str
    title: str
    credential: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class AgreedAnchor:
    """An anchor of a set of real work: its `source` is still here, its panel agreed on `levels`."""

    set: str
    title: str
    work: str
    source: str
    levels: Mapping[str, float]


class TrainingSets:
    """All training sets of one store; safe to share among threads."""

    def __init__(self, database: Database, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    def add(self, kept: TrainingSet, actor: str) -> None:
        """Keep a set with its works; one that is there already is left as it is.

        The works of a synthetic set are kept with their keys, those of others without.
        """
        with self._database.writing() as connection:
            if connection.scalar(select(training_set.c.id).where(training_set.c.id == kept.id)):
                return
            connection.execute(
                insert(training_set).values(
                    id=kept.id,
                    title=kept.title,
                    credential_id=kept.credential.id,
                    rubric_hash=kept.credential.rubric_hash,
                    credential=kept.credential.model_dump_json(),
                    synthetic=kept.synthetic,
                    at=self._clock(),
                )
            )
            self._rules(connection, kept.id, kept.policy)
            for work in kept.works:
                self._work(connection, kept.id, work, keyed=kept.synthetic)
            audit.append(
                connection,
                "training_set_added",
                {"set": kept.id, "credential": kept.credential.id, "works": len(kept.works)},
                actor,
            )

    def add_work(self, set_id: str, work: Work, actor: str) -> None:
        """Add a work made from a submission, its source; its key is what the panel will agree on.

        Raises `TrainingError` where the submission is in the set already.
        """
        with self._database.writing() as connection:
            there = select(training_work.c.id).where(
                training_work.c.set == set_id, training_work.c.source == work.source
            )
            if connection.scalar(there):
                raise TrainingError("This submission is in the set already.")
            self._work(connection, set_id, work, keyed=False)
            details: audit.Details = {
                "set": set_id,
                "work": work.id,
                "submission": work.source,
                "recordings": len(work.recordings),
            }
            audit.append(connection, "anchor_made", details, actor)

    def set_rules(self, set_id: str, policy: Policy, actor: str) -> None:
        """Let other rules hold from now on; what was judged stays as it was."""
        with self._database.writing() as connection:
            self._rules(connection, set_id, policy)
            audit.append(connection, "training_rules_set", {"set": set_id}, actor)

    def _rules(self, connection: Connection, set_id: str, policy: Policy) -> None:
        connection.execute(
            insert(training_rules).values(
                set=set_id, policy=policy.model_dump_json(), at=self._clock()
            )
        )

    def _work(self, connection: Connection, set_id: str, work: Work, *, keyed: bool) -> None:
        last = connection.scalar(
            select(func.max(training_work.c.position)).where(training_work.c.set == set_id)
        )
        connection.execute(
            insert(training_work).values(
                set=set_id,
                id=work.id,
                position=(last or 0) + 1,
                part=work.part.value,
                artifacts=ARTIFACTS.encode(work.artifacts).decode(),
                key=KEY.encode(dict(work.key)).decode() if keyed else None,
                source=work.source,
                recordings=json.dumps(dict(work.recordings)) if work.recordings else None,
                at=self._clock(),
            )
        )

    def all(self) -> tuple[SetRecord, ...]:
        """All sets, by title."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(training_set).order_by(training_set.c.title, training_set.c.id)
            ).all()
        return tuple(SetRecord(row.id, row.title, row.credential_id, row.synthetic) for row in rows)

    def agreed(self, credential: str) -> tuple[AgreedAnchor, ...]:
        """The anchors of a credential with any level that its panel agrees on, by set and place."""
        query = (
            select(training_work.c.set, training_set.c.title, training_work.c.id, submission.c.id)
            .join(training_set, training_set.c.id == training_work.c.set)
            .join(submission, submission.c.id == training_work.c.source)
            .where(
                training_set.c.credential_id == credential,
                training_set.c.synthetic.is_(False),
                submission.c.erased_at.is_(None),
            )
            .order_by(training_set.c.title, training_work.c.set, training_work.c.position)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
            voices = {one: voices_of(connection, one) for one in {row[0] for row in rows}}
        keys = ((row, key_of(voices[row[0]].get(row[2], ()))) for row in rows)
        return tuple(
            AgreedAnchor(*row, {element: entry.level for element, entry in key.items()})
            for row, key in keys
            if key
        )

    def voices(self, set_id: str, work: str) -> tuple[Voice, ...]:
        """What the panel said of one work, in sittings that were handed in."""
        with self._database.reading() as connection:
            return voices_of(connection, set_id).get(work, ())

    def get(self, set_id: str) -> TrainingSet | None:
        """The set of this id; null where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(training_set).where(training_set.c.id == set_id)
            ).one_or_none()
            if row is None:
                return None
            policy = connection.scalar(
                select(training_rules.c.policy)
                .where(training_rules.c.set == set_id)
                .order_by(training_rules.c.id.desc())
                .limit(1)
            )
            here = and_(submission.c.id == training_work.c.source, submission.c.erased_at.is_(None))
            works = connection.execute(
                select(training_work, submission.c.id.label("here"))
                .outerjoin(submission, here)
                .where(training_work.c.set == set_id)
                .order_by(training_work.c.position)
            ).all()
            voices = voices_of(connection, set_id)
        assert policy is not None
        return TrainingSet(
            row.id,
            row.title,
            Credential.model_validate_json(row.credential),
            row.synthetic,
            Policy.model_validate_json(policy),
            tuple(_work_of(one, voices.get(one.id, ())) for one in works),
        )


def _work_of(row: Row[Any], voices: tuple[Voice, ...]) -> Work:
    key = key_of(voices) if row.key is None else KEY.decode(row.key.encode())
    recordings = json.loads(row.recordings) if row.here and row.recordings else {}
    artifacts = ARTIFACTS.decode(row.artifacts.encode())
    return Work(row.id, Part(row.part), artifacts, key, row.here, recordings)
