"""What lists say of many submissions, read for all of them together and without their texts.

Invariant: what is said of a work is what its first pass says: `listed` and `first_pass_so_far` ask
the same functions. A list takes as many queries as a line of it would; unknown submissions are
absent.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from reviewer.intake.artifact import Problem
from reviewer.intake.submitted import SubmittedFile
from reviewer.scoring.first_pass import Finding
from reviewer.store.assembly import completeness_so_far, given_up, named
from reviewer.store.ledger_view import line_of
from reviewer.store.readings import READING, Reading, Readings
from reviewer.store.records import StageLine, StageProgress, StageState, StoredSubmission
from reviewer.store.schema import stage


@dataclass(frozen=True, slots=True)
class ListedWork:
    """A submission as a line of a list tells of it; `files` are those read so far, or given up."""

    progress: tuple[StageProgress, ...]
    completeness: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    files: int


def listed(
    connection: Connection, works: Mapping[str, StoredSubmission], readings: Readings
) -> dict[str, ListedWork]:
    """The lines of `works` by submission."""
    found = lines_of(connection, works)
    read = readings.of(connection, (line for lines in found.values() for line in lines))
    return {one: _listed(stored, found[one], read) for one, stored in works.items()}


def lines_of(
    connection: Connection, submissions: Collection[str]
) -> dict[str, tuple[StageLine, ...]]:
    """The ledger's lines by submission, in the order of the work."""
    found: dict[str, list[StageLine]] = {one: [] for one in submissions}
    query = select(stage).where(stage.c.submission.in_(list(submissions)))
    for row in connection.execute(query.order_by(stage.c.position, stage.c.id)):
        found[row.submission].append(line_of(row))
    return {one: tuple(lines) for one, lines in found.items()}


def progress_of(stored: StoredSubmission, lines: Sequence[StageLine]) -> tuple[StageProgress, ...]:
    """Its lines as a person sees them, with the names of its files."""
    names = {file.id: file.name for file in stored.files}
    return tuple(
        StageProgress(
            stage=line.stage,
            artifact=names.get(line.artifact),
            state=line.state,
            fraction=line.fraction,
            attempts=line.attempts,
            error=line.error,
            held=stored.record.held,
        )
        for line in lines
    )


def _listed(
    stored: StoredSubmission, lines: Sequence[StageLine], read: Mapping[str, Reading]
) -> ListedWork:
    reading = {line.artifact: line for line in lines if line.stage in READING}
    told = {file.id: _told(file, reading.get(file.id), read) for file in stored.files}
    here = {file: one for file, one in told.items() if one is not None}
    problems = {file: one.problem for file, one in here.items()}
    words = {file: one.words for file, one in here.items() if one.words is not None}
    return ListedWork(
        progress=progress_of(stored, lines),
        completeness=completeness_so_far(stored, problems, words),
        problems=tuple(one for one in problems.values() if one is not None),
        files=len(here),
    )


def _told(
    file: SubmittedFile, line: StageLine | None, read: Mapping[str, Reading]
) -> Reading | None:
    """What is known of a file; null as long as it is being read."""
    if file.problem is not None:
        return Reading(None, file.problem)
    if line is None or line.input_hash is None:
        return None
    if line.state is StageState.FAILED:
        return Reading(None, given_up(file, line))
    found = read.get(line.input_hash)
    if found is None or found.problem is None:
        return found
    return Reading(None, named(found.problem, file))
