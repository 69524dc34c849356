"""The long table of ratings: each rating of a person, each level of an engine, one row.

Invariant: rows of all live works are read in one query a table and in one transaction, and are
those that the works would give one by one.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from reviewer.desk.case import Submissions
from reviewer.desk.looking import engine_of
from reviewer.export.ratings import RatingRow
from reviewer.review.rating import Aid, Rating
from reviewer.scoring.draft import DraftedLevel, DraftKind
from reviewer.scoring.gate import engine_version
from reviewer.store.human import HumanRecords
from reviewer.store.live_ratings import Shown, Times
from reviewer.store.records import SubmissionRecord

Engines = Mapping[tuple[str, str], str]
"""Engine version of the draft that was shown, by (element, rater id)."""


def live_rows(
    submissions: Submissions, records: HumanRecords, credential: str | None = None
) -> tuple[RatingRow, ...]:
    """The rows of all live works (of a credential), newest work first."""
    with records.reading():
        known = records.validity.all()
        works = {
            one.id: one
            for one in submissions.submissions()
            if one.id not in known and credential in (None, one.credential)
        }
        given, spent = records.live.ratings(credential), records.live.times(credential)
        shown = records.live.shown(credential)
        drafted, engines = {}, {}
        for name, levels in submissions.drafted(credential):
            if name in works:
                drafted[name] = engine_rows(works[name], levels)
                engines[name] = shown_engines(shown.get(name, {}), levels)
    rows: list[RatingRow] = []
    for name, record in works.items():
        rows += person_rows(record, given.get(name, ()), spent.get(name, {}), engines.get(name, {}))
        rows += drafted.get(name, ())
    return tuple(rows)


def shown_engines(shown: Shown, drafted: Iterable[DraftedLevel]) -> Engines:
    """The version of the engine whose draft a person saw; none where they saw those of several."""
    versions = {(one.element, engine_of(one)): engine_version(one.engine) for one in drafted}
    found = {}
    for (element, rater), details in shown.items():
        seen = {versions[element, one] for one in details if (element, one) in versions}
        if len(seen) == 1:
            found[element, rater] = seen.pop()
    return found


def person_rows(
    record: SubmissionRecord,
    given: Iterable[tuple[str, Rating]],
    spent: Times,
    engines: Engines,
) -> list[RatingRow]:
    """A row a rating; time is told once, on the first rating of the same aid.

    What was given after a draft was seen names the engine of that draft, where it is known.
    """
    left = dict(spent)
    return [
        RatingRow(
            **_about(record),
            element=one.element,
            rater=name,
            rater_type=one.rater_type.value,
            score=one.level,
            phase=one.phase.value,
            aid=one.aid.value,
            timestamp=one.at,
            engine_version=engines.get((one.element, one.rater)) if one.aid is Aid.DRAFT else None,
            not_observable=one.level is None,
            active_s=left.pop((one.element, one.rater, one.aid), None),
        )
        for name, one in given
    ]


def engine_rows(record: SubmissionRecord, drafted: Iterable[DraftedLevel]) -> list[RatingRow]:
    """A row a drafted level; what was not drafted has none."""
    return [
        RatingRow(
            **_about(record),
            element=one.element,
            rater=one.engine.id,
            rater_type="engine",
            score=one.level,
            phase="blind",
            aid="none",
            timestamp=None,
            engine_version=engine_version(one.engine),
            not_observable=False,
            confidence=_probability(one.probabilities, one.level),
        )
        for one in drafted
        if one.kind is DraftKind.DRAFT
    ]


def _about(record: SubmissionRecord) -> dict[str, Any]:
    return {
        "submission": record.id,
        "attempt": record.attempt,
        "candidate": record.candidate,
        "rubric_version": record.rubric_hash,
        "credential": record.credential,
    }


def _probability(probabilities: Mapping[str, float], level: float | None) -> float | None:
    """The probability of a level, whose keys are level values as text; null where none is told."""
    return next((share for key, share in probabilities.items() if float(key) == level), None)
