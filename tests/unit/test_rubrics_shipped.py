"""The credentials in rubrics/: complete, consistent, and in words that can be observed."""

import re
from pathlib import Path

import pytest

from reviewer.rubric import Credential, Element, Indicator, SlotKind, list_credentials, schema_text
from reviewer.settings import CHECKOUT

FOLDER = CHECKOUT / "rubrics"
LISTED = list_credentials(FOLDER)
SHIPPED = {one.credential.id: one.credential for one in LISTED if one.credential}
ELEMENTS = [
    pytest.param(credential, element, id=f"{credential.id}/{element.id}")
    for credential in SHIPPED.values()
    for element in credential.elements
]
INDICATORS = [
    pytest.param(element, indicator, id=f"{credential.id}/{element.id}/{indicator.id}")
    for credential in SHIPPED.values()
    for element in credential.elements
    for indicator in element.supporting + element.counter
]
TEACHING = [one for one in SHIPPED.values() if not one.source]


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def test_the_nine_credentials_are_there_and_valid() -> None:
    assert [one.problem for one in LISTED if one.problem] == []
    assert sorted(SHIPPED) == [
        "analytic-essay-four-traits",
        "anti-bias-instruction",
        "ct-abstractions",
        "ct-creating-artifacts",
        "ct-defining-problems",
        "ct-testing-artifacts",
        "essay-language-six-traits",
        "morning-meetings-for-sel",
        "virtual-teaching",
    ]


def test_each_file_is_named_by_its_id() -> None:
    assert {one.path.stem for one in LISTED} == set(SHIPPED)


def test_the_schema_in_the_folder_is_current() -> None:
    stale = "rubrics/schema.json is stale: run `make docs`"
    assert (FOLDER / "schema.json").read_text(encoding="utf-8") == schema_text(), stale


def test_members_of_stacks_are_shipped_and_agree_about_their_stack() -> None:
    for credential in SHIPPED.values():
        if credential.stack is None:
            continue
        for member in credential.stack.members:
            assert SHIPPED[member].stack == credential.stack


def test_every_kind_of_decision_rule_is_in_use() -> None:
    kinds = {one.decision.kind for one in SHIPPED.values() if one.decision}
    assert kinds == {"every_element", "minimum_sum", "all_but"}
    assert all(one.decision for one in SHIPPED.values())


@pytest.mark.parametrize("credential", TEACHING, ids=lambda one: one.id)
def test_every_teaching_credential_says_what_recognizers_count(credential: Credential) -> None:
    counted = {(one.recognizer, one.amount, one.unit) for one in credential.recognition}
    assert ("Tennessee", 5, "professional development points") in counted
    assert ("Arizona", 1, "semester hour") in counted


@pytest.mark.parametrize("credential", TEACHING, ids=lambda one: one.id)
def test_every_element_of_a_teaching_credential_is_required(credential: Credential) -> None:
    assert all(element.required_level == 2 for element in credential.elements)


@pytest.mark.parametrize(("credential", "element"), ELEMENTS)
def test_every_element_has_a_question_slots_and_signs_for_and_against(
    credential: Credential, element: Element
) -> None:
    assert element.question.endswith("?")
    assert element.slots
    assert set(element.slots) <= {slot.id for slot in credential.slots}
    assert len(element.supporting) >= 2
    assert element.counter
    assert all(one.examples for one in element.supporting + element.counter)


def test_every_slot_is_used_by_an_element() -> None:
    for credential in SHIPPED.values():
        used = {slot for element in credential.elements for slot in element.slots}
        assert used == {slot.id for slot in credential.slots}, credential.id


@pytest.mark.parametrize(("credential", "element"), ELEMENTS)
def test_media_fit_the_slots(credential: Credential, element: Element) -> None:
    kinds = {slot.kind for slot in credential.slots if slot.id in element.slots}
    if "text" in element.observable_in:
        assert kinds & {SlotKind.DOCUMENT, SlotKind.ANY}
    if {"speech", "picture"} & set(element.observable_in):
        assert kinds - {SlotKind.DOCUMENT}
    if "speech" not in element.observable_in and "picture" not in element.observable_in:
        assert kinds <= {SlotKind.DOCUMENT, SlotKind.ANY}


@pytest.mark.parametrize(("credential", "element"), ELEMENTS)
def test_neighboring_levels_differ_in_more_than_a_degree(
    credential: Credential, element: Element
) -> None:
    for low, high in zip(element.levels, element.levels[1:], strict=False):
        if high.descriptor.startswith("Between ") or low.descriptor.startswith("Between "):
            continue
        new = set(words_of(high.descriptor)) - set(words_of(low.descriptor))
        assert len(new) >= 5, (low.descriptor, high.descriptor)


# What only the inside of a head knows, and praise that each reader fills in differently.
UNOBSERVABLE = re.compile(
    r"\b(understand\w*|knows?|believes?|values|appreciat\w*|aware\w*|respects?|realizes?|cares?|"
    r"feels?|effective\w*|appropriate\w*|adequate\w*|sufficient\w*|meaningful\w*|authentic\w*|"
    r"engaged|engaging|deep\w*|strong\w*|good|positive\w*|supportive|consistent\w*|successful\w*|"
    r"high-quality|insightful\w*|thoughtful\w*|proficien\w*|demonstrates?)\b",
    re.IGNORECASE,
)
# Whom one sees or hears, or what one reads: an indicator of teaching names one of them.
CARRIER = re.compile(
    r"\b(teacher|pupils?|classmates?|adult|user|text|essay|notes|plan|statement|design|log|work|"
    r"picture|writer|class|somebody|list|reason|meeting|sharing)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(("element", "indicator"), INDICATORS)
def test_every_indicator_is_something_one_sees_hears_or_reads(
    element: Element, indicator: Indicator
) -> None:
    assert indicator.text.endswith(".")
    assert indicator.text.count(".") == 1, "one sign, one sentence"
    assert not UNOBSERVABLE.search(indicator.text), indicator.text
    if element.observable_in == ("picture",):
        assert indicator.text.startswith("The picture shows")


def test_every_indicator_of_teaching_names_who_does_it_or_where_it_stands() -> None:
    for credential in TEACHING:
        for element in credential.elements:
            for indicator in element.supporting + element.counter:
                assert CARRIER.search(indicator.text), indicator.text


@pytest.mark.parametrize(("credential", "element"), ELEMENTS)
def test_descriptors_use_no_words_that_each_reader_fills_in(
    credential: Credential, element: Element
) -> None:
    for level in element.levels:
        assert not UNOBSERVABLE.search(level.descriptor), level.descriptor


def test_examples_do_not_repeat_descriptors() -> None:
    for credential in SHIPPED.values():
        runs = {
            run
            for element in credential.elements
            for level in element.levels
            for run in runs_of_six(level.descriptor)
        }
        for element in credential.elements:
            for indicator in element.supporting + element.counter:
                for example in indicator.examples:
                    assert not runs & runs_of_six(example), example


def runs_of_six(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[start : start + 6]) for start in range(len(words) - 5)}


def test_morning_meetings_hold_the_story() -> None:
    credential = SHIPPED["morning-meetings-for-sel"]
    assert [(slot.id, slot.kind.value) for slot in credential.slots] == [
        ("classroom-videos", "video"),
        ("activity-plans", "document"),
        ("justification-statement", "document"),
        ("structure-design", "document"),
    ]
    media = {element.id: element.observable_in for element in credential.elements}
    assert media["circle-climate"] == ("picture",)
    assert media["meeting-design"] == ("text",)
    assert media["individual-voice"] == ("speech", "text")
    assert credential.resubmission.review == "unmet_elements"
    assert credential.stack is not None
    assert credential.stack.title == "Class Structures to Support SEL"
    assert credential.stack.recognition[0].amount == 5
    assert not credential.stack.complete


def test_anti_bias_instruction_asks_for_two_visits_and_two_essays() -> None:
    credential = SHIPPED["anti-bias-instruction"]
    notes, *essays = credential.slots
    assert notes.min == 2
    assert "40 minutes" in notes.description
    assert [(one.min_words, one.max_words) for one in essays] == [(400, 600), (400, 600)]
    assert len(credential.elements) == 5


def test_virtual_teaching_brings_its_own_captions() -> None:
    recording = SHIPPED["virtual-teaching"].slots[0]
    assert (recording.kind, recording.captions) == (SlotKind.RECORDING, True)


def test_the_public_scales_are_kept_and_named() -> None:
    four, six = SHIPPED["analytic-essay-four-traits"], SHIPPED["essay-language-six-traits"]
    assert [element.id for element in four.elements] == [
        "ideas",
        "organization",
        "style",
        "conventions",
    ]
    assert {element.values for element in four.elements} == {(0, 1, 2, 3)}
    assert [element.id for element in six.elements] == [
        "cohesion",
        "syntax",
        "vocabulary",
        "phraseology",
        "grammar",
        "conventions",
    ]
    assert {element.values for element in six.elements} == {(1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5)}
    assert "ASAP" in four.source
    assert "ELLIPSE" in six.source


@pytest.mark.parametrize(
    ("identifier", "published"),
    [
        ("analytic-essay-four-traits", "asap7/rubric7.md"),
        ("essay-language-six-traits", "ellipse/rubric.md"),
    ],
)
def test_descriptors_of_the_public_scales_are_our_own_words(
    identifier: str, published: str, eval_data: Path
) -> None:
    theirs = words_of((eval_data / published).read_text(encoding="utf-8"))
    their_runs = {tuple(theirs[start : start + 4]) for start in range(len(theirs) - 3)}
    for element in SHIPPED[identifier].elements:
        for level in element.levels:
            ours = words_of(level.descriptor)
            runs = {tuple(ours[start : start + 4]) for start in range(len(ours) - 3)}
            assert not runs & their_runs, level.descriptor
