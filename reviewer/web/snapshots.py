"""The work of submissions rendered to fragments, not rendered again while nothing happens to it.

Invariant: a snapshot holds the work alone, nothing of a draft and nothing of a person, so that it
may be shown to whoever may read the work. It is never older than the last change of its
submission's stages, nor than `STALE_S`; the second bound is for what changes without a stage, such
as a file's name.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, TypeVar

from reviewer.desk.case import UNKNOWN
from reviewer.errors import NothingHere
from reviewer.export.compose import compose
from reviewer.export.view import PassView
from reviewer.intake.artifact import Artifact
from reviewer.scoring.first_pass import FirstPass
from reviewer.store.records import StageProgress
from reviewer.store.values import ARTIFACT
from reviewer.web.program import Program
from reviewer.web.progress import Progress, summarize
from reviewer.web.rendering import page_templates

STALE_S = 30.0
"""Seconds after which a snapshot is made anew in any case."""

ROOMS = 16
"""How many submissions' texts are kept rendered: about as many as are open at a time."""

ROWS = 2000
"""How many lines of the list are kept rendered."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a line of the list says of the work: what it lacks, and problems of its `files`."""

    missing: tuple[str, ...]
    problems: tuple[str, ...]
    files: int
    progress: Progress


@dataclass(frozen=True, slots=True)
class Room:
    """What is common to everybody's page of a submission: `parts` by place.

    `texts` has the version of each artifact's text by artifact id.
    """

    title: str
    running: bool
    parts: dict[str, str]
    texts: dict[str, str]


Made = TypeVar("Made", Row, Room)


class _Kept(Generic[Made]):
    """The latest of each submission, for as long as its stages stand as they stood."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._changing = threading.Lock()
        self._kept: dict[str, tuple[tuple[StageProgress, ...], float, Made]] = {}

    def get(
        self,
        submission: str,
        stages: tuple[StageProgress, ...],
        make: Callable[[], Made],
    ) -> Made:
        now = time.monotonic()
        kept = self._kept.get(submission)
        if kept and kept[0] == stages and now - kept[1] < STALE_S:
            return kept[2]
        made = make()
        with self._changing:
            self._kept.pop(submission, None)
            self._kept[submission] = (stages, now, made)
            while len(self._kept) > self._size:
                self._kept.pop(next(iter(self._kept)))
        return made


class Snapshots:
    """Rows and rooms over one program; may be asked by several threads at a time."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._rows: _Kept[Row] = _Kept(ROWS)
        self._rooms: _Kept[Room] = _Kept(ROOMS)

    def rows(self, submissions: Collection[str]) -> dict[str, Row]:
        """The lines of the list by submission, of those that are here."""
        found = self._program.repository.progress_of(submissions)
        return {
            one: self._rows.get(one, stages, partial(self._row, one, stages))
            for one, stages in found.items()
        }

    def _row(self, submission: str, stages: tuple[StageProgress, ...]) -> Row:
        work = self._work(submission)
        return Row(
            tuple(one.message for one in work.completeness if one.kind != "ok"),
            tuple(one.problem.message for one in work.artifacts if one.problem is not None),
            len(work.artifacts),
            summarize(stages),
        )

    def room(self, submission: str) -> Room:
        """The page of one submission; raises `NothingHere`."""
        stages = self._program.repository.progress(submission)
        return self._rooms.get(submission, stages, lambda: self._room(submission, stages))

    def _room(self, submission: str, stages: tuple[StageProgress, ...]) -> Room:
        work = self._work(submission)
        texts = {artifact.id: _version(artifact) for artifact in work.artifacts}
        return _room(self._view(work), summarize(stages), texts)

    def _work(self, submission: str) -> FirstPass:
        """The first pass without what the machine makes of it."""
        first_pass = self._program.repository.first_pass(submission)
        if first_pass is None:
            raise NothingHere(UNKNOWN)
        return replace(first_pass, elements=())

    def _view(self, work: FirstPass) -> PassView:
        return compose(work, self._program.repository.credential(work.submission_id))


def _room(view: PassView, progress: Progress, texts: dict[str, str]) -> Room:
    parts = {
        "title": _render("title.html.j2", view=view),
        "progress": _render("progress.html.j2", view=view, progress=progress),
        "tabs": _render("tabs.html.j2", view=view),
        "package": _render("package.html.j2", view=view, progress=progress),
    }
    return Room(
        title=f"{view.title} · {view.candidate} · attempt {view.attempt}",
        running=progress.running,
        parts=parts,
        texts=texts,
    )


def _version(artifact: Artifact) -> str:
    """Changes with everything that a text is rendered from."""
    return hashlib.sha256(ARTIFACT.encode(artifact)).hexdigest()[:16]


def _render(template: str, **values: object) -> str:
    return page_templates().get_template(template).render(**values)
