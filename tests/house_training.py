"""Small training sets for tests: any number of elements and levels, any number of works."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from reviewer.desk.training import Before, TrainingDesk
from reviewer.intake.artifact import Artifact, ArtifactKind
from reviewer.intake.assembling import artifact_from_document
from reviewer.intake.documents import Document
from reviewer.review.permission import Grant, Person, Role
from reviewer.rubric import Credential
from reviewer.store.database import Database
from reviewer.store.human import human_records
from reviewer.store.sittings import Purpose
from reviewer.training.policy import Policy
from reviewer.training.work import FORMS, KeyEntry, Part, Span, TrainingSet, Work

TEXT = "We pass the shell. Each child says one thing. Nobody is left out today."
WAIT = Policy(works_per_form=2, fewest_ratings=4, practice_works=1, wait_days=7)
"""Rules that a test of a few works can reach."""


def credential(elements: int = 2, levels: int = 3) -> Credential:
    """A credential of e1, e2 … with levels 0, 1 …, the top one required."""
    return Credential.model_validate(
        {
            "id": "practice-credential",
            "version": "1",
            "title": "A credential to practise",
            "elements": [
                {
                    "id": f"e{number}",
                    "title": f"Element {number}",
                    "required_level": levels - 1,
                    "levels": [
                        {"value": value, "title": f"Level {value}", "descriptor": f"Is at {value}."}
                        for value in range(levels)
                    ],
                }
                for number in range(1, elements + 1)
            ],
            "decision": {"kind": "every_element"},
        }
    )


def document(name: str = "Plans", text: str = TEXT) -> Artifact:
    """A document as the sets have it; its id follows from its name."""
    return artifact_from_document(f"{name:_<12}"[:12], name, None, "0" * 64, Document(text))


def work(name: str, part: Part, key: Mapping[str, float]) -> Work:
    """A work with one document, the second sentence of which is the excerpt of every element."""
    made = document(f"plans-{name}")
    start = TEXT.index("Each")
    excerpt = Span(made.id, start, TEXT.index(" Nobody"))
    entries = {
        element: KeyEntry(level, f"Why it is {level:g}.", (excerpt,))
        for element, level in key.items()
    }
    assert made.kind is ArtifactKind.DOCUMENT
    return Work(name, part, (made,), entries)


def training_set(
    elements: int = 2,
    levels: int = 3,
    per_form: int = 3,
    practice: int = 2,
    policy: Policy = WAIT,
    *,
    synthetic: bool = True,
) -> TrainingSet:
    """A set whose works go through the levels in turn, element by element one step further."""
    made = credential(elements, levels)
    parts = {Part.PRACTICE: practice} | dict.fromkeys(FORMS, per_form)
    works = [
        work(
            f"{part.value[0]}{number}",
            part,
            {one.id: one.values[(number + at) % levels] for at, one in enumerate(made.elements)},
        )
        for part, count in parts.items()
        for number in range(1, count + 1)
    ]
    return TrainingSet("practice-set", "A set", made, synthetic, policy, tuple(works))


SET = training_set()


class House:
    """A store, a desk over it, and a clock that the test sets."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
        self.records = human_records(database, lambda: self.at)
        self.desk = TrainingDesk(self.records, demo=True)
        for role in Role:
            self.add(role.value, role)

    def add(self, name: str, *roles: Role, scope: str = SET.credential.id) -> Person:
        self.records.accounts.add(name, None, [Grant(role, scope) for role in roles])
        return self.person(name)

    def person(self, name: str) -> Person:
        found = self.records.accounts.named(name)
        assert found is not None
        return found

    def keep(self, kept: TrainingSet = SET) -> TrainingSet:
        self.records.training_sets.add(kept, "trainer")
        return kept

    def rate(
        self,
        who: Person,
        work: str,
        purpose: Purpose = Purpose.PRACTICE,
        off: float = 0.0,
        *,
        again: bool = False,
        kept: TrainingSet = SET,
    ) -> Before:
        """Rate a work as its key says, or `off` from it (kept inside the scale), and hand it in."""
        before = self.desk.enter(who, kept.id, work, purpose, again=again)
        for element in before.asked:
            level = before.work.key[element.id].level if element.id in before.work.key else 1.0
            wrong = min(element.values[-1], level + off)
            level = wrong if wrong != level or not off else level - off
            self.desk.rate(who, before.sitting.id, element.id, level)
        return self.desk.hand_in(who, before.sitting.id)

    def attempt(self, who: Person, right: int = 6, kept: TrainingSet = SET) -> int:
        """Practise, begin, and rate `right` works of the two forms like the key, the others not."""
        for one in kept.of(Part.PRACTICE):
            self.rate(who, one.id, again=True, kept=kept)
            self.at += timedelta(minutes=1)
        number = self.desk.begin(who, kept.id)
        for at, one in enumerate(kept.of(*FORMS)):
            self.rate(who, one.id, Purpose.QUALIFICATION, 0.0 if at < right else 1.0, kept=kept)
        return number
