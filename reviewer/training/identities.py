"""Work without the names in it: what an anchor keeps of a submission.

Invariant: every offset that was in the old text has its place in the new one (`moved`), so
segments, pages and marks stay where they were. Recordings become their words: neither voice nor
face is in them. Names that nobody listed and no caption told stay, so a person reads before.
"""

import calendar
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reviewer.intake.artifact import Artifact, ArtifactKind, PageSpan, Segment

_MID_SENTENCE = re.compile(r"(?<=[\w,;] )[A-Z][\w’'-]*[a-z][\w’'-]*")
_CALENDAR = frozenset(calendar.day_name) | frozenset(calendar.month_name) | {"English"}
_ROLES = re.compile(r"(?i:teacher|class|pupil|student|child|adult|all)s?(?: \d+)?|S\d+")
_TITLES = frozenset(("Ms", "Mr", "Mrs", "Miss", "Dr"))
_SHORTEST = 2  # letters; one letter alone would take every "I" and "A" with it


@dataclass(frozen=True, slots=True)
class Cleared:
    """An artifact without names; `cuts` are (start, end, how much longer the text became there).

    `instead` says what stands for each name.
    """

    artifact: Artifact
    cuts: tuple[tuple[int, int, int], ...]
    instead: Mapping[str, str]

    def moved(self, start: int, end: int) -> tuple[int, int]:
        """Where characters ``[start, end)`` of the old text are now; names in it stay whole."""
        return _moved(self.cuts, start, end)

    def plain(self, words: str) -> str:
        """What somebody wrote about the work, without the names."""
        if not self.instead:
            return words
        return re.sub(_any_of(self.instead), lambda hit: self.instead[hit[0]], words)


def likely_names(artifacts: Iterable[Artifact]) -> tuple[str, ...]:
    """Words that may be names: speakers of captions, and capitals in the middle of a sentence."""
    found: set[str] = set()
    for one in artifacts:
        found |= {name for name in _speakers(one) if not _ROLES.fullmatch(name)}
        found |= {re.sub(r"['’]s$", "", word) for word in _MID_SENTENCE.findall(one.text)}
    return tuple(sorted(found - _CALENDAR))


def without_names(artifacts: Sequence[Artifact], names: Iterable[str]) -> tuple[Cleared, ...]:
    """The artifacts with each of `names`, and each speaker's, as ``[name 1]``, ``[name 2]`` …

    A name of several words goes as a whole and word by word; the same name has the same number in
    all artifacts. Files are called by their kind and place.
    """
    listed = [*names, *(name for one in artifacts for name in _speakers(one))]
    numbers = _numbers(name for name in listed if not _ROLES.fullmatch(name.strip()))
    counts: dict[str, int] = {}
    made = []
    for one in artifacts:
        what = "document" if one.kind is ArtifactKind.DOCUMENT else "recording"
        counts[what] = counts.get(what, 0) + 1
        made.append(_cleared(one, f"{what} {counts[what]}", numbers))
    return tuple(made)


def _speakers(artifact: Artifact) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.speaker for one in artifact.segments if one.speaker))


def _numbers(names: Iterable[str]) -> dict[str, str]:
    """What stands for each name and each word of it, the longest first."""
    numbers: dict[str, str] = {}
    for number, name in enumerate(dict.fromkeys(name.strip() for name in names), start=1):
        for word in (name, *name.split()):
            if len(word) >= _SHORTEST and word.rstrip(".") not in _TITLES:
                numbers.setdefault(word, f"[name {number}]")
    return dict(sorted(numbers.items(), key=lambda one: -len(one[0])))


def _cleared(one: Artifact, name: str, numbers: Mapping[str, str]) -> Cleared:
    cuts: list[tuple[int, int, int]] = []
    pieces, at = [], 0
    for hit in re.finditer(_any_of(numbers), one.text) if numbers else ():
        instead = numbers[hit[0]]
        pieces += [one.text[at : hit.start()], instead]
        cuts.append((hit.start(), hit.end(), len(instead) - len(hit[0])))
        at = hit.end()
    text = "".join(pieces) + one.text[at:]
    sha256 = hashlib.sha256(f"{name}\n{text}".encode()).hexdigest()
    kept = tuple(cuts)
    artifact = replace(
        one,
        id=sha256[:12],
        name=name,
        sha256=sha256,
        text=text,
        pages=tuple(_page(page, kept) for page in one.pages),
        segments=tuple(_segment(seg, sha256[:12], kept, numbers) for seg in one.segments),
    )
    return Cleared(artifact, kept, numbers)


def _any_of(numbers: Mapping[str, str]) -> str:
    return "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in numbers)


def _page(page: PageSpan, cuts: Sequence[tuple[int, int, int]]) -> PageSpan:
    start, end = _moved(cuts, page.start, page.end)
    return replace(page, start=start, end=end)


def _segment(
    one: Segment,
    artifact: str,
    cuts: Sequence[tuple[int, int, int]],
    numbers: Mapping[str, str],
) -> Segment:
    start, end = _moved(cuts, one.start, one.end)
    speaker = numbers.get(one.speaker.strip(), one.speaker) if one.speaker else one.speaker
    return replace(one, artifact=artifact, start=start, end=end, speaker=speaker)


def _moved(cuts: Sequence[tuple[int, int, int]], start: int, end: int) -> tuple[int, int]:
    new_start, new_end = start, end
    for first, last, longer in cuts:
        if last <= start:
            new_start += longer
        elif first < start:  # the span begins inside a name: it begins with what stands for it
            new_start -= start - first
        if first < end:
            new_end += longer + max(0, last - end)
    return new_start, new_end
