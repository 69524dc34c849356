"""What a submission lacks or has too much of, in words a candidate understands; no model runs.

Invariant: only files that can be read count; every slot of the credential has at least one finding
unless it is optional and empty; findings stand in the order of the slots, then of the files.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reviewer.intake.artifact import ArtifactKind
from reviewer.intake.submitted import SubmittedFile
from reviewer.rubric.model import Credential, Slot, SlotKind

FindingKind = Literal[
    "missing", "too_many", "too_short", "too_long", "wrong_kind", "unassigned", "ok"
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the completeness check, in words a candidate understands.

    `slot` is null where the finding is about a file that fits no slot.
    """

    slot: str | None
    kind: FindingKind
    message: str


_NOUNS = {
    SlotKind.DOCUMENT: ("document", "documents", "for example a PDF or Word file"),
    SlotKind.VIDEO: ("video", "videos", "for example an MP4 file"),
    SlotKind.AUDIO: ("sound recording", "sound recordings", "for example an MP3 or M4A file"),
    SlotKind.RECORDING: ("recording", "recordings", "video or sound"),
    SlotKind.ANY: ("file", "files", "a document or a recording"),
}
_A_KIND = {
    ArtifactKind.DOCUMENT: "a document",
    ArtifactKind.VIDEO: "a video",
    ArtifactKind.AUDIO: "a sound recording",
}
_TAKES = {
    SlotKind.DOCUMENT: {ArtifactKind.DOCUMENT},
    SlotKind.VIDEO: {ArtifactKind.VIDEO},
    SlotKind.AUDIO: {ArtifactKind.AUDIO},
    SlotKind.RECORDING: {ArtifactKind.VIDEO, ArtifactKind.AUDIO},
    SlotKind.ANY: set(ArtifactKind),
}


def takes(slot: Slot, kind: ArtifactKind | None) -> bool:
    """Whether a file of this kind belongs into the slot at all."""
    return kind in _TAKES[slot.kind]


def completeness(
    credential: Credential,
    files: Sequence[SubmittedFile],
    words: Mapping[str, int] | None = None,
    attempt: int = 1,
) -> tuple[Finding, ...]:
    """Check the files against the slots of the credential; no slots, no findings.

    `words` has the number of words of each document that was read, by `SubmittedFile.id`; without
    it lengths of documents are not checked. Lengths of recordings come from `duration_s`. From the
    second `attempt` on nothing is missing, because only what changed is submitted again.
    """
    if not credential.slots:
        return ()
    findings: list[Finding] = []
    for slot in credential.slots:
        placed = [one for one in files if one.slot == slot.id]
        fitting = _fitting(slot, placed)
        complaints = list(_of_slot(slot, placed, words or {}))
        if len(fitting) < slot.min and attempt == 1 and (slot.required or placed):
            complaints.append(_too_few(slot, placed, len(fitting)))
        if not complaints and fitting:
            findings.append(Finding(slot.id, "ok", f"{slot.title}: {_count(len(fitting), slot)}."))
        elif not complaints and slot.required and attempt > 1:
            findings.append(Finding(slot.id, "ok", f"{slot.title}: nothing new in this attempt."))
        findings.extend(complaints)
    findings.extend(
        Finding(
            None,
            "unassigned",
            f"{one.name} was not assigned to any part of the submission; say where it belongs.",
        )
        for one in files
        if one.slot is None and one.problem is None
    )
    return tuple(findings)


def _fitting(slot: Slot, placed: Sequence[SubmittedFile]) -> list[SubmittedFile]:
    return [one for one in placed if one.problem is None and takes(slot, one.kind)]


def _of_slot(
    slot: Slot, placed: Sequence[SubmittedFile], words: Mapping[str, int]
) -> Iterator[Finding]:
    fitting = _fitting(slot, placed)
    for one in placed:
        if one.problem is None and one not in fitting and one.kind is not None:
            yield Finding(
                slot.id,
                "wrong_kind",
                f"{one.name} is {_A_KIND[one.kind]}, but your {_plain(slot)} must be "
                f"{_NOUNS[slot.kind][1]} ({_NOUNS[slot.kind][2]}): please replace it.",
            )
    if slot.max is not None and len(fitting) > slot.max:
        yield Finding(
            slot.id,
            "too_many",
            f"{_your(slot)}: {_count(len(fitting), slot)}, but at most {slot.max} "
            f"{'is' if slot.max == 1 else 'are'} wanted: please take out "
            f"{len(fitting) - slot.max}.",
        )
    for one in fitting:
        yield from _length(slot, one, words.get(one.id))
        if slot.captions and one.kind is not ArtifactKind.DOCUMENT and one.captions is None:
            yield Finding(
                slot.id,
                "missing",
                f"{one.name} came without captions: please add the WEBVTT or SRT file that your "
                "meeting software wrote.",
            )


def _too_few(slot: Slot, placed: Sequence[SubmittedFile], have: int) -> Finding:
    unread = [one.name for one in placed if one.problem is not None]
    because = f" ({_listed(unread)} could not be read and does not count)" if unread else ""
    if len(unread) > 1:
        because = because.replace("does not count", "do not count")
    if have == 0:
        return Finding(
            slot.id,
            "missing",
            f"{_your(slot)} {_is_or_are(slot)} missing{because}: please add {_wanted(slot)} "
            f"({_NOUNS[slot.kind][2]}).",
        )
    more = slot.min - have
    return Finding(
        slot.id,
        "missing",
        f"{_your(slot)}: {_count(have, slot)}, but at least {slot.min} are needed{because}: "
        f"please add {more} more.",
    )


def _length(slot: Slot, one: SubmittedFile, words: int | None) -> Iterator[Finding]:
    have: float | None
    low: float | None
    high: float | None
    if one.kind is ArtifactKind.DOCUMENT:
        low, high, unit = slot.min_words, slot.max_words, "words"
        have, amount = words, f"{words} words"
    else:
        low, high, unit = slot.min_minutes, slot.max_minutes, "minutes"
        have = None if one.duration_s is None else one.duration_s / 60
        amount = _minutes(one.duration_s or 0)
    if have is None:
        return
    if low is not None and have < low:
        yield Finding(
            slot.id,
            "too_short",
            f"{one.name} has {amount}, but your {_plain(slot)} must have at least {low:g} {unit}: "
            "please send a longer version.",
        )
    if high is not None and have > high:
        yield Finding(
            slot.id,
            "too_long",
            f"{one.name} has {amount}, but your {_plain(slot)} may have at most {high:g} {unit}: "
            "please send a shorter version.",
        )


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def _plain(slot: Slot) -> str:
    """The title within a sentence: a small first letter, or quotes where it is a phrase."""
    title = slot.title
    if ":" in title:
        return f"“{title}”"
    first = title.split(maxsplit=1)[0]
    return title if first[1:] != first[1:].lower() else title[0].lower() + title[1:]


def _your(slot: Slot) -> str:
    return f"Your {_plain(slot)}"


def _is_or_are(slot: Slot) -> str:
    last = slot.title.casefold()
    plural = ":" not in last and last.endswith("s") and not last.endswith(("ss", "us", "is"))
    return "are" if plural else "is"


def _wanted(slot: Slot) -> str:
    one, many, _ = _NOUNS[slot.kind]
    least = max(1, slot.min)
    if slot.max is None:
        return f"at least {least} {one if least == 1 else many}"
    if slot.max == least:
        return f"{least} {one if least == 1 else many}"
    return f"{least} {'or' if slot.max == least + 1 else 'to'} {slot.max} {many}"


def _count(have: int, slot: Slot) -> str:
    one, many, _ = _NOUNS[slot.kind]
    return f"{have} {one if have == 1 else many}"


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
