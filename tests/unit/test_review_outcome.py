"""The decision rule over confirmed levels, feedback in words, and what a further attempt opens."""

from dataclasses import replace

import house_sample as sample
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.evidence.citation import Stance
from reviewer.review.feedback import LONGEST, Quoted, feedback
from reviewer.review.outcome import Outcome, verdict
from reviewer.review.resubmission import (
    Earlier,
    carried,
    changes,
    compare,
    earlier_visible,
    open_elements,
)
from reviewer.rubric import Credential, find_credential
from reviewer.settings import CHECKOUT

CREDENTIAL = sample.CREDENTIAL
MET = {"greeting": 2.0, "routine": 1.0, "sharing": 2.0, "feelings": 2.0, "room": 1.0}
SHIPPED = CHECKOUT / "rubrics"


class TestOutcome:
    def test_every_element_at_its_level_is_awarded(self) -> None:
        assert verdict(CREDENTIAL, MET).outcome is Outcome.AWARDED

    def test_one_below_asks_for_a_resubmission_and_names_it(self) -> None:
        found = verdict(CREDENTIAL, MET | {"sharing": 1.0})
        assert (found.outcome, found.unmet) == (Outcome.RESUBMISSION_REQUESTED, ("sharing",))

    def test_there_is_no_outcome_while_any_element_is_open(self) -> None:
        found = verdict(CREDENTIAL, {"greeting": 2.0})
        assert found.outcome is None
        assert found.open == ("routine", "sharing", "feelings", "room")
        assert "4 of 5 elements are open" in found.because

    def test_what_was_not_observable_is_not_met(self) -> None:
        assert verdict(CREDENTIAL, MET | {"sharing": None}).unmet == ("sharing",)

    def test_an_element_without_required_level_cannot_be_failed(self) -> None:
        assert verdict(CREDENTIAL, MET | {"room": None}).outcome is Outcome.AWARDED

    def test_after_the_last_attempt_nothing_more_is_asked_for(self) -> None:
        data = CREDENTIAL.model_dump() | {"resubmission": {"attempts": 2}}
        limited = Credential.model_validate(data)
        below = MET | {"sharing": 0.0}
        assert verdict(limited, below, 1).outcome is Outcome.RESUBMISSION_REQUESTED
        assert verdict(limited, below, 2).outcome is Outcome.NOT_AWARDED

    def test_all_but_one_may_miss_one(self) -> None:
        rule = find_credential("virtual-teaching", SHIPPED)
        assert rule.decision is not None
        assert rule.decision.kind == "all_but"
        best = {one.id: one.values[-1] for one in rule.elements}
        required = [one.id for one in rule.elements if one.required_level is not None]
        assert verdict(rule, best | {required[0]: 0.0}).outcome is Outcome.AWARDED
        two = best | {required[0]: 0.0, required[1]: 0.0}
        assert verdict(rule, two).outcome is Outcome.RESUBMISSION_REQUESTED

    def test_a_sum_counts_levels(self) -> None:
        rule = find_credential("analytic-essay-four-traits", SHIPPED)
        twos = {one.id: 2.0 for one in rule.elements}
        assert verdict(rule, twos).outcome is Outcome.AWARDED
        below = twos | {rule.elements[0].id: 1.0}
        assert "add up to 7 and do not reach 8" in verdict(rule, below).because

    def test_without_a_rule_levels_are_recorded_alone(self) -> None:
        free = Credential.model_validate(CREDENTIAL.model_dump() | {"decision": None})
        assert verdict(free, MET).outcome is Outcome.NO_RULE


class TestFeedback:
    FOUND = Quoted("video 1 at 0:47", "I felt proud because I helped.", Stance.SUPPORTS)
    AGAINST = Quoted("the plans, p. 2", "We skip sharing when time is short.", Stance.COUNTER)

    def test_what_was_met_is_a_strength_with_a_quote(self) -> None:
        made = feedback(CREDENTIAL, CREDENTIAL.elements[0], 2.0, [self.FOUND])
        assert "Each child in the circle is greeted by name" in made.strength
        assert "“I felt proud because I helped.”" in made.strength
        assert (made.gap, made.next_step) == ("", "")

    def test_what_was_missed_says_strength_gap_and_next_step_in_this_order(self) -> None:
        made = feedback(CREDENTIAL, CREDENTIAL.elements[2], 1.0, [self.FOUND, self.AGAINST])
        assert made.strength.startswith("Developing: Some children share a thought")
        assert "Each child has a turn to share" in made.gap
        assert "“We skip sharing when time is short.”" in made.gap
        assert made.next_step.startswith("For the next attempt, send")
        assert made.paragraph.index(made.gap) < made.paragraph.index(made.next_step)

    def test_the_next_step_names_the_slots_and_signs_of_the_credential(self) -> None:
        real = find_credential("morning-meetings-for-sel", SHIPPED)
        element = next(one for one in real.elements if one.id == "individual-voice")
        made = feedback(real, element, 1.0, [])
        assert "classroom videos" in made.next_step
        assert element.supporting[0].text.rstrip(".")[:40] in made.next_step

    @given(st.sampled_from(CREDENTIAL.elements), st.sampled_from([None, 0.0, 1.0, 2.0]))
    def test_no_number_of_the_machine_is_in_it(self, element: object, level: float | None) -> None:
        text = feedback(CREDENTIAL, element, level, []).paragraph  # type: ignore[arg-type]
        assert not any(sign in text for sign in ("%", "draft", "0.", "machine"))

    def test_a_time_span_without_words_is_named_and_quotes_nothing(self) -> None:
        silent = Quoted("video 1, 0:47–0:52", "", Stance.SUPPORTS)
        made = feedback(CREDENTIAL, CREDENTIAL.elements[0], 2.0, [silent, self.FOUND])
        assert "We saw it in video 1, 0:47–0:52 and video 1 at 0:47 (“I felt" in made.strength

    def test_a_long_quote_is_cut_at_a_word_and_shows_it(self) -> None:
        long = replace(self.FOUND, quote="word " * 200)
        made = feedback(CREDENTIAL, CREDENTIAL.elements[0], 2.0, [long])
        assert "word …”" in made.strength
        assert len(made.strength) < LONGEST + 200


class TestResubmission:
    EARLIER = Earlier("sub-1", 1, CREDENTIAL.rubric_hash, MET | {"sharing": 1.0})

    def test_only_the_unmet_element_is_open_and_the_others_are_carried(self) -> None:
        assert open_elements(CREDENTIAL, self.EARLIER) == ("sharing",)
        levels = carried(CREDENTIAL, self.EARLIER)
        assert set(levels) == {"greeting", "routine", "feelings", "room"}
        assert verdict(CREDENTIAL, levels | {"sharing": 2.0}).outcome is Outcome.AWARDED

    @pytest.mark.parametrize(
        "earlier",
        [
            None,
            replace(EARLIER, rubric_hash="0" * 64),
            replace(EARLIER, levels={"greeting": 2.0}),
        ],
    )
    def test_everything_is_open_without_a_decided_attempt_of_the_same_rubric(
        self, earlier: Earlier | None
    ) -> None:
        assert len(open_elements(CREDENTIAL, earlier)) == 5
        assert carried(CREDENTIAL, earlier) == {}

    def test_earlier_levels_are_hidden_until_every_open_element_is_scored(self) -> None:
        assert not earlier_visible(("sharing", "room"), {"sharing"})
        assert earlier_visible(("sharing",), {"sharing", "room"})

    def test_the_same_bytes_are_unchanged_and_a_new_version_shows_its_new_words(self) -> None:
        old = sample.document("plans.pdf", "plans", "We sing. Then three children share news.")
        new = sample.document("plans v2.pdf", "plans", "We sing. Then all children share news.")
        same, changed, added = compare((sample.VIDEO, new, sample.STATEMENT), (old, sample.VIDEO))
        assert (same.unchanged, same.changes) == (True, ())
        assert changed.earlier == old.id
        assert [new.text[one.start : one.end] for one in changed.changes] == ["all"]
        assert (added.unchanged, added.earlier, added.changes) == (False, None, ())

    @given(st.text(alphabet="ab \n", max_size=40), st.text(alphabet="ab \n", max_size=40))
    def test_changes_lie_in_the_new_text_in_order_and_an_equal_text_has_none(
        self, old: str, new: str
    ) -> None:
        found = changes(old, new)
        assert all(0 <= one.start < one.end <= len(new) for one in found)
        assert list(found) == sorted(found, key=lambda one: one.start)
        assert changes(new, new) == ()
