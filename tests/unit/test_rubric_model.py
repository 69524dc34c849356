"""What a credential is, what it refuses, and what its hash names."""

import copy

import pytest
from pydantic import ValidationError

from reviewer.rubric import Credential, DecisionRule, GatePolicy, Slot, SlotKind

MINIMAL = {
    "id": "exit-tickets",
    "version": 1,
    "title": "Exit Tickets",
    "elements": [
        {
            "id": "use",
            "title": "What the tickets change",
            "levels": [
                {"value": 0, "descriptor": "Nothing is said of what they held."},
                {"value": 1, "descriptor": "The next lesson takes something up."},
            ],
        }
    ],
}
FULL = {
    **copy.deepcopy(MINIMAL),
    "slots": [{"id": "tickets", "title": "Tickets"}, {"id": "plan", "title": "Plan"}],
    "decision": {"kind": "every_element"},
    "gate": "pilot",
    "stack": {"id": "endings", "title": "Endings", "members": ["exit-tickets"]},
    "recognition": [{"recognizer": "Tennessee", "amount": 5, "unit": "points"}],
}
FULL["elements"][0] |= {
    "slots": ["tickets"],
    "required_level": 1,
    "supporting": [{"id": "quoted", "text": "An answer is quoted.", "examples": ["Jo wrote why."]}],
    "counter": [{"id": "filed", "text": "Tickets are filed."}],
}


def changed(path: str, value: object, data: dict = FULL) -> dict:
    """`data` with the value at ``a.0.b`` replaced."""
    data = copy.deepcopy(data)
    *way, last = path.split(".")
    here = data
    for part in way:
        here = here[int(part) if part.isdigit() else part]
    here[int(last) if last.isdigit() else last] = value
    return data


def test_a_minimal_credential_gets_sensible_defaults() -> None:
    credential = Credential.model_validate(MINIMAL)
    (element,) = credential.elements
    assert credential.version == "1"
    assert credential.slots == ()
    assert credential.decision is None
    assert credential.gate is GatePolicy.PILOT
    assert credential.resubmission.review == "unmet_elements"
    assert element.values == (0.0, 1.0)
    assert element.required_level is None
    assert element.observable_in == ("text", "speech")


def test_a_slot_takes_one_or_more_documents_by_default() -> None:
    slot = Slot(id="plan", title="Plan")
    assert (slot.kind, slot.min, slot.max, slot.required) == (SlotKind.DOCUMENT, 1, None, True)


@pytest.mark.parametrize("version", ["1.0", "1.10", "2026-01-01", "draft b"])
def test_a_version_is_kept_as_it_is_written(version: str) -> None:
    assert Credential.model_validate(changed("version", version)).version == version


@pytest.mark.parametrize("identifier", ["a", "Ideas", "ct-1", "v1.2_b", "7"])
def test_ids_may_have_capitals_digits_hyphens_underscores_and_dots(identifier: str) -> None:
    data = changed("elements.0.id", identifier)
    assert Credential.model_validate(data).elements[0].id == identifier


@pytest.mark.parametrize("identifier", ["", "two words", "../up", ".hidden", "ä", "a/b", "x" * 81])
def test_other_ids_are_refused(identifier: str) -> None:
    with pytest.raises(ValidationError):
        Credential.model_validate(changed("elements.0.id", identifier))


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("elements.0.levels.1.value", 0, "rising order"),
        ("elements.0.levels.0.value", 2, "rising order"),
        ("elements.0.levels.0.value", 0.3, "multiple of 0.5"),
        ("elements.0.levels.0.value", float("nan"), "finite"),
        ("elements.0.levels.0.descriptor", "  ", "at least 1"),
        ("elements.0.required_level", 0.5, "not one of the levels (0, 1)"),
        ("elements.0.counter.0.id", "Quoted", "stands twice"),
        ("elements.0.slots", ["essays"], "not the id of a slot"),
        ("elements.0.observable_in", [], "at least 1"),
        ("slots.1.id", "Tickets", "stands twice"),
        ("slots.0.max", 0, "greater than or equal to 1"),
        ("slots.0.min_minutes", 3, "does not belong to a slot of kind document"),
        ("slots.0.captions", True, "does not belong to a slot of kind document"),
        ("stack.members", ["another"], "does not name this credential"),
        ("decision", {"kind": "minimum_sum"}, "minimum_sum needs `minimum`"),
        ("decision", {"kind": "every_element", "minimum": 1}, "belongs to minimum_sum"),
        ("decision", {"kind": "every_element", "but": 2}, "belongs to all_but"),
        ("decision", {"kind": "minimum_sum", "minimum": 2}, "add up to 1"),
        ("decision", {"kind": "all_but"}, "leaves none"),
        ("recognition.0.amount", 0, "greater than 0"),
        ("unheard_of", 1, "not permitted"),
    ],
)
def test_what_does_not_fit_together_is_refused(path: str, value: object, words: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Credential.model_validate(changed(path, value))
    assert words in str(refusal.value)


def test_a_rule_about_required_levels_needs_one() -> None:
    with pytest.raises(ValidationError, match="needs a required_level"):
        Credential.model_validate(changed("elements.0.required_level", None))


def test_limits_of_a_slot_stand_in_order_and_suit_its_kind() -> None:
    with pytest.raises(ValidationError, match="max_words 10 is less than min_words 20"):
        Slot(id="a", title="A", min_words=20, max_words=10)
    with pytest.raises(ValidationError, match="min_words does not belong"):
        Slot(id="a", title="A", kind=SlotKind.VIDEO, min_words=20)
    either = Slot(id="a", title="A", kind=SlotKind.ANY, max_words=20, max_minutes=2)
    assert either.max_minutes == 2


def test_a_credential_cannot_be_changed() -> None:
    credential = Credential.model_validate(FULL)
    with pytest.raises(ValidationError, match="frozen"):
        credential.title = "Other"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (DecisionRule(), "every element met"),
        (DecisionRule(kind="all_but", but=2), "all but 2 met"),
        (DecisionRule(kind="minimum_sum", minimum=8), "a sum of 8 or more"),
    ],
)
def test_a_rule_says_itself_in_words(rule: DecisionRule, words: str) -> None:
    assert rule.in_words == words


HASH = Credential.model_validate(FULL).rubric_hash


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("gate", "enforced"),
        ("stack", None),
        ("stack.complete", False),
        ("recognition", []),
        ("resubmission", {"review": "every_element", "attempts": 2}),
        ("summary", "What it is about."),
        ("source", "Ours."),
    ],
)
def test_the_hash_is_not_of_what_a_badge_counts_for(path: str, value: object) -> None:
    assert Credential.model_validate(changed(path, value)).rubric_hash == HASH


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("version", 2),
        ("title", "Other"),
        ("elements.0.levels.0.descriptor", "Nothing is said of what they held!"),
        ("elements.0.levels.1.value", 1.5),
        ("elements.0.question", "Why?"),
        ("elements.0.supporting.0.text", "An answer is counted."),
        ("elements.0.supporting.0.examples", []),
        ("elements.0.counter", []),
        ("elements.0.slots", []),
        ("slots.1.required", False),
        ("decision", None),
    ],
)
def test_the_hash_is_of_everything_a_rating_rests_on(path: str, value: object) -> None:
    data = changed(path, value)
    if path == "elements.0.levels.1.value":
        data["elements"][0]["required_level"] = value
    assert Credential.model_validate(data).rubric_hash != HASH


def test_the_hash_does_not_see_line_breaks_or_composition_of_characters() -> None:
    plain = changed("title", "Café tickets of the day")
    wrapped = changed("title", "Cafe\u0301  tickets\nof the day")
    hashes = {Credential.model_validate(data).rubric_hash for data in (plain, wrapped)}
    assert len(hashes) == 1


def test_the_hash_does_not_see_defaults_written_out() -> None:
    written_out = Credential.model_validate(FULL).model_dump(mode="json")
    assert Credential.model_validate(written_out).rubric_hash == HASH


def test_the_hash_of_a_minimal_credential_stays_what_it_was() -> None:
    # Pinned: if this fails, a default was changed or the canonical form was, and every stored
    # rating would belong to an unknown version. See docs/decisions/0011.
    assert (
        Credential.model_validate(MINIMAL).rubric_hash
        == "f136ac780bacae82ca66cadd738a56e15d4a4b8a2d2143442917d1bd5c599c55"
    )
