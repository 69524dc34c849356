"""A credential, artifacts and a first pass with every kind of outcome, built without a model.

Texts are our own. `first_pass()` is whole; `partial()` has the first element alone; `empty()` and
`unreadable()` are the two sad states.
"""

import hashlib
import re

from reviewer.evidence.citation import Citation, Excerpt, Stance
from reviewer.intake.artifact import (
    Artifact,
    ArtifactKind,
    Doubt,
    HearingReport,
    PageSpan,
    Problem,
    Segment,
)
from reviewer.rubric import Credential
from reviewer.scoring.draft import DraftKind, ElementDraft, EngineIdentity, Fitness
from reviewer.scoring.first_pass import Finding, FirstPass

_SENTENCE = re.compile(r"[^\s][^.!?]*[.!?]+")


def _levels(*descriptors: str) -> list[dict[str, object]]:
    titles = ("Not yet", "Developing", "Demonstrated")
    return [
        {"value": value, "title": title, "descriptor": descriptor}
        for value, (title, descriptor) in enumerate(zip(titles, descriptors, strict=True))
    ]


CREDENTIAL = Credential.model_validate(
    {
        "id": "sample-circle-time",
        "version": 3,
        "title": "Circle Time That Listens",
        "summary": "Plans and leads a daily circle in which children are greeted and heard.",
        "slots": [
            {"id": "videos", "title": "Videos of the circle", "kind": "video", "min": 2, "max": 3},
            {"id": "plans", "title": "Activity plans", "kind": "document"},
            {"id": "statement", "title": "Justification statement", "kind": "document"},
        ],
        "elements": [
            {
                "id": "greeting",
                "title": "Every child is greeted by name",
                "question": "Does each child hear their name and a welcome?",
                "levels": _levels(
                    "The teacher opens without greeting anyone in particular.",
                    "Some children are greeted by name; others are greeted as a group.",
                    "Each child in the circle is greeted by name, by an adult or a child.",
                ),
                "required_level": 2,
            },
            {
                "id": "routine",
                "title": "The circle has a routine that children know",
                "question": "Could the children run it for a while without the teacher?",
                "levels": _levels(
                    "What happens next is told step by step.",
                    "There is an order of parts, and the teacher keeps it.",
                    "Children move from part to part themselves and remind one another.",
                ),
                "required_level": 1,
            },
            {
                "id": "sharing",
                "title": "Each child shares and is answered by another child",
                "question": "Who speaks, and who answers?",
                "levels": _levels(
                    "The teacher talks; children answer closed questions.",
                    "Some children share a thought; answers come from the teacher.",
                    "Each child has a turn to share, and another child responds to what was said.",
                ),
                "required_level": 2,
            },
            {
                "id": "feelings",
                "title": "Feelings are named and taken seriously",
                "levels": _levels(
                    "Feelings do not come up.",
                    "Feelings are named but not followed up.",
                    "A feeling is named, and someone acts on it with care.",
                ),
                "required_level": 1,
            },
            {
                "id": "room",
                "title": "The room invites a circle",
                "question": "Can every child see every other child?",
                "levels": _levels(
                    "Rows or tables.",
                    "A circle with children outside it.",
                    "One open circle at one height.",
                ),
                "observable_in": ["picture"],
            },
        ],
        "decision": {"kind": "every_element"},
    }
)

ENGINE = EngineIdentity(
    "coverage", "1", "9f" * 32, CREDENTIAL.rubric_hash, {"citations": 5, "halving": 0.5}
)


def identity(name: str) -> tuple[str, str]:
    """An artifact's id and sha256, made from its name."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return digest[:12], digest


def document(name: str, slot: str | None, *pages: str) -> Artifact:
    """A document of `pages`; a paragraph ends at a blank line, a sentence at its full stop."""
    text = "\n\n".join(pages)
    spans: list[PageSpan] = []
    segments: list[Segment] = []
    artifact_id, sha256 = identity(name)
    at = 0
    for number, page in enumerate(pages, start=1):
        spans.append(PageSpan(number, at, at + len(page)))
        at += len(page) + 2
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        segments.append(
            Segment(
                artifact_id,
                len(segments),
                start,
                end,
                paragraph=text.count("\n\n", 0, start),
                page=next(span.number for span in reversed(spans) if span.start <= start),
            )
        )
    return Artifact(
        artifact_id,
        name,
        slot,
        ArtifactKind.DOCUMENT,
        sha256,
        text=text,
        pages=tuple(spans),
        segments=tuple(segments),
    )


Said = tuple[float, str | None, str] | tuple[float, str | None, str, Doubt]


def recording(name: str, slot: str | None, duration_s: float, *lines: Said) -> Artifact:
    """A recording of lines (start, speaker, words[, doubt]); each ends where the next begins."""
    artifact_id, sha256 = identity(name)
    text = ""
    segments: list[Segment] = []
    for index, line in enumerate(lines):
        start_s, speaker, words = line[:3]
        doubt = line[3] if len(line) == 4 else None
        text += "\n" if text else ""
        start = len(text)
        text += words
        end_s = lines[index + 1][0] if index + 1 < len(lines) else duration_s
        segments.append(
            Segment(
                artifact_id,
                index,
                start,
                len(text),
                paragraph=index,
                start_s=start_s,
                end_s=end_s,
                speaker=speaker,
                speaker_confidence=0.8 if speaker else None,
                hearing=0.4 if doubt else 0.93,
                doubt=doubt,
            )
        )
    doubted = sum(segment.doubt is not None for segment in segments)
    return Artifact(
        artifact_id,
        name,
        slot,
        ArtifactKind.VIDEO,
        sha256,
        text=text,
        segments=tuple(segments),
        duration_s=duration_s,
        hearing=HearingReport(
            "recognition",
            "en",
            duration_s * 0.7,
            1 - doubted / len(segments),
            len(segments),
            doubted,
        ),
    )


def cite(
    artifact: Artifact, quote: str, weight: float, stance: Stance = Stance.SUPPORTS
) -> Citation:
    """A citation of `quote` where it first stands in `artifact`."""
    start = artifact.text.index(quote)
    end = start + len(quote)
    first = next(one for one in artifact.segments if start < one.end)
    last = next(one for one in reversed(artifact.segments) if one.start < end)
    return Citation(
        artifact.id,
        quote,
        start,
        end,
        first.page,
        first.start_s,
        last.end_s,
        first.speaker,
        stance,
        weight,
        first.hearing,
    )


VIDEO = recording(
    "circle monday.mp4",
    "videos",
    72.0,
    (1.2, "S1", "Good morning, everyone, let us see who is here today."),
    (6.4, "S1", "Good morning, Amara. Good morning, Jonas. Good morning, Li Wen."),
    (13.0, "S2", "Good morning, Ms. Okafor, I brought my yellow umbrella."),
    (19.5, "S1", "You did, and it is dripping on the rug. Jonas, what comes after hello?"),
    (26.1, "S3", "The weather helper goes up and tells us the sky."),
    (31.8, None, "And then we clap the pattern because it is Monday.", Doubt.LOW_CONFIDENCE),
    (38.0, "S1", "Thank you. Li Wen looks a bit sad. Do you want to tell us?"),
    (45.7, "S2", "My grandma went home yesterday and the house is too quiet."),
    (52.3, "S3", "You can sit next to me if you like."),
    (58.8, "S1", "We will not do sharing today, we are short of time."),
)
SECOND_VIDEO = recording(
    "circle thursday.mp4",
    "videos",
    48.0,
    (0.8, "S1", "We start with the hello song and then the calendar."),
    (9.0, "S2", "It is the fourteenth and it is my turn for the weather."),
    (17.2, "S1", "Thank you for watching.", Doubt.SILENCE),
    (30.0, "S1", "Ravi, tell the group one thing you built yesterday."),
    (36.5, "S3", "A bridge that really holds the bus."),
)
PLANS = document(
    "plans autumn.pdf",
    "plans",
    "Week one: learning the hello song.\n\nEach child chooses a greeting card and greets the "
    "child on the left by name. I stand back after the second day. On Wednesday the weather "
    "helper leads.",
    "Week two: news and questions.\n\nThree children a day bring news. The listeners hold a "
    "question card and I call on one of them. Children who find it hard may show a "
    "picture instead.\n\n"
    "I write down who has not yet spoken and begin with them on the next day.",
)
STATEMENT = document(
    "why we sit in a circle.docx",
    "statement",
    "I moved the circle to the start of the day because children arrived full of news. "
    "Since then fewer of them wander. I have not found a way to let all of them speak in fifteen "
    "minutes, and I intend to try partner talk in spring.",
)
LOCKED = Artifact(
    identity("structure.pdf")[0],
    "structure.pdf",
    None,
    ArtifactKind.DOCUMENT,
    identity("structure.pdf")[1],
    problem=Problem(
        "Encrypted",
        "structure.pdf is locked with a password: save a copy without one and hand that in.",
    ),
)


def draft(
    element: str,
    kind: DraftKind,
    *citations: Citation,
    level: float | None = None,
    probabilities: tuple[float, ...] = (),
    reason: str | None = None,
    rationale: str = "",
    strength: float = 0.0,
) -> ElementDraft:
    """One element's draft by the sample engine; its excerpts are the places that it cites."""
    shares = {str(value): share for value, share in enumerate(probabilities)}
    expected = sum(value * share for value, share in enumerate(probabilities)) if shares else None
    return ElementDraft(
        element,
        kind,
        reason,
        Fitness.UNMEASURED,
        level,
        expected,
        shares,
        strength,
        rationale,
        citations,
        ENGINE,
        tuple(place(one) for one in citations),
    )


def place(cited: Citation) -> Excerpt:
    """The excerpt at the place of a citation."""
    return Excerpt(
        artifact=cited.artifact,
        segments=(0,),
        start=cited.start,
        end=cited.end,
        quote=cited.quote,
        similarity=0.5,
        query="sample",
        stance=cited.stance,
        page=cited.page,
        start_s=cited.start_s,
        end_s=cited.end_s,
        speaker=cited.speaker,
        hearing=cited.hearing,
    )


DRAFTS = (
    draft(
        "greeting",
        DraftKind.DRAFT,
        cite(VIDEO, "Good morning, Amara. Good morning, Jonas. Good morning, Li Wen.", 0.41),
        cite(
            PLANS,
            "Each child chooses a greeting card and greets the child on the left by name.",
            0.34,
        ),
        cite(VIDEO, "Good morning, everyone, let us see who is here today.", 0.25, Stance.COUNTER),
        level=2,
        probabilities=(0.04, 0.29, 0.67),
        rationale="Two of three signs are evidenced: children greeted by name in video and in the "
        "plans; one greeting is to the group as a whole.",
        strength=0.71,
    ),
    draft(
        "routine",
        DraftKind.DRAFT,
        cite(VIDEO, "The weather helper goes up and tells us the sky.", 0.38),
        cite(VIDEO, "And then we clap the pattern because it is Monday.", 0.12),
        cite(
            PLANS, "I stand back after the second day. On Wednesday the weather helper leads.", 0.5
        ),
        level=1,
        probabilities=(0.11, 0.55, 0.34),
        rationale="Children name the next part themselves; one of the passages was badly heard and "
        "weighs less.",
        strength=0.48,
    ),
    draft(
        "sharing",
        DraftKind.INSUFFICIENT_EVIDENCE,
        cite(VIDEO, "We will not do sharing today, we are short of time.", 0.6, Stance.COUNTER),
        cite(
            STATEMENT,
            "I have not found a way to let all of them speak in fifteen minutes, and I intend to "
            "try partner talk in spring.",
            0.4,
            Stance.COUNTER,
        ),
        reason="Looked for: a turn to share for each child; a child who answers another child. "
        "Neither was found in two videos, the plans and the statement.",
    ),
    draft(
        "feelings",
        DraftKind.ABSTENTION,
        reason="The only passage that speaks for this element was badly heard "
        "(circle monday.mp4, 0:38).",
    ),
    draft(
        "room",
        DraftKind.NOT_OBSERVABLE,
        reason="This element shows in the picture alone, which reviewer does not look at.",
    ),
)

FINDINGS = (
    Finding("videos", "ok", "Videos of the circle: 2 of at least 2 handed in."),
    Finding("plans", "ok", "Activity plans: handed in."),
    Finding(
        "statement", "too_short", "Justification statement: 47 words; at least 150 are asked for."
    ),
    Finding(None, "unassigned", "structure.pdf belongs to no part that the credential asks for."),
)


def first_pass(
    drafts: tuple[ElementDraft, ...] = DRAFTS,
    artifacts: tuple[Artifact, ...] = (VIDEO, SECOND_VIDEO, PLANS, STATEMENT, LOCKED),
    findings: tuple[Finding, ...] = FINDINGS,
) -> FirstPass:
    """The sample first pass, whole unless told otherwise."""
    return FirstPass(
        "sub-0001",
        "C-0417",
        1,
        CREDENTIAL.id,
        CREDENTIAL.rubric_hash,
        artifacts,
        drafts,
        findings,
        ("Files were assigned to parts by their kind, because there is no submission.yaml.",),
    )


def partial() -> FirstPass:
    """Running: two artifacts read, one element drafted."""
    return first_pass(DRAFTS[:1], (VIDEO, PLANS), FINDINGS[:2])


def empty() -> FirstPass:
    """Nothing read, nothing drafted."""
    return first_pass(
        (), (), (Finding("videos", "missing", "Videos of the circle: none handed in."),)
    )


def unreadable() -> FirstPass:
    """One file, and it cannot be read."""
    return first_pass((), (LOCKED,), FINDINGS[3:])
