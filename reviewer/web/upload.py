"""An uploaded package: files into a folder of its own, declared, handed to the program, removed.

Invariant: nothing of a file's name becomes part of a path but a checked last part; bytes are
copied in pieces, and the limit of one file is that of intake.
"""

import json
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import yaml

from reviewer.errors import SubmissionError
from reviewer.review.permission import Kind, Person, Role
from reviewer.rubric import Credential
from reviewer.web.program import Program

_PIECE = 1 << 20  # bytes copied at a time
_LONGEST = 120  # characters of a file name


@dataclass(frozen=True, slots=True)
class Upload:
    """What was sent: `slots` maps a file's name to the id of its slot, as far as known."""

    credential: Credential
    candidate: str
    attempt: int
    consent: bool
    files: Sequence[tuple[str, BinaryIO]]
    slots: Mapping[str, str]


def receive(program: Program, person: Person, upload: Upload) -> str:
    """Hand in an upload and return the submission's id; raises `SubmissionError`.

    Who may evaluate is assigned what they hand in.
    """
    if not upload.consent:
        raise SubmissionError(
            "Nothing was taken: hand in only what the candidate, and the people heard and seen in "
            "it, consented to; then tick the box."
        )
    if not upload.files:
        raise SubmissionError("No file was chosen: choose the files of the submission.")
    with tempfile.TemporaryDirectory(prefix="reviewer-upload-") as folder:
        names = _store(Path(folder), upload.files)
        _declare(Path(folder), upload, names)
        submission = program.submit(Path(folder), upload.credential)
    if person.has(Role.EVALUATOR, upload.credential.id):
        desk = program.desk
        if desk.records.assignments.part(submission, person.id) is None:
            desk.records.assignments.assign(submission, person, Kind.FIRST, person.name)
    return submission


def _store(folder: Path, files: Sequence[tuple[str, BinaryIO]]) -> dict[str, str]:
    """Write the files; sent name -> name in the folder."""
    names: dict[str, str] = {}
    for number, (sent, stream) in enumerate(files, start=1):
        name = safe_name(sent, number)
        if name in names.values():
            raise SubmissionError(f"Two files are named {name}: rename one of them.")
        with (folder / name).open("xb") as file:
            shutil.copyfileobj(stream, file, _PIECE)
        names[sent] = name
    return names


def safe_name(sent: str, number: int) -> str:
    """The last part of a name, without what a folder could misread; never empty."""
    last = PurePosixPath(sent.replace("\\", "/")).name
    plain = "".join(
        sign for sign in unicodedata.normalize("NFC", last) if sign.isprintable() and sign != "/"
    ).strip(". ")
    if plain.casefold() in ("submission.yaml", "submission.yml"):
        plain = f"candidate-{plain}"
    return plain[-_LONGEST:].lstrip(". ") or f"file-{number}"


def _declare(folder: Path, upload: Upload, names: Mapping[str, str]) -> None:
    by_slot: dict[str, list[str]] = {}
    for sent, slot in upload.slots.items():
        if sent in names and slot:
            by_slot.setdefault(slot, []).append(names[sent])
    declared: dict[str, object] = {
        "candidate": upload.candidate,
        "attempt": upload.attempt,
        "consent": True,
    }
    if by_slot:
        declared["slots"] = by_slot
    text = yaml.safe_dump(declared, allow_unicode=True, sort_keys=False)
    (folder / "submission.yaml").write_text(text, encoding="utf-8")


def slots_of(text: str) -> dict[str, str]:
    """What a form sent as JSON ``{file name: slot id}``; raises `SubmissionError`."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise SubmissionError("slots cannot be used: send a JSON object of file name and slot id.")
    return {str(name): slot for name, slot in found.items()}
