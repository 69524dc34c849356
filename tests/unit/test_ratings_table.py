"""The long table of ratings: read, repaired, assumed, refused; which rows are independent."""

import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.calibration.agreement.levels import FARTHEST
from reviewer.calibration.ratings import (
    Ratings,
    make_ratings,
    read_table,
    split,
    with_subgroups,
)
from reviewer.errors import RatingsError

HEADER = "submission,element,rater,score"
FULL = (
    "submission,attempt,candidate,element,rater,rater_type,score,phase,aid,timestamp,"
    "rubric_version,engine_version"
)


def ratings(text: str | bytes) -> Ratings:
    data = text.encode() if isinstance(text, str) else text
    return make_ratings(read_table(data, "t.csv"), "t.csv")


def refused(text: str | bytes) -> str:
    with pytest.raises(RatingsError) as caught:
        ratings(text)
    return str(caught.value)


def test_four_columns_are_enough_and_what_was_assumed_is_said() -> None:
    made = ratings(f"{HEADER}\nS1,plan,ann,2\nS1,plan,bob,1\n")
    assert made.frame["phase"].tolist() == ["blind", "blind"]
    assert made.frame["candidate"].tolist() == ["S1", "S1"]
    assert made.frame["attempt"].tolist() == [1, 1]
    assert len(made.assumed) == 7
    assert made.repairs == ()


def test_rows_keep_the_number_that_they_have_in_the_file() -> None:
    assert ratings(f"{HEADER}\nS1,plan,ann,2\n\nS1,plan,bob,1\n").frame.index.tolist() == [2, 4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_encoding_that_can_be_told_is_read(encoding: str) -> None:
    made = ratings(f"{HEADER}\nS1,plan,Zoë,2\nS2,plan,Zoë,1\n".encode(encoding))
    assert set(made.frame["rater"]) == {"Zoë"}


def test_an_encoding_that_cannot_be_told_is_refused() -> None:
    assert "UTF-8" in refused(f"{HEADER}\n".encode() + "S1,план,Анна Иванова,2\n".encode("cp1251"))


def test_decimal_commas_are_read_as_points_and_counted() -> None:
    made = ratings("submission;element;rater;score\nS1;plan;ann;1,5\nS1;plan;bob;2.5\n")
    assert made.frame["score"].tolist() == [1.5, 2.5]
    assert made.repairs == ("1 cell of score had a decimal comma, read as a point (row 2).",)


def test_a_number_with_point_and_comma_is_refused_with_its_row() -> None:
    assert refused(f'{HEADER}\nS1,plan,ann,2\nS2,plan,ann,"1,000.5"\n').startswith("t.csv, row 3: ")


def test_words_for_scores_are_refused_with_the_first_rows() -> None:
    rows = "".join(f"S{n},plan,ann,good\n" for n in range(9))
    assert "rows 2, 3, 4, 5, 6 and 4 more: score is no number ('good')" in refused(
        HEADER + "\n" + rows
    )


@pytest.mark.parametrize("blank", ["", "NA", "n/a", "-", "null"])
def test_a_blank_score_is_missing_and_counted_as_left_out(blank: str) -> None:
    made = split(ratings(f"{HEADER}\nS1,plan,ann,{blank}\nS1,plan,bob,1\n"))
    assert len(made.independent) == 1
    assert [(one.rows, one.reason) for one in made.left_out] == [(1, "no score")]


def test_timestamps_without_a_zone_are_taken_as_utc_and_counted() -> None:
    made = ratings(
        f"{HEADER},timestamp\nS1,plan,ann,2,2026-03-01T08:00\nS1,plan,bob,1,2026-03-01T08:00+02:00\n"
    )
    assert [one.hour for one in made.frame["timestamp"]] == [8, 6]
    assert made.repairs == ("1 timestamp without a time zone, taken as UTC (row 2).",)


def test_a_timestamp_that_is_none_is_refused() -> None:
    assert "row 2: 'yesterday' is no timestamp" in refused(
        f"{HEADER},timestamp\nS1,plan,ann,2,yesterday\n"
    )


def test_the_same_rating_twice_counts_once() -> None:
    made = ratings(f"{HEADER}\nS1,plan,ann,2\nS1,plan,ann,2\n")
    assert len(made) == 1
    assert made.repairs == ("1 rating given twice with the same score, counted once (row 3).",)


def test_of_two_dated_scores_in_one_phase_the_later_counts() -> None:
    made = ratings(
        f"{HEADER},timestamp\nS1,plan,ann,2,2026-03-02T00:00Z\nS1,plan,ann,1,2026-03-01T00:00Z\n"
    )
    assert made.frame["score"].tolist() == [2.0]
    assert made.repairs == ("1 rating replaced by a later one of its phase (row 3).",)


def test_a_score_that_was_taken_back_as_not_observable_counts_no_longer() -> None:
    made = ratings(
        f"{HEADER},not_observable,timestamp\nS1,plan,ann,2,,2026-03-01T00:00Z\n"
        "S1,plan,ann,,yes,2026-03-02T00:00Z\nS1,plan,bob,1,,2026-03-02T00:00Z\n"
    )
    assert split(made).independent["rater"].tolist() == ["bob"]
    assert made.repairs == ("1 rating replaced by a later one of its phase (row 2).",)


def test_a_person_has_no_engine_version_and_so_rates_a_unit_once() -> None:
    made = ratings(f"{HEADER},engine_version,fitted_on\nS1,plan,ann,2,v1,\nS1,plan,ann,2,v2,yes\n")
    assert len(made) == 1
    assert "given twice with the same score" in made.repairs[0]


ENGINES = f"{HEADER},rater_type,phase,engine_version,fitted_on"


def test_one_engine_version_drafts_a_unit_once_under_whatever_name() -> None:
    made = ratings(f"{ENGINES}\nS1,plan,one,2,engine,,v1,\nS1,plan,other,2,engine,final,v1,\n")
    assert len(made) == 1
    assert "rows 2, 3: one gave two different scores to 'plan' of 'S1', and" in refused(
        f"{ENGINES}\nS1,plan,one,2,engine,,v1,\nS1,plan,other,1,engine,final,v1,\n"
    )


def test_a_draft_from_outside_the_fit_stands_beside_the_one_that_was_fitted() -> None:
    made = split(ratings(f"{ENGINES}\nS1,plan,one,2,engine,,v1,yes\nS1,plan,one,1,engine,,v1,no\n"))
    assert made.engine["score"].tolist() == [1.0]


def test_a_column_may_have_any_name_beside_twins() -> None:
    made = ratings(f"{HEADER},row,name,said\nS1,plan,ann,2,a,b,c\nS1,plan,ann,2,a,b,c\n")
    assert len(made) == 1
    assert made.extra == ("row", "name", "said")


def test_texts_that_look_like_numbers_stay_as_they_are_written() -> None:
    long = "1234567890123456789012"
    rows = f"007,01,1.0,2\n7,1,1,2\n{long}1,1e2,1,2\n{long}2,100,1,2\n"
    made = ratings(f"{HEADER}\n{rows}").frame
    assert made["submission"].tolist() == ["007", "7", f"{long}1", f"{long}2"]
    assert made["element"].tolist() == ["01", "1", "1e2", "100"]
    assert made["rater"].tolist() == ["1.0", "1", "1", "1"]


@pytest.mark.parametrize("number", ["1e300", "-2000000000", "1e400"])
def test_a_number_that_no_scale_has_is_refused_with_its_row(number: str) -> None:
    assert "row 2: score is farther from 0 than 1,000,000,000" in refused(
        f"{HEADER}\nS1,plan,ann,{number}\n"
    )


@pytest.mark.parametrize(
    ("moment", "hour"),
    [("2026-03-01T10:00+02", 8), ("20260301T100000-0200", 12), ("2026-03-01 10:00 +02:00", 8)],
)
def test_a_zone_in_any_iso_form_is_no_repair(moment: str, hour: int) -> None:
    made = ratings(f"{HEADER},timestamp\nS1,plan,ann,2,{moment}\n")
    assert made.frame["timestamp"].iloc[0].hour == hour
    assert made.repairs == ()


def test_an_element_that_could_not_be_observed_is_counted_as_that() -> None:
    made = split(ratings(f"{HEADER},not_observable\nS1,plan,ann,,true\nS1,plan,bob,1,false\n"))
    assert [(one.rows, one.reason) for one in made.left_out] == [
        (1, "where the rater found the element not observable")
    ]


def test_two_undated_scores_by_one_rater_in_one_phase_are_refused() -> None:
    assert "rows 2, 4: ann gave two different scores" in refused(
        f"{HEADER}\nS1,plan,ann,2\nS2,plan,ann,2\nS1,plan,ann,1\n"
    )


def test_a_wide_table_has_one_column_a_rater() -> None:
    made = ratings("submission,element,ann,engine\nS1,plan,1,2\nS2,plan,2,\n")
    assert made.frame["rater"].tolist() == ["ann", "ann", "engine", "engine"]
    assert made.frame["rater_type"].tolist() == ["evaluator", "evaluator", "engine", "engine"]
    assert made.repairs == ("The table has one column a rater: ann, engine.",)


def test_a_wide_table_may_have_one_column_an_element() -> None:
    made = ratings("submission,rater,ideas,style\nS1,ann,1,2\n")
    assert dict(zip(made.frame["element"], made.frame["score"], strict=True)) == {
        "ideas": 1,
        "style": 2,
    }


def test_raters_and_elements_are_called_as_their_columns_are_written() -> None:
    by_rater = ratings("Submission,ELEMENT,Ann Ott,Expert\nS1,plan,2,1\n").frame
    assert by_rater["rater"].tolist() == ["Ann Ott", "Expert"]
    assert by_rater["rater_type"].tolist() == ["evaluator", "expert"]
    by_element = ratings("submission,Rater,Ideas,Style\nS1,ann,2,1\n").frame
    assert by_element["element"].tolist() == ["Ideas", "Style"]


def test_parquet_is_read_like_csv() -> None:
    frame = pd.DataFrame(
        {
            "submission": ["S1", "S1"], "element": ["plan", "plan"], "rater": [1, 2],
            "score": [1.5, None], "timestamp": pd.to_datetime(["2026-01-01", None], utc=True),
        }
    )  # fmt: skip
    out = io.BytesIO()
    frame.to_parquet(out)
    made = ratings(out.getvalue())
    assert made.frame["rater"].tolist() == ["1", "2"]
    assert made.frame["score"].isna().tolist() == [False, True]
    assert made.repairs == ()


def test_whole_numbers_of_parquet_are_named_as_such_though_some_are_missing() -> None:
    frame = pd.DataFrame(
        {
            "submission": [7.0, 8.0], "element": "plan", "rater": "ann",
            "score": [1.5, 2.0], "candidate": [12.0, None],
            "attempt": pd.array([1, None], dtype="Int64"),
            "fitted_on": pd.array([None, False], dtype="boolean"),
        }
    )  # fmt: skip
    out = io.BytesIO()
    frame.set_index("element").to_parquet(out)
    made = ratings(out.getvalue()).frame
    assert made["element"].tolist() == ["plan", "plan"]
    assert made["submission"].tolist() == ["7", "8"]
    assert made["candidate"].tolist() == ["12", "8"]
    assert made["score"].tolist() == [1.5, 2.0]


def test_extra_columns_are_kept_and_named() -> None:
    made = ratings(f"{HEADER},school\nS1,plan,ann,2,North\n")
    assert made.extra == ("school",)
    assert made.frame["school"].tolist() == ["North"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "t.csv is empty"),
        (f"{HEADER}\n", "a header and no rows"),
        ("submission,element\nS1,plan\n", "lacks the columns rater, score"),
        ("work,ann,bob\nS1,1,2\n", "lacks the columns submission"),
        (f"{HEADER},score\nS1,plan,ann,2,2\n", "the column 'score' twice"),
        (f"{HEADER}\nS1,plan,ann,2,9\n", "more cells in some row"),
        (f"{HEADER}\nS1,,ann,2\n", "row 2: the column 'element' is blank"),
        (f"{HEADER},phase\nS1,plan,ann,2,late\n", "'late' is no phase; use blind, revealed, final"),
        (f"{HEADER},rater_type\nS1,plan,ann,2,boss\n", "'boss' is no rater_type"),
        (f"{HEADER},attempt\nS1,plan,ann,2,0\n", "attempt is a whole number"),
        (f"{HEADER},confidence\nS1,plan,ann,2,1.2\n", "confidence is a probability"),
        (f"{HEADER},fitted_on\nS1,plan,ann,2,maybe\n", "fitted_on is yes or no"),
        (
            f"{HEADER},candidate\nS1,plan,ann,2,A\nS1,plan,bob,2,B\n",
            "rows 2, 3: the submission 'S1'",
        ),
    ],
)
def test_what_cannot_be_used_is_one_sentence(text: str, words: str) -> None:
    assert words in refused(text)
    assert refused(text).endswith(".")


def test_a_damaged_parquet_file_is_one_sentence() -> None:
    assert "damaged Parquet" in refused(b"PAR1 and then nothing")


def test_only_blind_unaided_ratings_of_people_are_independent() -> None:
    rows = [
        "S1,1,C,plan,ann,evaluator,1,blind,none,,1,",
        "S1,1,C,plan,eve,expert,1,blind,none,,1,",
        "S1,1,C,plan,bob,evaluator,1,blind,excerpts,,1,",
        "S1,1,C,plan,ann,evaluator,2,final,draft,,1,",
        "S1,1,C,plan,tim,trainee,2,blind,none,,1,",
        "S1,1,C,plan,ada,adjudicator,2,final,none,,1,",
        "S1,1,C,plan,panel,consensus,2,blind,none,,1,",
        "S1,1,C,talk,panel,consensus,2,final,none,,1,",
        "S2,1,C,plan,panel,consensus,2,blind,draft,,1,",
        "S1,1,C,plan,coverage,engine,2,blind,none,,1,v1",
    ]
    made = split(ratings("\n".join([FULL, *rows])))
    assert made.independent["rater"].tolist() == ["ann", "eve"]
    assert made.aided["rater"].tolist() == ["bob"]
    assert made.consensus["rater"].tolist() == ["panel"]
    assert made.consensus["element"].tolist() == ["plan"]
    assert made.engine["rater"].tolist() == ["coverage"]
    assert {one.reason.split(",")[0] for one in made.left_out} == {
        "by a trainee", "by an adjudicator", "given after the draft was revealed",
        "by a panel that had seen excerpts or a draft",
    }  # fmt: skip
    assert sum(one.rows for one in made.left_out) == 5


def test_drafts_of_works_that_the_engine_was_fitted_on_are_left_out() -> None:
    made = split(ratings(f"{HEADER},fitted_on\nS1,plan,engine,2,yes\nS2,plan,engine,2,\n"))
    assert made.engine["submission"].tolist() == ["S2"]
    assert made.left_out[0].rows == 1


def test_a_table_takes_scores_as_far_from_0_as_levels_may_lie() -> None:
    assert ratings(f"{HEADER}\nS1,plan,ann,{FARTHEST:.0f}\n").frame["score"].tolist() == [FARTHEST]
    with pytest.raises(RatingsError, match="farther from 0 than 1,000,000,000"):
        ratings(f"{HEADER}\nS1,plan,ann,{FARTHEST + 1:.0f}\n")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["evaluator", "expert", "consensus", "adjudicator", "trainee", "engine"]
            ),
            st.sampled_from(["blind", "revealed", "final"]),
            st.sampled_from(["none", "excerpts", "draft"]),
            st.sampled_from(["", "1", "2.5"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_row_is_in_one_part_or_counted(rows: list[tuple[str, str, str, str]]) -> None:
    text = "\n".join(
        f"S{at},1,C{at},plan,r,{kind},{score},{phase},{aid},,,"
        for at, (kind, phase, aid, score) in enumerate(rows)
    )
    made = split(ratings(f"{FULL}\n{text}\n"))
    parts = [made.independent, made.aided, made.consensus, made.engine]
    rows_in_parts = [row for part in parts for row in part.index]
    assert len(rows_in_parts) == len(set(rows_in_parts))
    assert len(rows_in_parts) + sum(one.rows for one in made.left_out) == len(rows)


def test_subgroups_come_from_a_file_of_their_own() -> None:
    made = ratings(f"{HEADER},candidate\nS1,plan,ann,2,A\nS2,plan,ann,1,B\n")
    table = read_table(b"candidate,language\nA,Spanish\n", "g.csv")
    grouped, names = with_subgroups(made, table, "g.csv")
    assert names == ["language"]
    assert grouped.frame["language"].tolist() == ["Spanish", ""]
    assert grouped.repairs[-1] == "1 candidate in no row of g.csv: in no subgroup."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("who,language\nA,x\n", "needs a column candidate"),
        ("candidate,language\nA,x\nA,y\n", "rows 2, 3: a candidate stands twice"),
        ("candidate,score\nA,x\n", "both have a column 'score'"),
        ("candidate,language\n0A,x\n", "has none of the candidates of the ratings"),
    ],
)
def test_subgroups_that_do_not_fit_are_refused(text: str, words: str) -> None:
    made = ratings(f"{HEADER}\nA,plan,ann,2\n")
    with pytest.raises(RatingsError, match=words):
        with_subgroups(made, read_table(text.encode(), "g.csv"), "g.csv")
