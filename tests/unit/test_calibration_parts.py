"""Shares, pairs, drift, probability calibration, anchoring, each on a table checked by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.calibration.anchoring import anchoring
from reviewer.calibration.confidence import Confidence, confidence
from reviewer.calibration.drift import drift, drifted_engines
from reviewer.calibration.pairing import one_each, slots, two_sides
from reviewer.calibration.ratings import make_ratings, read_table
from reviewer.calibration.shares import share


def long(text: str) -> pd.DataFrame:
    return make_ratings(read_table(text.encode(), "t.csv"), "t.csv").frame


class TestShares:
    def test_eight_of_ten_has_the_interval_of_the_books(self) -> None:
        """Wilson (1927) for 8 of 10: .49 to .94, as FIELD quotes it."""
        found = share([True] * 8 + [False] * 2, range(10))
        assert found is not None
        assert (round(found.low, 2), round(found.high, 2)) == (0.49, 0.94)

    def test_no_case_has_no_share(self) -> None:
        assert share([], []) is None

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(2, 6))
    def test_repeating_every_candidates_cases_does_not_narrow_the_interval(
        self, hits: list[bool], times: int
    ) -> None:
        once = share(hits, range(len(hits)))
        again = share(hits * times, list(range(len(hits))) * times)
        assert once is not None
        assert again is not None
        assert again.high - again.low >= (once.high - once.low) * 0.98
        assert 0 <= again.low <= again.value <= again.high <= 1


class TestPairs:
    def test_a_rater_is_never_paired_with_itself(self) -> None:
        rows = long("submission,element,rater,score\nS1,e,ann,1\nS1,e,bob,2\nS2,e,ann,1\n")
        made = two_sides(rows, rows[rows["rater"] == "ann"], seed=1)
        assert made[["submission", "left", "right"]].to_numpy().tolist() == [["S1", 2.0, 1.0]]

    def test_two_raters_keep_their_columns(self) -> None:
        rows = long("submission,element,rater,score\nS1,e,bob,1\nS1,e,ann,2\nS2,e,bob,0\n")
        wide = slots(rows, rows["rater"] == "x", seed=1)
        assert wide[0].tolist()[0] == 2.0
        assert wide[1].tolist() == [1.0, 0.0]

    def test_of_more_raters_those_marked_first_stand_first(self) -> None:
        rows = long(
            "submission,element,rater,score\n"
            + "".join(
                f"S{n},e,{who},{score}\n"
                for n in range(9)
                for who, score in (("a", 0), ("b", 1), ("x", 3))
            )
        )
        wide = slots(rows, rows["rater"] == "x", seed=1)
        assert set(wide[0]) == {3.0}
        assert set(wide[1]) == {0.0, 1.0}

    def test_the_order_of_rows_changes_nothing(self) -> None:
        rows = long(
            "submission,element,rater,score\n"
            + "".join(
                f"S{n},e,{who},{(n + len(who)) % 3}\n"
                for n in range(20)
                for who in ("a", "bb", "ccc")
            )
        )
        mixed = rows.sample(frac=1, random_state=4)
        first = rows["rater"] == "a"
        assert slots(rows, first, 5).equals(slots(mixed, first.loc[mixed.index], 5))
        assert set(map(tuple, one_each(rows, 5)[["submission", "rater"]].to_numpy())) == set(
            map(tuple, one_each(mixed, 5)[["submission", "rater"]].to_numpy())
        )


def over_months(last: float) -> pd.DataFrame:
    """Ann against bob, seven works a month for six months; ann gives `last` more in the sixth."""
    draw = np.random.default_rng(2)
    lines = ["submission,element,rater,score,timestamp"]
    for month in range(1, 7):
        for work in range(7):
            bob = draw.integers(0, 4)
            ann = bob + draw.integers(-1, 2) + (last if month == 6 else 0)
            when = f"2026-{month:02}-10T00:00:00Z"
            lines += [f"S{month}-{work},e,ann,{ann},{when}", f"S{month}-{work},e,bob,{bob},{when}"]
    return long("\n".join(lines))


class TestDrift:
    def test_a_rater_who_stays_the_same_is_inside_the_limits(self) -> None:
        people = over_months(0)
        charts, why = drift(people, people.iloc[:0])
        assert why == ""
        assert [(one.rater, one.drifted, len(one.months)) for one in charts] == [
            ("ann", False, 6), ("bob", False, 6),
        ]  # fmt: skip
        assert charts[0].center == pytest.approx(-charts[1].center)

    def test_a_rater_who_changes_is_told(self) -> None:
        people = over_months(3)
        charts, _ = drift(people, people.iloc[:0])
        assert charts[0].drifted
        assert charts[0].months[-1].outside
        assert not any(month.outside for month in charts[0].months[:4])

    def test_a_draft_without_a_moment_is_of_the_month_in_which_its_work_was_rated(self) -> None:
        people = over_months(0)
        drafts = people[people["rater"] == "ann"].assign(rater="m", rater_type="engine")
        last = drafts["timestamp"].dt.month == 6
        undated = drafts["timestamp"].where(drafts["score"].isna())
        drafts = drafts.assign(score=drafts["score"] + 3.0 * last, timestamp=undated)
        charts, _ = drift(people, drafts)
        found = {one.rater: one for one in charts}
        assert [month.month for month in found["m"].months] == [f"2026-{n:02}" for n in range(1, 7)]
        assert found["m"].drifted
        assert not found["ann"].drifted

    def test_an_engine_that_changes_on_one_element_is_told_there(self) -> None:
        """Over twelve elements a level more on one of them is a twelfth, and within the limits."""
        people = pd.concat([over_months(0).assign(element=f"e{n}") for n in range(12)])
        mine = people["rater"] == "ann"
        drafts = people[mine].assign(rater="m", rater_type="engine")
        last = (drafts["timestamp"].dt.month == 6) & (drafts["element"] == "e3")
        drafts = drafts.assign(score=drafts["score"] + last)
        assert drifted_engines(people, drafts) == ()
        own = [one[one["element"] == "e3"] for one in (people, drafts)]
        assert drifted_engines(*own) == ("m",)

    def test_a_column_may_have_any_name(self) -> None:
        people = over_months(3).assign(sum="1", count="2", first="3", month="4", difference="5")
        assert drift(people, people.iloc[:0])[0] == drift(over_months(3), people.iloc[:0])[0]

    def test_a_month_with_too_few_works_is_not_judged(self) -> None:
        people = over_months(3)
        people = people[~people["submission"].isin([f"S6-{work}" for work in range(3, 7)])]
        charts, _ = drift(people, people.iloc[:0])
        assert charts[0].months[-1].low is None
        assert not charts[0].drifted

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("submission,element,rater,score\nS1,e,ann,1\n", "no rating has a timestamp"),
            (
                "submission,element,rater,score,timestamp\nS1,e,ann,1,2026-01-01T00:00:00Z\n",
                "no work",
            ),
        ],
    )
    def test_where_there_is_no_chart_it_is_said_why(self, text: str, words: str) -> None:
        people = long(text)
        charts, why = drift(people, people.iloc[:0])
        assert charts == ()
        assert words in why


def drafts(honest: bool, n: int = 400) -> pd.DataFrame:
    draw = np.random.default_rng(5)
    sure = draw.uniform(0.3, 1.0, n)
    right = draw.random(n) < (sure if honest else 0.4)
    return pd.DataFrame(
        {"left": 1.0, "right": np.where(right, 1.0, 2.0), "confidence": sure, "candidate": range(n)}
    )


class TestConfidence:
    def test_an_honest_engine_has_a_small_error_and_a_boastful_one_a_large(self) -> None:
        honest = confidence(drafts(True), "m", "e", 0.8, 1, 200)
        boastful = confidence(drafts(False), "m", "e", 0.8, 1, 200)
        assert isinstance(honest, Confidence)
        assert isinstance(boastful, Confidence)
        assert honest.error < 0.08 < 0.2 < boastful.error_low

    def test_the_threshold_reaches_the_wanted_share_by_its_lower_bound(self) -> None:
        found = confidence(drafts(True), "m", "e", 0.8, 1, 200)
        assert isinstance(found, Confidence)
        assert found.abstain_below is not None
        assert found.abstain_below.right.low >= 0.8
        assert 0 < found.abstain_below.coverage < 1

    def test_where_nothing_reaches_it_there_is_no_threshold(self) -> None:
        found = confidence(drafts(False), "m", "e", 0.8, 1, 200)
        assert isinstance(found, Confidence)
        assert found.abstain_below is None

    def test_bins_hold_all_drafts(self) -> None:
        found = confidence(drafts(True), "m", "e", 0.8, 1, 200)
        assert isinstance(found, Confidence)
        assert sum(one.right.n for one in found.bins) == found.n == 400
        assert found.curve[0].coverage == 1.0

    def test_too_few_drafts_say_nothing(self) -> None:
        assert "30 are needed" in str(confidence(drafts(True, 29), "m", "e", 0.8, 1, 200))


ANCHORING = """\
submission,element,rater,rater_type,score,phase,aid,active_s
S1,e,ann,evaluator,1,blind,none,100
S1,e,ann,evaluator,2,final,draft,50
S1,e,m,engine,3,blind,none,
S1,e,eve,expert,1,blind,none,
S2,e,ann,evaluator,0,blind,none,120
S2,e,ann,evaluator,3,final,draft,60
S2,e,m,engine,3,blind,none,
S2,e,eve,expert,3,blind,none,
S3,e,ann,evaluator,2,blind,none,140
S3,e,ann,evaluator,2,final,draft,70
S3,e,m,engine,2,blind,none,
"""


class TestAnchoring:
    def test_pull_and_flips_are_counted_by_hand(self) -> None:
        """S1 moves half the way, and farther from the expert; S2 all the way, and nearer."""
        found = anchoring(long(ANCHORING), seed=1)[0][0]
        assert (found.n, found.differed, found.flips) == (3, 2, 2)
        assert found.pull == pytest.approx(0.75)
        assert found.towards is not None
        assert found.towards.value == 1.0
        assert found.correct is not None
        assert found.harmful is not None
        assert (found.correct.value, found.harmful.value) == (0.5, 0.5)
        assert found.overridden is not None
        assert found.overridden.value == pytest.approx(1 / 3)
        assert found.blind_time is not None
        assert found.assisted_time is not None
        assert (found.blind_time.median_s, found.assisted_time.median_s) == (120, 60)

    def test_the_pull_has_an_interval_by_candidate_where_there_are_two(self) -> None:
        """S1 moves half the way and S2 all of it, each of another candidate."""
        found = {(one.evaluator, one.element): one for one in anchoring(long(ANCHORING), 1)[0]}
        assert (found["", ""].pull_low, found["", ""].pull_high) == (0.5, 1.0)
        alone = long(ANCHORING).query("submission != 'S2'")
        assert anchoring(alone, 1)[0][0].pull_low is None

    def test_it_is_told_for_all_each_evaluator_and_each_element(self) -> None:
        found, _ = anchoring(long(ANCHORING), seed=1)
        assert [(one.evaluator, one.element) for one in found] == [("", ""), ("ann", ""), ("", "e")]

    def test_without_later_scores_there_is_nothing_to_tell(self) -> None:
        rows = long(ANCHORING)
        assert anchoring(rows[rows["phase"] == "blind"], seed=1) == ((), "")

    @pytest.mark.parametrize("seen", ["blind,draft", "final,none", "revealed,draft"])
    def test_a_panel_that_may_have_seen_the_draft_judges_no_flip(self, seen: str) -> None:
        text = ANCHORING + f"S1,e,panel,consensus,3,{seen},\nS2,e,panel,consensus,0,{seen},\n"
        assert anchoring(long(text), seed=1) == anchoring(long(ANCHORING), seed=1)

    def test_of_several_drafts_the_one_that_was_shown_counts(self) -> None:
        lines = [
            line + (",m" if ",final," in line or ",engine," in line else ",")
            for line in ANCHORING.splitlines()[1:]
        ]
        other = [f"S{n},e,other,engine,0,blind,none,,other" for n in (1, 2, 3)]
        head = ANCHORING.splitlines()[0] + ",engine_version"
        found = anchoring(long("\n".join([head, *lines, *other])), seed=1)
        assert found == anchoring(long(ANCHORING), seed=1)

    def test_where_it_is_not_known_which_draft_was_shown_nothing_is_made_up(self) -> None:
        found, note = anchoring(long(ANCHORING + "S1,e,other,engine,0,blind,none,\n"), seed=1)
        assert found[0].n == 2
        assert note.startswith("1 pair of blind and later scores left out")

    def test_an_experts_own_flip_is_not_judged_by_the_expert(self) -> None:
        text = ANCHORING + "S1,e,eve,expert,3,final,draft,\n"
        found = {one.evaluator: one for one in anchoring(long(text), seed=1)[0]}
        assert found["eve"].flips == 1
        assert found["eve"].correct is None
