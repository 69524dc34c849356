"""From the bytes of a file of any known format to a credential; told from content, not from names.

Invariant: one fault is one sentence with file and line; see the package.
"""

from dataclasses import dataclass

from pydantic import ValidationError

from reviewer.errors import RubricError
from reviewer.rubric.complaints import faults_of
from reviewer.rubric.importing.canvas import is_canvas, read_canvas
from reviewer.rubric.importing.case import is_case, read_case
from reviewer.rubric.importing.foreign import Foreign, located
from reviewer.rubric.located import Fault, locate
from reviewer.rubric.model import Credential
from reviewer.rubric.reading import MAX_BYTES, credential_in, decode, sentence

NO_RULE = (
    "The format says no required levels: levels are recorded and nothing is awarded until the "
    "credential has a decision rule."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person who imports says; null is as the file has it, or follows from its title.

    `rubric` names one of several in a file. Our own YAML says id and version itself.
    """

    id: str | None = None
    version: str | None = None
    rubric: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """A credential that was read, the name of the format, and notes on what was assumed."""

    credential: Credential
    format: str
    notes: tuple[str, ...]


def import_rubric(data: bytes, name: str, wanted: Wanted) -> Imported:
    """The rubric in the file `name` with these bytes; raises `RubricError`."""
    if len(data) > MAX_BYTES:
        raise RubricError(
            f"{name} is larger than {MAX_BYTES // 1000} kB, so it is no rubric; check the file."
        )
    try:
        foreign = _foreign(decode(data), wanted.rubric)
    except Fault as fault:
        raise RubricError(sentence(name, fault)) from fault
    if foreign is None:
        credential, faults = credential_in(data)
        if credential is None:
            raise RubricError(sentence(name, faults[0]))
        return Imported(_renamed(credential, wanted, name), "reviewer YAML", ())
    file = located(foreign, wanted.id, wanted.version)
    try:
        credential = Credential.model_validate(file.values)
    except ValidationError as error:
        raise RubricError(sentence(name, faults_of(error, file)[0])) from error
    return Imported(credential, foreign.source, (*foreign.notes, NO_RULE))


def _foreign(text: str, rubric: str | None) -> Foreign | None:
    """The rubric of a foreign format; null for our own. Raises `Fault`."""
    if is_canvas(text):
        return read_canvas(text, rubric)
    if not text.lstrip().startswith(("{", "[")):
        return None
    file = locate(text)
    return read_case(file, rubric) if is_case(file.values) else None


def _renamed(credential: Credential, wanted: Wanted, name: str) -> Credential:
    for key, own in (("id", credential.id), ("version", credential.version)):
        asked = getattr(wanted, key)
        if asked is not None and asked != own:
            raise RubricError(f"{name} says {key} {own!r} itself; change it there, not here.")
    return credential
