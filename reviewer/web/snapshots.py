"""The work of submissions rendered to fragments, not rendered again while nothing happens to it.

Invariant: a snapshot holds the work alone, nothing of a draft and nothing of a person, so that it
may be shown to whoever may read the work. It is never older than the last change of its
submission's stages, nor than `STALE_S`; the second bound is for what changes without a stage, such
as a file's name.
"""

import hashlib
import threading
import time
from dataclasses import dataclass, replace

from reviewer.export.compose import compose
from reviewer.intake.artifact import Artifact
from reviewer.rubric import Credential
from reviewer.store.listing import SoFar
from reviewer.store.records import StageProgress
from reviewer.store.values import ARTIFACT
from reviewer.web.progress import summarize
from reviewer.web.rendering import page_templates

STALE_S = 30.0
"""Seconds after which a snapshot is made anew in any case."""

ROOMS = 16
"""How many submissions' texts are kept rendered: about as many as are open at a time."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is common to everybody's page of a submission: `parts` by place.

    `texts` has the version of each artifact's text by artifact id.
    """

    title: str
    running: bool
    parts: dict[str, str]
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A room, what its stages were when it was made, and when that was (`time.monotonic`)."""

    stages: tuple[StageProgress, ...]
    since: float
    room: Room


class Snapshots:
    """The latest rooms; may be asked by several threads at a time."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._kept: dict[str, _Kept] = {}

    def room(self, found: SoFar, credential: Credential) -> Room:
        """The page of a submission for its credential."""
        submission, now = found.first_pass.submission_id, time.monotonic()
        kept = self._kept.get(submission)
        if kept and kept.stages == found.progress and now - kept.since < STALE_S:
            return kept.room
        room = _room(found, credential)
        with self._changing:
            self._kept.pop(submission, None)
            self._kept[submission] = _Kept(found.progress, now, room)
            while len(self._kept) > ROOMS:
                self._kept.pop(next(iter(self._kept)))
        return room


def _room(found: SoFar, credential: Credential) -> Room:
    work = replace(found.first_pass, elements=())  # without what the machine makes of it
    view, progress = compose(work, credential), summarize(found.progress)
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
        texts={artifact.id: _version(artifact) for artifact in work.artifacts},
    )


def _version(artifact: Artifact) -> str:
    """Changes with everything that a text is rendered from."""
    return hashlib.sha256(ARTIFACT.encode(artifact)).hexdigest()[:16]


def _render(template: str, **values: object) -> str:
    return page_templates().get_template(template).render(**values)
