"""What an element asks of a text, read from the element's own words.

Invariant: aims depend on the rubric alone, never on the work, a data set or an element's id.

Two readings of a work are possible. An element about teaching is *shown* by passages that match its
indicators. An element about the writing itself (its ideas, order, expression, correctness) is
carried by every sentence; then the rubric's words decide how much specific detail, correct form and
connection between sentences weigh.
"""

import re
from dataclasses import dataclass

from reviewer.rubric import Element


@dataclass(frozen=True, slots=True)
class Aims:
    """How much each side of a sentence weighs.

    `form`: exponent on correctness (0 ignores faults, 1 counts them fully); `detail` and `links`:
    shares in [0, 1] of a sentence's value that specific content, and connection with the sentence
    before, can earn; `topic`: whether the work should stay with a topic that was set.
    """

    form: float
    detail: float
    links: float
    topic: bool = False


# Chosen on one half of two public essay sets (eval/studies/essays.py), one line a kind of aim.
DEVELOPMENT = Aims(form=0.5, detail=0.8, links=0.1, topic=True)
ORDER = Aims(form=0.7, detail=0.65, links=0.25)
EXPRESSION = Aims(form=0.8, detail=0.5, links=0.1)
CORRECTNESS = Aims(form=1.0, detail=0.0, links=0.1)
SHOWING = Aims(form=0.0, detail=0.75, links=0.0)

# Words by which a rubric speaks of each aim; `title` words decide alone when a title has them.
_KINDS: tuple[tuple[Aims, str, str], ...] = (
    (
        DEVELOPMENT,
        r"ideas?|content|development|support|elaboration|narrativity|prompt adherence|focus|story"
        r"|argument",
        r"ideas?|stor(?:y|ies)|narrative|specific details?|relevant details?|thoroughly developed"
        r"|examples|reasons|position|thesis|elaborat\w+",
    ),
    (
        ORDER,
        r"organi[sz]ation|structure|cohesion|coherence|sequence|flow",
        r"organi[sz]\w+|logically sequenced|sequence|transition\w*|cohesi\w+|connections? between"
        r"|order|introduction|conclusion|paragraphs?",
    ),
    (
        EXPRESSION,
        r"style|voice|word choice|vocabulary|phraseology|language|fluency|sentence fluency|syntax"
        r"|expression",
        r"word choice|vocabulary|phrases?|sentence structures?|varied sentences?|syntactic|syntax"
        r"|command of language|use of language|wording|tone|voice|clear sentences",
    ),
    (
        CORRECTNESS,
        r"conventions|grammar|mechanics|spelling|punctuation|usage|correctness|accuracy",
        r"conventions|grammar|spelling|punctuation|capitali[sz]ation|mechanics|usage|errors in",
    ),
)
# Titles that can be nothing but a trait of writing.
_TRAIT = (
    r"ideas|narrativity|prompt adherence|cohesion|coherence|word choice|vocabulary|phraseology"
    r"|sentence fluency|syntax|conventions|grammar|spelling|punctuation|mechanics"
)
_WRITING = r"essay|overall|holistic|writing|composition|score"


def aims_of(element: Element) -> Aims | None:
    """The aims of an element about writing; None for one that passages of a work must show."""
    title = element.title.lower()
    body = " ".join(level.descriptor for level in element.levels).lower()
    by_title = [aims for aims, names, _ in _KINDS if re.search(rf"\b(?:{names})\b", title)]
    by_body = [(len(set(re.findall(rf"\b(?:{signs})\b", body))), aims) for aims, _, signs in _KINDS]
    found = sum(count for count, _ in by_body)
    if by_title and (found or re.search(rf"\b(?:{_TRAIT})\b", title)):
        return _mean([(1, aims) for aims in by_title])
    if element.supporting or element.counter:
        return None
    if found >= 2 or re.search(rf"\b(?:{_WRITING})\b", title + " " + body):
        return _mean([(count, aims) for count, aims in by_body if count] or _EQUAL)
    return None


_EQUAL = [(1, aims) for aims, _, _ in _KINDS]


def _mean(weighted: list[tuple[int, Aims]]) -> Aims:
    total = sum(count for count, _ in weighted)
    return Aims(
        form=sum(count * aims.form for count, aims in weighted) / total,
        detail=sum(count * aims.detail for count, aims in weighted) / total,
        links=sum(count * aims.links for count, aims in weighted) / total,
        topic=any(aims.topic for _, aims in weighted),
    )
