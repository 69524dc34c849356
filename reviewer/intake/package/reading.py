"""A submission's folder, looked through before any model runs: what is there and where it belongs.

Invariant: `consent: false` ends the work before a second file is opened; no file outside the folder
is ever opened; one bad file is that file's `problem` and never ends the rest; equal folders give
equal packages, whatever they are called and wherever they lie.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewer.errors import NothingReviewed, SubmissionError
from reviewer.intake.completeness import Finding, completeness
from reviewer.intake.limits import Limits
from reviewer.intake.package.caption_pairs import pair_captions
from reviewer.intake.package.declaration import Declaration, find_declaration, read_declaration
from reviewer.intake.package.declared_names import DeclaredNames
from reviewer.intake.package.examine import examine
from reviewer.intake.package.folder import list_folder
from reviewer.intake.package.looking import Looking, look
from reviewer.intake.package.slots import assign
from reviewer.intake.submitted import SubmittedFile, printable
from reviewer.rubric.model import Credential


@dataclass(frozen=True, slots=True)
class Package:
    """One submission as it was handed in.

    `submission_id` is stable for the same candidate, attempt, rubric, bytes and slots. `consent`
    is null where nobody said. `files` stand in natural order of their names, then those that
    submission.yaml names and that are not there; captions in use are not among them.
    `completeness` leaves the lengths of documents out, which are not read yet. `messages` say how
    files were assigned and what was passed over.
    """

    submission_id: str
    candidate: str
    attempt: int
    consent: bool | None
    files: tuple[SubmittedFile, ...]
    completeness: tuple[Finding, ...]
    messages: tuple[str, ...]

    @property
    def usable(self) -> tuple[SubmittedFile, ...]:
        """The files without a problem."""
        return tuple(one for one in self.files if one.problem is None)

    @property
    def problems(self) -> tuple[SubmittedFile, ...]:
        """The files that cannot be used."""
        return tuple(one for one in self.files if one.problem is not None)


def read_package(
    folder: Path, credential: Credential, limits: Limits, look: Looking = look
) -> Package:
    """Look through `folder`: every file hashed, told by content (by `look`), assigned to a slot.

    Raises `ConsentMissing`; `NothingReviewed` for a folder without files; `SubmissionError` for a
    folder that is none or cannot be opened, and for a submission.yaml that does not hold together.
    """
    root = _root(folder)
    path = find_declaration(root)
    declaration = read_declaration(path) if path else Declaration()
    listing = list_folder(root, path, limits.max_files)
    if not listing.entries:
        raise NothingReviewed(
            f"The folder {printable(root.name)} holds no files to review: put the artifacts in it."
        )
    names = DeclaredNames(declaration, listing.entries)
    slots, unknown_slots = names.slots(credential)
    submitted = examine((*listing.entries, *names.unfound()), limits, look)
    paired, about_captions = pair_captions(submitted, names.captions())
    files, about_slots = assign(credential, paired, slots)
    candidate = declaration.candidate or _pseudonym(submitted)
    messages = (*unknown_slots, *about_slots, *about_captions, *listing.messages)
    if declaration.candidate is None:
        messages += (
            f"No candidate is named, so {candidate} stands for them: name a pseudonym in "
            "submission.yaml, so that a later attempt is joined to this one.",
        )
    return Package(
        submission_id=_submission_id(candidate, declaration.attempt, credential, files),
        candidate=candidate,
        attempt=declaration.attempt,
        consent=declaration.consent,
        files=files,
        completeness=completeness(credential, files, attempt=declaration.attempt),
        messages=messages,
    )


def _root(folder: Path) -> Path:
    try:
        root = folder.resolve(strict=True)
        if not root.is_dir():
            raise SubmissionError(f"{folder} is not a folder: name the folder of a submission.")
    except PermissionError as error:
        raise SubmissionError(
            f"The folder {folder} cannot be opened ({error.strerror}): check its permissions."
        ) from error
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        raise SubmissionError(f"There is no folder {folder}: check the name.") from error
    return root


def _pseudonym(files: Sequence[SubmittedFile]) -> str:
    """Drawn from the bytes alone: a folder's name may be a person's."""
    return f"C-{int(_digest(sorted(_bytes_of(one) for one in files)), 16) % 10_000:04}"


def _submission_id(
    candidate: str, attempt: int, credential: Credential, files: Sequence[SubmittedFile]
) -> str:
    """``s-`` and 12 hex digits."""
    content = sorted(
        [_bytes_of(one), one.slot or "", one.captions.sha256 if one.captions else ""]
        for one in files
    )
    return f"s-{_digest([candidate, attempt, credential.id, credential.rubric_hash, content])[:12]}"


def _bytes_of(file: SubmittedFile) -> str:
    return file.sha256 or f"{file.name} {file.size}"


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()
