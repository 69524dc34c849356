"""submission.yaml: who submits, which attempt, whether consent is given, which file belongs where.

Invariant: consent is looked at before anything else; a key that is not known is refused, so a
misspelt `consent` cannot pass for none. docs/submission-folder.md describes the file.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reviewer.errors import ConsentMissing, SubmissionError, UnreadableEncoding
from reviewer.intake.encoding import decode
from reviewer.intake.submitted import printable
from reviewer.rubric.located import Fault, Located, locate

MAX_BYTES = 200_000
"""Size limit of the file, in bytes; a usual one has some 500."""

_NAMES = frozenset({"submission.yaml", "submission.yml"})
_KEYS = ("candidate", "attempt", "consent", "slots", "captions")
_YES = frozenset({"true", "yes", "on"})
_NO = frozenset({"false", "no", "off"})
_SOMETHING = re.compile(r"^(?!---\s*$)[ \t]*[^\s#]", re.MULTILINE)
_ATTEMPT = re.compile(r"[1-9][0-9]{0,3}")
_CANDIDATE = re.compile(r"\w(?:[\w .'-]{0,62}[\w.])?")


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that submission.yaml names, as it is written there, and the line."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Declaration:
    """What submission.yaml says; all of it may be left out.

    `slots` has each named file's slot id; `captions` pairs (recording, captions).
    """

    file: str = "submission.yaml"
    candidate: str | None = None
    attempt: int = 1
    consent: bool | None = None
    slots: tuple[tuple[Listed, str], ...] = ()
    captions: tuple[tuple[Listed, Listed], ...] = ()


def find_declaration(root: Path) -> Path | None:
    """The resolved path of submission.yaml (or .yml) in `root`, a resolved folder, if there is one.

    Raises `SubmissionError` if there are two, if it is no regular file or leads out of the folder.
    """
    try:
        found = sorted(one.name for one in root.iterdir() if one.name.casefold() in _NAMES)
    except OSError as error:
        raise SubmissionError(
            f"The folder {printable(root.name)} cannot be opened ({error.strerror}): check its "
            "permissions."
        ) from error
    if len(found) > 1:
        raise SubmissionError(f"{found[0]} and {found[1]} are both there; keep one of them.")
    if not found:
        return None
    path = (root / found[0]).resolve()
    if not path.is_relative_to(root):
        raise SubmissionError(
            f"{found[0]} is a link that leads out of the submission's folder; put the file itself "
            "there."
        )
    if not path.is_file():
        raise SubmissionError(f"{found[0]} is not a regular file; replace or remove it.")
    return path


def read_declaration(path: Path) -> Declaration:
    """Read submission.yaml; raises `ConsentMissing`, or `SubmissionError` naming the line."""
    name = path.name
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise SubmissionError(f"{name} is larger than {MAX_BYTES // 1000} kB; shorten it.")
        text = decode(data, name)
        if not _SOMETHING.search(text):
            return Declaration(file=name)
        return _Reader(name, locate(text, "candidate: C-0417")).declaration()
    except OSError as error:
        raise SubmissionError(f"{name} cannot be opened ({error.strerror}).") from error
    except UnreadableEncoding as error:
        raise SubmissionError(str(error)) from error
    except Fault as fault:
        raise SubmissionError(
            f"{name}, line {fault.line}: {fault.message}; docs/submission-folder.md has an example."
        ) from fault


class _Reader:
    """The checks of one file; each refusal names the line."""

    def __init__(self, name: str, located: Located) -> None:
        self._name = name
        self._located = located
        self._values = located.values

    def declaration(self) -> Declaration:
        consent = self._consent()
        for key, *_ in (path for path in self._located.lines if len(path) == 1):
            if key not in _KEYS:
                raise self._refusal((key,), f"“{key}” is not known; the keys are {_listed(_KEYS)}")
        return Declaration(
            file=self._name,
            candidate=self._candidate(),
            attempt=self._attempt(),
            consent=consent,
            slots=self._slots(),
            captions=self._captions(),
        )

    def _consent(self) -> bool | None:
        path = ("consent",)
        if path not in self._located.lines:
            return None
        value = str(self._values.get("consent", "")).casefold()
        if value in _NO:
            raise ConsentMissing(
                f"{self._name}, line {self._located.line(path)}: consent is not given, so nothing "
                "of this submission is read; submit it again once consent is there."
            )
        if value not in _YES:
            raise self._refusal(path, "consent must be true or false")
        return True

    def _candidate(self) -> str | None:
        value = self._values.get("candidate")
        if value is None:
            return None
        text = unicodedata.normalize("NFC", value) if isinstance(value, str) else ""
        if not _CANDIDATE.fullmatch(text):
            raise self._refusal(
                ("candidate",),
                "candidate must be a pseudonym of at most 64 letters, digits, spaces, dots, "
                "hyphens or underscores, such as C-0417",
            )
        return text

    def _attempt(self) -> int:
        value = self._values.get("attempt", "1")
        if not isinstance(value, str) or not _ATTEMPT.fullmatch(value):
            raise self._refusal(("attempt",), "attempt must be a whole number from 1 to 9999")
        return int(value)

    def _slots(self) -> tuple[tuple[Listed, str], ...]:
        found: list[tuple[Listed, str]] = []
        first: dict[str, Listed] = {}
        for slot, value in self._mapping("slots", "slot ids, each with its files").items():
            names = value if isinstance(value, list) else [value]
            for number, name in enumerate(names):
                path = ("slots", slot, number) if isinstance(value, list) else ("slots", slot)
                listed = self._file(name, path)
                if listed.name in first:
                    raise self._refusal(
                        path,
                        f"{listed.name} stands twice (first in line {first[listed.name].line}); "
                        "a file has one slot",
                    )
                first[listed.name] = listed
                found.append((listed, slot))
        return tuple(found)

    def _captions(self) -> tuple[tuple[Listed, Listed], ...]:
        pairs = self._mapping("captions", "recordings, each with its caption file")
        return tuple(
            (
                self._file(recording, ("captions", recording)),
                self._file(name, ("captions", recording)),
            )
            for recording, name in pairs.items()
        )

    def _mapping(self, key: str, what: str) -> dict[str, object]:
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            raise self._refusal((key,), f"under {key} stand {what}")
        return value

    def _file(self, value: object, path: tuple[str | int, ...]) -> Listed:
        if not isinstance(value, str) or not value.strip():
            raise self._refusal(path, "here stands the name of a file, or a list of them")
        return Listed(printable(value), self._located.line(path))

    def _refusal(self, path: tuple[str | int, ...], message: str) -> SubmissionError:
        return SubmissionError(f"{self._name}, line {self._located.line(path)}: {message}.")


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}"
