"""Numbers and states in the words that the pages and the report share.

Invariant: pure functions of their arguments; nothing here is markup, so nothing here is escaped.
"""

from collections.abc import Sequence

from reviewer.evidence.citation import Citation, Stance
from reviewer.intake.artifact import Artifact, ArtifactKind
from reviewer.scoring.draft import DraftKind, ElementDraft, Fitness

GLYPHS = {Stance.SUPPORTS: "▲", Stance.COUNTER: "▼"}
DOUBT_GLYPH = "≈"

_CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"}
_CONTROLS |= {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
_CONTROLS |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)

_KINDS = {
    ArtifactKind.DOCUMENT: "document",
    ArtifactKind.VIDEO: "video",
    ArtifactKind.AUDIO: "sound recording",
}

_OUTCOMES = (
    ("draft", "drafted"),
    ("insufficient_evidence", "insufficient evidence"),
    ("abstention", "no draft"),
    ("not_observable", "not observable"),
    ("waiting", "not drafted yet"),
)

_STRENGTH = ((0.25, "very little"), (0.5, "a little"), (0.75, "a fair amount of"))


def legible(text: str) -> str:
    """`text` with each control character and lone surrogate as one visible character.

    The length stays, so that offsets into `text` hold for the result too.
    """
    return text.translate(_CONTROLS)


def clock(seconds: float) -> str:
    """Seconds as a player writes them: ``0:47``, ``1:02:03``. Rounds down, like a player."""
    whole = max(0, int(seconds))
    hours, minutes = whole // 3600, whole // 60 % 60
    if hours:
        return f"{hours}:{minutes:02}:{whole % 60:02}"
    return f"{minutes}:{whole % 60:02}"


def time_span(start_s: float, end_s: float) -> str:
    """A time span of a recording as a player writes it: ``0:47–1:02``."""
    return f"{clock(start_s)}–{clock(end_s)}"


def percent(share: float) -> str:
    """A share in [0, 1] as whole percent; what is small but not nothing stays visible as such."""
    if 0 < share < 0.005:
        return "under 1\u00a0%"
    if 0.995 <= share < 1:
        return "over 99\u00a0%"
    return f"{share * 100:.0f}\u00a0%"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """``1 line``, ``3 lines``, ``no lines``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number or 'no'} {plural or noun + 's'}"


def points(value: float) -> str:
    """A level value as people write it: ``2``, ``2.5``."""
    return f"{value:g}"


def artifact_kind(artifact: Artifact) -> str:
    """What the artifact is, in a word; a file that could not be read may have no kind."""
    return _KINDS[artifact.kind] if artifact.kind else "file"


def artifact_size(artifact: Artifact) -> str:
    """How much there is to read or hear: pages and words, or minutes and words."""
    parts = []
    if artifact.duration_s is not None:
        parts.append(clock(artifact.duration_s))
    if artifact.pages:
        parts.append(count(len(artifact.pages), artifact.pages[0].unit))
    if artifact.text:
        parts.append(count(len(artifact.text.split()), "word"))
    return " · ".join(parts)


def hearing(artifact: Artifact) -> str:
    """How well a recording was heard, in one line; empty for what nobody had to hear."""
    report = artifact.hearing
    if report is None:
        return ""
    if report.source == "captions":
        return "words taken from the captions that were handed in"
    if not report.segments:
        return "no speech was heard"
    share = (
        "" if report.share_confident is None else f"heard well {percent(report.share_confident)} · "
    )
    return f"{share}{count(report.segments_in_doubt, 'line')} in doubt"


def place(citation: Citation, artifact: Artifact | None) -> str:
    """Where a quote lies: page or slide, or time and speaker; empty for a text without pages."""
    if citation.start_s is not None:
        who = f" · {citation.speaker}" if citation.speaker else ""
        return f"{clock(citation.start_s)}{who}"
    if citation.page is not None:
        slides = artifact is not None and any(page.unit == "slide" for page in artifact.pages)
        return f"{'slide' if slides else 'p.'}\u00a0{citation.page}"
    return ""


def strength(value: float) -> str:
    """How much evidence a draft rests on, from its strength in [0, 1]."""
    for bound, words in _STRENGTH:
        if value < bound:
            return f"The draft rests on {words} evidence."
    return "The draft rests on much evidence."


def fitness(value: Fitness) -> str:
    """What may be said of a draft's fitness; never empty, so that it can always stand beside it."""
    return {
        Fitness.UNMEASURED: "not validated here",
        Fitness.OPEN: "agreement with experts measured here: fit to show",
        Fitness.CLOSED: "agreement with experts measured here: not fit to show",
    }[value]


def headline(draft: ElementDraft | None, level: str) -> str:
    """The outcome for one element in a few words; `level` names the drafted level."""
    if draft is None:
        return "Not drafted yet"
    return {
        DraftKind.DRAFT: f"Draft: {level}",
        DraftKind.INSUFFICIENT_EVIDENCE: "Insufficient evidence in the work",
        DraftKind.ABSTENTION: "No draft: the engine abstains",
        DraftKind.NOT_OBSERVABLE: "Not observable in this work",
    }[draft.kind]


def outcome_glyph(draft: ElementDraft | None) -> str:
    """The outcome as one sign; it never stands without words."""
    if draft is None:
        return "…"
    return {
        DraftKind.DRAFT: "◆",
        DraftKind.INSUFFICIENT_EVIDENCE: "∅",
        DraftKind.ABSTENTION: "–",
        DraftKind.NOT_OBSERVABLE: "⊘",
    }[draft.kind]


def outcome(kinds: Sequence[str]) -> str:
    """How many elements ended in which way, in one line."""
    counts = ((kinds.count(kind), words) for kind, words in _OUTCOMES)
    return " · ".join(f"{number} {words}" for number, words in counts if number)


def meaning(draft: ElementDraft | None) -> str:
    """What the outcome does, and does not, say."""
    if draft is None:
        return "The first pass has not reached this element."
    return {
        DraftKind.DRAFT: "",
        DraftKind.INSUFFICIENT_EVIDENCE: (
            "A finding about the work: the signs of this element were looked for, and too few "
            "were found to draft a level."
        ),
        DraftKind.ABSTENTION: (
            "This says nothing about the work. The engine could not, or may not, judge this "
            "element; score it by hand."
        ),
        DraftKind.NOT_OBSERVABLE: (
            "What shows this element is not in words, written or spoken, so no engine looked "
            "for it; score it by hand."
        ),
    }[draft.kind]
