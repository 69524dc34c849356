"""A synthetic training set from a folder of files: ``set.yaml`` and one file a work in ``works/``.

Invariant: what is read has *intended* levels, so the set is synthetic, always; every excerpt stands
exactly once in its work. A broken file is a `TrainingError` that names the file and the place.
"""

import hashlib
import re
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from reviewer.errors import TrainingError
from reviewer.intake.artifact import Artifact, ArtifactKind, HearingReport
from reviewer.intake.assembling import artifact_from_document, artifact_from_transcript
from reviewer.intake.documents import Document
from reviewer.intake.encoding import canonical
from reviewer.intake.transcript import Line, Transcript
from reviewer.rubric import Credential
from reviewer.rubric.located import Fault, dotted, locate
from reviewer.training.policy import Policy, read_policy
from reviewer.training.work import Key, KeyEntry, Part, Span, TrainingSet, Work

MAX_BYTES = 200_000
"""Size limit of one file, in bytes; a usual one has some 3,000."""

WORDS_PER_S = 2.5  # how fast people talk to a class; an excerpt has no clock of its own
PAUSE_S = 0.6  # between two who speak

_SPEAKER = re.compile(r"(?P<who>[^:\n]{1,40}):\s+(?P<words>\S.*)")


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


_File = TypeVar("_File", bound=_Model)


class _Text(_Model):
    """A document (`text`) or the words of a recording (`said`: one line ``Who: words`` a turn)."""

    name: str = Field(min_length=1)
    slot: str
    text: str = ""
    said: str = ""


class _Intended(_Model):
    level: float
    why: str = Field(min_length=1)
    excerpts: tuple[str, ...] = ()


class _WorkFile(_Model):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,15}$")
    part: Part
    texts: tuple[_Text, ...] = Field(min_length=1)
    intended: dict[str, _Intended]


class _SetFile(_Model):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    title: str = Field(min_length=1)
    credential: str
    synthetic: bool


def read_set(folder: Path, credential: Credential) -> TrainingSet:
    """The set in `folder` for `credential`; raises `TrainingError`."""
    values, path = _values(folder / "set.yaml"), folder / "set.yaml"
    rules = values.pop("policy", {})
    about = _validated(_SetFile, values, path)
    if not about.synthetic:
        raise TrainingError(
            f"{path}, synthetic: levels in files are intended, not agreed by a panel; write true."
        )
    if about.credential != credential.id:
        raise TrainingError(
            f"{path}, credential: the set is for {about.credential!r}, not for {credential.id!r}."
        )
    policy = read_policy(rules, str(path)) if rules else Policy()
    works = tuple(_work(one, credential) for one in sorted((folder / "works").glob("*.yaml")))
    twice = sorted({one.id for one in works if [two.id for two in works].count(one.id) > 1})
    if not works or twice:
        said = f"the id {twice[0]!r} stands twice; change one" if twice else "there is no work"
        raise TrainingError(f"{folder / 'works'}: {said}.")
    return TrainingSet(about.id, about.title, credential, True, policy, works)


def _values(path: Path) -> dict[str, object]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TrainingError(f"{path} cannot be opened ({error.strerror}); check it.") from error
    if len(data) > MAX_BYTES:
        raise TrainingError(f"{path} is larger than {MAX_BYTES // 1000} kB; check the name.")
    if not data.strip():
        raise TrainingError(f"{path} is empty; write the keys that the other files have.")
    try:
        return locate(data.decode("utf-8-sig")).values
    except UnicodeDecodeError as error:
        raise TrainingError(f"{path} is not in UTF-8; save it as UTF-8.") from error
    except Fault as fault:
        raise TrainingError(f"{path}, line {fault.line}: {fault.message}.") from fault


def _validated(model: type[_File], values: object, path: Path) -> _File:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        said = first["msg"].rstrip(".")
        at = dotted(tuple(first["loc"]))
        raise TrainingError(f"{path}, {at}: {said[0].lower()}{said[1:]}; change it.") from error


def _work(path: Path, credential: Credential) -> Work:
    read = _validated(_WorkFile, _values(path), path)
    slots = {slot.id for slot in credential.slots}
    for one in read.texts:
        if one.slot not in slots:
            raise TrainingError(f"{path}: {one.slot!r} is not the id of a slot; change it.")
        if bool(one.text) == bool(one.said):
            raise TrainingError(f"{path}, {one.name}: give it either `text` or `said`.")
    artifacts = tuple(_artifact(one, path) for one in read.texts)
    return Work(read.id, read.part, artifacts, _key(read, artifacts, credential, path))


def _artifact(one: _Text, path: Path) -> Artifact:
    sha256 = hashlib.sha256(f"{one.name}\n{one.text}{one.said}".encode()).hexdigest()
    if one.text:
        document = Document(canonical(one.text).strip())
        return artifact_from_document(sha256[:12], one.name, one.slot, sha256, document)
    transcript = _transcript(one, path)
    return artifact_from_transcript(
        sha256[:12], one.name, one.slot, ArtifactKind.VIDEO, sha256, transcript
    )


def _transcript(one: _Text, path: Path) -> Transcript:
    """The turns of a lesson excerpt, with times as if it were spoken at an even pace."""
    text, lines, clock = "", [], 0.0
    for row in filter(None, (row.strip() for row in canonical(one.said).splitlines())):
        found = _SPEAKER.fullmatch(row)
        if found is None:
            raise TrainingError(f"{path}, {one.name}: {row[:40]!r} lacks a speaker and a colon.")
        words = found["words"]
        start, begins = len(text), round(clock, 2)
        text += words + "\n"
        clock += len(words.split()) / WORDS_PER_S
        ends = round(clock, 2)
        lines.append(Line(start, start + len(words), begins, ends, speaker=found["who"]))
        clock += PAUSE_S
    hearing = HearingReport("captions", "en", None, None, len(lines), 0)
    return Transcript(text.rstrip("\n"), tuple(lines), (), lines[-1].end_s, hearing)


def _key(
    read: _WorkFile, artifacts: tuple[Artifact, ...], credential: Credential, path: Path
) -> Key:
    elements = {one.id: one for one in credential.elements}
    made = {}
    for name, intended in read.intended.items():
        where = f"{path}, intended.{name}"
        if name not in elements:
            raise TrainingError(f"{where}: the credential has no such element; change it.")
        if intended.level not in elements[name].values:
            raise TrainingError(f"{where}: {intended.level:g} is no level of it; change it.")
        excerpts = tuple(_span(one, artifacts, where) for one in intended.excerpts)
        made[name] = KeyEntry(intended.level, " ".join(intended.why.split()), excerpts)
    return made


def _span(quote: str, artifacts: tuple[Artifact, ...], where: str) -> Span:
    """Where a quote stands in the work: exactly once, but for white space."""
    pattern = r"\s+".join(re.escape(word) for word in canonical(quote).split())
    found = [
        Span(one.id, hit.start(), hit.end())
        for one in artifacts
        for hit in re.finditer(pattern, one.text)
    ]
    if not pattern or len(found) != 1:
        raise TrainingError(
            f"{where}: the excerpt {quote[:40]!r} stands {len(found)} times in the work; an "
            "excerpt must stand in it once, word for word."
        )
    return found[0]
