"""Which captions belong to which recording.

Invariant: a recording has one caption file at most, and captions that are used were read and hold
words. Captions that cannot be read or belong to no recording are a problem of that file; the
recording is then transcribed. Nothing is dropped without a sentence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from reviewer.errors import CaptionError, IntakeError
from reviewer.intake.artifact import ArtifactKind, Problem
from reviewer.intake.captions import read_captions
from reviewer.intake.sniff import ContentKind
from reviewer.intake.submitted import CaptionFile, SubmittedFile, problem_of

MAX_BYTES = 20_000_000
"""Size limit of a caption file; those of three hours of talk have some 300 kB."""

_CAPTIONS = frozenset({ContentKind.WEBVTT, ContentKind.SRT})
_RECORDINGS = frozenset({ArtifactKind.VIDEO, ArtifactKind.AUDIO})
_GOES_ON = ("_", "-", " ", "(")
"""A recording's name may go on so after that of its captions: Zoom writes meeting.transcript.vtt
beside meeting_1920x1080.mp4."""

_Claims = dict[str, list[tuple[int, str]]]
"""Caption file -> (rank, recording); the lowest rank wins a recording."""


def pair_captions(
    files: Sequence[SubmittedFile], declared: Mapping[str, str]
) -> tuple[tuple[SubmittedFile, ...], tuple[str, ...]]:
    """Attach captions to recordings; returns the files but for readable captions, and sentences.

    `declared` maps recording to captions as submission.yaml has them, both names of `files`.
    """
    recordings = [one.name for one in files if one.kind in _RECORDINGS and not one.problem]
    captions = {
        one.name: CaptionFile(one.name, one.path, one.sha256)
        for one in files
        if one.path
        and not one.problem
        and (one.content in _CAPTIONS or one.name in declared.values())
    }
    claims = {name: list(_claims(name, recordings, captions, declared)) for name in captions}
    found = {name: _problem(one, claims[name]) for name, one in captions.items()}
    problems = {name: problem for name, problem in found.items() if problem is not None}
    owned = _owned({name: own for name, own in claims.items() if name not in problems})
    kept = []
    for one in files:
        if one.name in problems:
            kept.append(replace(one, kind=None, problem=problems[one.name]))
        elif one.name in owned:
            kept.append(replace(one, captions=captions[owned[one.name]]))
        elif one.name not in captions:
            kept.append(one)
    return tuple(kept), tuple(_messages(owned, claims, problems))


def _owned(claims: _Claims) -> dict[str, str]:
    """Recording -> its captions: of several, those of the lowest rank, then by name."""
    owned: dict[str, str] = {}
    for _, owner, name in sorted(
        (rank, owner, name) for name, found in claims.items() for rank, owner in found
    ):
        owned.setdefault(owner, name)
    return owned


def _problem(captions: CaptionFile, claims: Sequence[tuple[int, str]]) -> Problem | None:
    try:
        size = captions.path.stat().st_size
        if size > MAX_BYTES:
            raise CaptionError(
                f"{captions.name} has {size / 1e6:.0f} MB, and captions have at most "
                f"{MAX_BYTES / 1e6:.0f}: check that it is the right file."
            )
        read_captions(captions.path.read_bytes(), captions.name)
        if not claims:
            raise CaptionError(
                f"{captions.name} belongs to no recording: name it like its recording (video1.vtt "
                "beside video1.mp4) or list both under `captions` in submission.yaml."
            )
    except IntakeError as error:
        return problem_of(error)
    except OSError as error:
        return problem_of(CaptionError(f"{captions.name} cannot be opened ({error.strerror})."))
    return None


def _claims(
    name: str,
    recordings: Sequence[str],
    captions: Mapping[str, CaptionFile],
    declared: Mapping[str, str],
) -> Iterator[tuple[int, str]]:
    """Which recordings a caption file belongs to: declared (0), or by name within its folder.

    By name: the recording's own (1), that and a language (2: video1.en.vtt), the beginning of the
    recording's name (3), or captions and recording are the only ones of their folder (4).
    """
    said = [recording for recording, own in declared.items() if own == name]
    if said:
        yield from ((0, recording) for recording in recordings if recording in said)
        return
    folder, stem = PurePosixPath(name).parent, PurePosixPath(name).stem.casefold()
    base = stem.split(".")[0]
    beside = [
        recording
        for recording in recordings
        if PurePosixPath(recording).parent == folder and recording not in declared
    ]
    alone = len(beside) == 1 and sum(PurePosixPath(one).parent == folder for one in captions) == 1
    for recording in beside:
        own = PurePosixPath(recording).stem.casefold()
        if own == stem:
            yield 1, recording
        elif stem.startswith(f"{own}."):
            yield 2, recording
        elif own.startswith(base) and own[len(base) :].startswith(_GOES_ON):
            yield 3, recording
        elif alone:
            yield 4, recording


def _messages(
    owned: Mapping[str, str], claims: _Claims, problems: Mapping[str, Problem]
) -> Iterator[str]:
    for owner, name in owned.items():
        yield f"{owner} is read with its captions, {name}, instead of being transcribed."
    for name, found in claims.items():
        owners = [owner for _, owner in found]
        if name in problems:
            lost = [owner for owner in owners if owner not in owned]
            yield from (
                f"{owner} is transcribed, because its captions, {name}, cannot be used."
                for owner in lost
            )
        elif name not in owned.values():
            yield f"{name} is not used, because {owners[0]} has other captions."
