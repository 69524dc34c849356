"""From a file or an id to a `Credential`.

Invariant: whatever the file holds, the outcome is a valid `Credential` or a `RubricError` that
names the file and, for a fault inside it, the line and the path of keys. YAML and JSON are read
alike (`located` says how values are taken).
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from reviewer.errors import RubricError, UnknownCredential
from reviewer.rubric.complaints import faults_of
from reviewer.rubric.located import Fault, dotted, locate
from reviewer.rubric.model import Credential

MAX_BYTES = 200_000
"""Size limit of one credential file, in bytes; the largest shipped one has some 17,000."""

SUFFIXES = (".yaml", ".yml", ".json")
"""File name endings of credentials; schema.json is not one."""

_SCHEMA_NAME = "schema.json"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of a folder of credentials: what it holds, or the sentence that says why not."""

    path: Path
    credential: Credential | None
    problem: str | None


def read_credential(path: Path) -> Credential:
    """The credential in the file at `path`.

    Raises `UnknownCredential` where there is no file, otherwise `RubricError` naming the first
    fault of the file with its line and its path of keys.
    """
    credential, faults = _read(path)
    if credential is None:
        raise RubricError(sentence(path, faults[0]))
    return credential


def examine(path: Path) -> tuple[Credential | None, tuple[str, ...]]:
    """The credential at `path` or, where it is null, one sentence per fault, in file order."""
    try:
        credential, faults = _read(path)
    except RubricError as error:
        return None, (str(error),)
    return credential, tuple(sentence(path, fault) for fault in faults)


def find_credential(
    id_or_path: str, rubrics_dir: Path, published: Sequence[Credential] | None = None
) -> Credential:
    """The credential with the given id, or the one in the file at the given path.

    `published` are those of a store (null: none was looked in), which stand before those in
    `rubrics_dir`. An id wins over a file of the same name in the current folder. Raises
    `UnknownCredential` naming the closest id, or `RubricError` for a file that is faulty.
    """
    for one in published or ():
        if one.id == id_or_path:
            return one
    return read_credential(_path_of(id_or_path, rubrics_dir, published))


def examine_named(id_or_path: str, rubrics_dir: Path) -> tuple[Credential | None, tuple[str, ...]]:
    """What `examine` says of the file that `find_credential` would read."""
    try:
        return examine(_path_of(id_or_path, rubrics_dir))
    except RubricError as error:
        return None, (str(error),)


def _path_of(
    id_or_path: str, rubrics_dir: Path, published: Sequence[Credential] | None = None
) -> Path:
    """The file of a credential; raises `UnknownCredential`, or `RubricError` for two of one id."""
    if _ID.fullmatch(id_or_path):
        for suffix in SUFFIXES:
            likely = rubrics_dir / f"{id_or_path}{suffix}"
            if likely.is_file():
                credential, problems = examine(likely)
                if problems or (credential and credential.id == id_or_path):
                    return likely
    listed = list_credentials(rubrics_dir) if _ID.fullmatch(id_or_path) else ()
    found = [one for one in listed if one.credential and one.credential.id == id_or_path]
    if len(found) > 1:
        raise RubricError(
            f"{found[0].path} and {found[1].path} both have the id {id_or_path!r}; change one."
        )
    if found:
        return found[0].path
    if Path(id_or_path).exists() or not _ID.fullmatch(id_or_path) or id_or_path.endswith(SUFFIXES):
        return Path(id_or_path)
    raise UnknownCredential(_unknown(id_or_path, rubrics_dir, listed, published))


def list_credentials(rubrics_dir: Path) -> tuple[Listed, ...]:
    """Every credential file directly in `rubrics_dir`, by file name, faulty ones included.

    A folder that is not there holds none.
    """
    if not rubrics_dir.is_dir():
        return ()
    listed = []
    for path in sorted(rubrics_dir.iterdir()):
        if path.suffix.lower() in SUFFIXES and path.name != _SCHEMA_NAME:
            credential, problems = examine(path)
            listed.append(Listed(path, credential, problems[0] if problems else None))
    return tuple(listed)


def _read(path: Path) -> tuple[Credential | None, tuple[Fault, ...]]:
    """The credential or its faults; raises `RubricError` where the file cannot be opened."""
    return credential_in(read_rubric_file(path))


def credential_in(data: bytes) -> tuple[Credential | None, tuple[Fault, ...]]:
    """The credential that a file of these bytes holds or, where it is null, its faults."""
    try:
        located = locate(decode(data))
    except Fault as fault:
        return None, (fault,)
    try:
        return Credential.model_validate(located.values), ()
    except ValidationError as error:
        return None, faults_of(error, located)


def read_rubric_file(path: Path) -> bytes:
    """The bytes of a file that may be a rubric; raises `RubricError` naming what is wrong."""
    try:
        if path.is_dir():
            raise RubricError(f"{path} is a folder; name a credential file in it.")
        if path.exists() and not path.is_file():
            raise RubricError(f"{path} is not a regular file; name a credential file.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise UnknownCredential(f"There is no file {path}; check the name.") from error
    except OSError as error:
        raise RubricError(f"{path} cannot be opened ({error.strerror}); check it.") from error
    if len(data) > MAX_BYTES:
        raise RubricError(
            f"{path} is larger than {MAX_BYTES // 1000} kB, so it is no credential; check the name."
        )
    return data


def decode(data: bytes) -> str:
    """The characters of a file; indentation of JSON by tabs becomes spaces."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Fault(line, (), "the text is not in UTF-8; save the file as UTF-8") from error
    # JSON may be indented by tabs, which YAML forbids; inside a JSON text no bare tab can stand.
    return text.replace("\t", " ") if text.lstrip().startswith("{") else text


def sentence(name: Path | str, fault: Fault) -> str:
    """A fault of the file `name` as one sentence with its line and its place."""
    at = f", {dotted(fault.path)}" if fault.path else ""
    end = "" if fault.message.endswith("?") else "."
    return f"{name}, line {fault.line}{at}: {fault.message}{end}"


def _unknown(
    wanted: str,
    rubrics_dir: Path,
    listed: tuple[Listed, ...],
    published: Sequence[Credential] | None,
) -> str:
    ids = [one.credential.id for one in listed if one.credential]
    ids += [one.id for one in published or ()]
    stored = "" if published is None else " and none published into the store"
    start = f"No credential in {rubrics_dir}{stored} has the id {wanted!r}"
    close = difflib.get_close_matches(wanted, ids, n=1)
    if close:
        return f"{start}; did you mean {close[0]!r}?"
    if ids:
        return f"{start}; `reviewer rubric list` shows those there are."
    return f"{start}; there is none at all, so set REVIEWER_RUBRICS_DIR or give the path of a file."
