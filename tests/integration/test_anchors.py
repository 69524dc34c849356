"""Anchors from reviewed work with one action: no name, no recording, experts' ratings kept."""

from pathlib import Path

import house_sample as sample
import pytest
from house_anchors import SUBMISSION, finalize, second_score
from house_empty import empty_store
from house_program import DONE, MemoryProgram

from reviewer.errors import NothingHere, TrainingError
from reviewer.review.permission import Grant, Role
from reviewer.store.sittings import Purpose
from reviewer.training.work import Part, TrainingSet


@pytest.fixture
def program(tmp_path: Path) -> MemoryProgram:
    empty_store(tmp_path)
    made = MemoryProgram(tmp_path)
    made.hold(SUBMISSION, sample.first_pass(), DONE)
    made.records.assignments.name_candidate(
        made.repository.passes[SUBMISSION].candidate, "Amara Brown", "issuer"
    )
    return made


@pytest.fixture
def set_id(program: MemoryProgram) -> str:
    return program.anchors.new_set(program.person("trainer"), sample.CREDENTIAL, " Our  works ")


def kept(program: MemoryProgram, set_id: str) -> TrainingSet:
    found = program.records.training_sets.get(set_id)
    assert found is not None
    return found


def test_an_anchor_is_made_with_one_action_and_holds_no_name(
    program: MemoryProgram, set_id: str
) -> None:
    finalize(program)
    issuer = program.person("issuer")
    names = program.anchors.propose(issuer, set_id, SUBMISSION).names
    assert "Amara Brown" in names
    program.anchors.make(issuer, set_id, SUBMISSION, names, Part.FORM_A)
    (work,) = kept(program, set_id).works
    assert (work.part, work.key) == (Part.FORM_A, {})
    for one in work.artifacts:
        assert one.name.startswith(("document", "recording"))
        for name in ("Amara", "Brown", program.repository.passes[SUBMISSION].candidate):
            assert name not in one.text
        for segment in one.segments:
            assert "Amara" not in (segment.speaker or "")


def test_what_two_experts_had_rated_blind_becomes_the_key(
    program: MemoryProgram, set_id: str
) -> None:
    second_score(program, "trainer", 1)
    second_score(program, "adjudicator", 1)
    finalize(program)
    program.anchors.make(program.person("issuer"), set_id, SUBMISSION, ["Amara"], Part.PRACTICE)
    (work,) = kept(program, set_id).works
    first = sample.CREDENTIAL.elements[0]
    entry = work.key[first.id]
    assert entry.level == first.values[1]
    assert "Amara" not in entry.rationale
    assert entry.rationale.endswith("shows it.")
    (span,) = entry.excerpts
    artifact = next(one for one in work.artifacts if one.id == span.artifact)
    assert artifact.quote(span.start, span.end) == artifact.quote(
        artifact.segments[0].start, artifact.segments[0].end
    )


def test_an_evaluator_s_own_score_is_no_voice_of_the_panel(
    program: MemoryProgram, set_id: str
) -> None:
    second_score(program, "trainer", 1)
    finalize(program)
    program.anchors.make(program.person("issuer"), set_id, SUBMISSION, [], Part.PRACTICE)
    (work,) = kept(program, set_id).works
    assert work.key == {}
    voices = program.records.training_sets.voices(set_id, work.id)
    assert {one.rater for one in voices} == {program.person("trainer").id}


def test_an_expert_then_joins_the_panel_on_the_page(program: MemoryProgram, set_id: str) -> None:
    second_score(program, "trainer", 1)
    finalize(program)
    work = program.anchors.make(program.person("issuer"), set_id, SUBMISSION, [], Part.PRACTICE)
    program.records.accounts.add("second", None, [Grant(Role.TRAINER)])
    second, desk = program.person("second"), program.training
    number = desk.enter(second, set_id, work, Purpose.PANEL).sitting.id
    for element in sample.CREDENTIAL.elements:
        desk.rate(second, number, element.id, element.values[1], "")
    desk.hand_in(second, number)
    assert len(kept(program, set_id).works[0].key) == len(sample.CREDENTIAL.elements)


@pytest.mark.parametrize("name", ["trainee", "adjudicator", "trainer", "evaluator"])
def test_who_may_not_read_the_work_or_keeps_no_sets_makes_no_anchor(
    program: MemoryProgram, set_id: str, name: str
) -> None:
    finalize(program)
    with pytest.raises(NothingHere):
        program.anchors.make(program.person(name), set_id, SUBMISSION, [], Part.PRACTICE)


def test_an_unfinished_review_is_refused(program: MemoryProgram, set_id: str) -> None:
    with pytest.raises(TrainingError, match="Finish the review first"):
        program.anchors.make(program.person("issuer"), set_id, SUBMISSION, [], Part.PRACTICE)


def test_the_same_submission_twice_is_refused(program: MemoryProgram, set_id: str) -> None:
    finalize(program)
    issuer = program.person("issuer")
    program.anchors.make(issuer, set_id, SUBMISSION, [], Part.PRACTICE)
    with pytest.raises(TrainingError, match="in the set already"):
        program.anchors.make(issuer, set_id, SUBMISSION, [], Part.FORM_A)


def test_another_version_of_the_rubric_is_refused(program: MemoryProgram) -> None:
    finalize(program)
    changed = sample.CREDENTIAL.model_copy(update={"version": "another"})
    other = program.anchors.new_set(program.person("trainer"), changed, "Another version")
    with pytest.raises(TrainingError, match="another version of the rubric"):
        program.anchors.make(program.person("issuer"), other, SUBMISSION, [], Part.PRACTICE)


@pytest.mark.parametrize("title", ["", "   ", "x" * 121])
def test_a_set_needs_a_title(program: MemoryProgram, title: str) -> None:
    with pytest.raises(TrainingError, match="title of 1 to 120 characters"):
        program.anchors.new_set(program.person("trainer"), sample.CREDENTIAL, title)


@pytest.mark.parametrize("name", ["trainee", "issuer", "evaluator"])
def test_only_trainers_make_sets_and_only_issuers_ask_for_qualification(
    program: MemoryProgram, set_id: str, name: str
) -> None:
    who = program.person(name)
    with pytest.raises(NothingHere):
        program.anchors.new_set(who, sample.CREDENTIAL, "Mine")
    if name != "issuer":
        with pytest.raises(NothingHere):
            program.anchors.require(who, sample.CREDENTIAL.id, True)


def test_an_issuer_may_ask_for_qualification(program: MemoryProgram) -> None:
    program.anchors.require(program.person("issuer"), sample.CREDENTIAL.id, True)
    assert program.records.qualifications.asked_for(sample.CREDENTIAL.id)
