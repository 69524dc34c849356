"""From entries of a folder to submitted files: hashed, told by content, each with its problem.

Invariant: what is wrong with one file becomes its `problem`; only a file with a path is opened, and
one that is empty or too large is not.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reviewer.errors import DamagedFile, DuplicateFile, EmptyFile, IntakeError, TooLarge
from reviewer.intake.limits import Limits
from reviewer.intake.package.folder import Entry
from reviewer.intake.package.looking import Looking
from reviewer.intake.submitted import SubmittedFile, problem_of

_NOTHING = hashlib.sha256().hexdigest()


def examine(entries: Sequence[Entry], limits: Limits, look: Looking) -> tuple[SubmittedFile, ...]:
    """Look at each entry, or say why not; of equal bytes the first counts, files before links."""
    files = [_examined(one, limits, look) for one in entries]
    return _with_ids(_without_duplicates(entries, files))


def _examined(entry: Entry, limits: Limits, look: Looking) -> SubmittedFile:
    file = SubmittedFile("", entry.name, entry.path, entry.size, "")
    try:
        if entry.error is not None:
            raise entry.error
        if entry.size == 0:
            file = replace(file, sha256=_NOTHING)
            raise EmptyFile(f"{entry.name} is empty (0 bytes): please submit it again.")
        if entry.size > limits.max_file_bytes:
            raise TooLarge(
                f"{entry.name} has {entry.size / 1e6:.0f} MB, more than the "
                f"{limits.max_file_bytes / 1e6:.0f} MB that REVIEWER_MAX_FILE_MB allows: please "
                "submit a smaller version."
            )
        if entry.path is not None:
            file = replace(file, sha256=_hash(entry.path))
            seen = look(entry.path, limits)
            file = replace(file, content=seen.content, kind=seen.kind, duration_s=seen.duration_s)
    except IntakeError as error:
        return replace(file, problem=problem_of(error))
    except OSError as error:
        damaged = DamagedFile(f"{entry.name} cannot be read ({error.strerror}): check it.")
        return replace(file, problem=problem_of(damaged))
    return file


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _without_duplicates(
    entries: Sequence[Entry], files: Sequence[SubmittedFile]
) -> list[SubmittedFile]:
    result = list(files)
    first: dict[str, str] = {}
    for index in sorted(range(len(files)), key=lambda index: (entries[index].link, index)):
        file = files[index]
        if file.problem is not None:
            continue
        if file.sha256 in first:
            duplicate = DuplicateFile(
                f"{file.name} has the same content as {first[file.sha256]}: the latter is read and "
                "counts, this one does not; if another file was meant, please submit that."
            )
            result[index] = replace(file, problem=problem_of(duplicate))
        else:
            first[file.sha256] = file.name
    return result


def _with_ids(files: Sequence[SubmittedFile]) -> tuple[SubmittedFile, ...]:
    """Give the ids; of equal bytes the file that counts has the plain one."""
    many: Counter[str] = Counter()
    result = list(files)
    for index in sorted(range(len(files)), key=lambda index: files[index].problem is not None):
        file = files[index]
        plain = (file.sha256 or hashlib.sha256(file.name.encode()).hexdigest())[:12]
        many[plain] += 1
        result[index] = replace(file, id=plain if many[plain] == 1 else f"{plain}-{many[plain]}")
    return tuple(result)
