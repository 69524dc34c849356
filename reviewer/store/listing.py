"""What lists say of many submissions, read for all of them together and without their texts.

Invariant: what is said of a work is what its first pass says: `listed` and `first_pass_so_far` ask
the same functions. A list takes as many queries as a line of it would; unknown submissions are
absent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from reviewer.intake.artifact import Problem
from reviewer.intake.submitted import SubmittedFile
from reviewer.scoring.first_pass import Finding, FirstPass
from reviewer.store.assembly import completeness_so_far, named, problem_so_far, reading_lines
from reviewer.store.ledger_view import lines_of
from reviewer.store.readings import Reading, Readings
from reviewer.store.records import StageLine, StageProgress, StoredSubmission


@dataclass(frozen=True, slots=True)
class ListedWork:
    """A submission as a line of a list tells of it; `files` are those read so far, or given up."""

    progress: tuple[StageProgress, ...]
    completeness: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    files: int


@dataclass(frozen=True, slots=True)
class SoFar:
    """What there is of one submission at one moment: its first pass, and the stages of it."""

    first_pass: FirstPass
    progress: tuple[StageProgress, ...]


def listed(
    connection: Connection, works: Mapping[str, StoredSubmission], readings: Readings
) -> dict[str, ListedWork]:
    """The lines of `works` by submission."""
    found = lines_of(connection, works)
    read = readings.of(connection, (line for lines in found.values() for line in lines))
    return {one: _listed(stored, found[one], read) for one, stored in works.items()}


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
    reading = reading_lines(lines)
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
    problem = problem_so_far(file, line)
    if problem is not None:
        return Reading(None, problem)
    found = read.get(line.input_hash) if line and line.input_hash else None
    if found is None or found.problem is None:
        return found
    return Reading(None, named(found.problem, file))
