"""``reviewer agreement``: the JSON contract, and every kind of bad table."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from reviewer.cli.main import app
from reviewer.errors import RatingsError

KEYS = {
    "icc": ["1,1", "A,1", "C,1", "1,k", "A,k", "C,k"],
    "krippendorff_alpha": ["nominal", "ordinal", "interval", "ratio"],
    "cohen_kappa": ["unweighted", "linear", "quadratic"],
    "gwet": ["ac1", "ac2_linear", "ac2_quadratic", "ac2_ordinal"],
}
SINGLE = [
    "fleiss_kappa",
    "conger_kappa",
    "brennan_prediger",
    "scott_pi",
    "percent_agreement",
    "adjacent_agreement",
    "rwg",
    "ad",
]
ICC_KEYS = ["value", "f", "df1", "df2", "p", "ci"]
GOOD = "unit,ann,bob\n1,1,2\n2,2,2\n3,3,3\n4,1,1\n5,3,2\n"


def run(tmp_path: Path, table: str | bytes, *options: str) -> tuple[int, Any, str]:
    """Status (2 for a refusal), the object on standard output or None, standard error."""
    file = tmp_path / "table.csv"
    file.write_bytes(table if isinstance(table, bytes) else table.encode())
    result = CliRunner().invoke(app, ["agreement", str(file), *options])
    if isinstance(result.exception, RatingsError):
        assert result.stdout == ""
        return 2, None, f"{result.stderr}{result.exception}"
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, json.loads(result.stdout) if result.stdout else None, result.stderr


def assert_whole(found: dict[str, Any]) -> None:
    """Every key is there, and what is null has a reason under its path."""
    reasons = found["undefined"]
    for key in SINGLE:
        assert (found[key] is None) == (key in reasons), key
    for group, members in KEYS.items():
        assert list(found[group]) == members
        for member in members:
            value = found[group][member]
            if group == "icc":
                assert list(value) == ICC_KEYS
                value = value["value"]
            assert (value is None) == (f"{group}.{member}" in reasons), (group, member)


def test_a_table_of_two_raters_gives_every_key(tmp_path: Path) -> None:
    status, found, err = run(tmp_path, GOOD)
    assert status == 0
    assert_whole(found)
    assert found["undefined"] == {}
    assert found["n"] == {"units": 5, "with_two_ratings": 5, "complete": 5, "ratings": 10}
    assert found["raters"] == ["ann", "bob"]
    assert found["categories"] == [1, 2, 3]
    assert found["percent_agreement"] == pytest.approx(0.6)
    assert found["confusion"] == [[1, 1, 0], [0, 1, 0], [0, 1, 1]]
    assert "Levels are those that occur: 1, 2, 3" in err


@pytest.mark.parametrize(
    ("table", "options"),
    [
        ("unit,a,b,c\n1,1,2,\n2,2,2,1\n3,,,2\n", ()),
        ("unit,a,b\n1,yes,no\n2,no,no\n", ()),
        ("unit,a,b\n1,yes,no\n2,no,no\n", ("--levels", "no,yes", "--metric", "ordinal")),
        ("unit,a,b\n1,1,1\n2,1,1\n", ()),
        ("unit,a,b\n1,1,\n2,,2\n", ()),
        ("unit,a,b\n1,1,1\n2,2,2\n", ()),
        ("unit,1,2,3\nx,2,0,0\ny,1,1,0\n", ("--form", "counts")),
        ("first,low,high\nlow,5,1\nhigh,2,7\n", ("--form", "contingency")),
        ("first,1,2\n1,5,1\n2,2,7\n", ("--form", "contingency")),
        (GOOD, ("--metric", "nominal")),
        (GOOD, ("--metric", "ordinal")),
        (GOOD, ("--metric", "interval")),
        (GOOD, ("--levels", "1,2,3,4,5")),
    ],
)
def test_every_key_is_there_whatever_the_table(
    tmp_path: Path, table: str, options: tuple[str, ...]
) -> None:
    status, found, _ = run(tmp_path, table, *options)
    assert status == 0
    assert_whole(found)


def test_words_leave_undefined_what_needs_numbers_and_say_so(tmp_path: Path) -> None:
    _, found, _ = run(tmp_path, "unit,a,b\n1,yes,no\n2,no,no\n3,yes,yes\n")
    assert found["cohen_kappa"]["unweighted"] is not None
    assert found["cohen_kappa"]["quadratic"] is None
    needs_numbers = "it needs numbers on a scale; these categories are names"
    assert found["undefined"]["cohen_kappa.quadratic"] == needs_numbers
    assert found["undefined"]["icc.1,1"] == needs_numbers
    assert found["undefined"]["rwg"] == needs_numbers


def test_an_ordinal_metric_opens_what_needs_order_and_nothing_more(tmp_path: Path) -> None:
    table = "unit,a,b\n1,low,mid\n2,high,high\n3,mid,mid\n"
    _, found, _ = run(tmp_path, table, "--levels", "low,mid,high", "--metric", "ordinal")
    assert found["gwet"]["ac2_ordinal"] is not None
    assert found["krippendorff_alpha"]["ordinal"] is not None
    assert found["krippendorff_alpha"]["interval"] is None
    _, interval, _ = run(tmp_path, GOOD, "--metric", "interval")
    assert interval["krippendorff_alpha"]["interval"] is not None
    assert interval["undefined"] == {
        "krippendorff_alpha.ratio": "it needs a ratio scale; these levels were said to be none"
    }


def test_perfect_agreement_has_no_f_and_says_why(tmp_path: Path) -> None:
    _, found, _ = run(tmp_path, "unit,a,b\n1,1,1\n2,2,2\n3,3,3\n")
    assert found["icc"]["A,1"]["value"] == 1
    assert found["icc"]["A,1"]["f"] is None
    assert found["undefined"]["icc.A,1.f"] == "the error of the ratings is 0"


def test_more_than_two_raters_have_no_cohen_and_no_scott(tmp_path: Path) -> None:
    _, found, _ = run(tmp_path, "unit,a,b,c\n1,1,2,1\n2,2,2,2\n3,1,1,1\n")
    reason = "it is for two raters; this table has 3"
    assert found["undefined"]["scott_pi"] == reason
    assert found["undefined"]["cohen_kappa.linear"] == reason
    assert found["fleiss_kappa"] is not None


def test_two_of_three_raters_can_be_chosen(tmp_path: Path) -> None:
    table = "unit,a,b,c\n1,1,2,1\n2,2,2,2\n3,1,1,3\n"
    _, found, _ = run(tmp_path, table, "--raters", "a,b")
    assert found["raters"] == ["a", "b"]
    assert found["cohen_kappa"]["unweighted"] is not None
    assert found["categories"] == [1, 2]


def test_a_group_before_the_identifier_is_no_rater_and_that_is_said(tmp_path: Path) -> None:
    _, found, err = run(tmp_path, "group,unit,a,b\nG1,1,1,1\nG2,2,2,1\n")
    assert found["raters"] == ["a", "b"]
    assert "The column group before unit was left out: it is no rater." in err


def test_none_is_a_level_among_words_and_a_blank_among_numbers(tmp_path: Path) -> None:
    _, words, err = run(tmp_path, "unit,a,b\n1,none,some\n2,much,none\n")
    assert words["categories"] == ["much", "none", "some"]
    assert "blank" not in err
    _, numbers, err = run(tmp_path, "unit,a,b\n1,none,1\n2,2,1\n3,2,2\n")
    assert numbers["categories"] == [1, 2]
    assert "1 cell with none counted as blank." in err


def test_units_that_do_not_count_are_counted(tmp_path: Path) -> None:
    _, found, err = run(tmp_path, "unit,a,b,c\n1,1,2,1\n2,,,\n3,1,,\n4,2,2,\n")
    assert found["n"] == {"units": 3, "with_two_ratings": 2, "complete": 1, "ratings": 6}
    assert "1 unit without any rating left out." in err
    assert "1 unit with one rating only" in err
    assert "2 units not rated by every rater, left out of the ICC forms." in err


def test_counts_and_their_ratings_agree(tmp_path: Path) -> None:
    _, ratings, _ = run(tmp_path, "unit,a,b,c\n1,1,2,1\n2,2,2,2\n3,1,1,2\n")
    _, counts, _ = run(tmp_path, "unit,1,2\n1,2,1\n2,0,3\n3,2,1\n", "--form", "counts")
    assert counts["fleiss_kappa"] == pytest.approx(ratings["fleiss_kappa"])
    assert counts["rwg"] == pytest.approx(ratings["rwg"])
    assert "counts do not say which rater" in counts["undefined"]["conger_kappa"]


def test_a_contingency_table_is_put_in_the_order_of_its_levels(tmp_path: Path) -> None:
    table = "x,3,1,2\n2,1,0,4\n1,0,5,1\n3,6,0,1\n"
    _, found, _ = run(tmp_path, table, "--form", "contingency")
    assert found["categories"] == [1, 2, 3]
    assert found["confusion"] == [[5, 1, 0], [0, 4, 1], [0, 1, 6]]


REPAIRED = [
    ("﻿unit,a,b\n1,1,2\n2,2,2\n", "1 byte order mark at the start was left out."),
    ("unit;a;b\n1;1,5;2\n2;2;2,5\n", "2 decimal commas were read as a point (as in 1,5)."),
    ('unit,a,b\n1,"1,5",2.5\n2,2,2\n', "1 decimal comma was read as a point (as in 1,5)."),
    ("unit,a,b\n1,1,NA\n2,2,2\n3,1,n/a\n", "2 cells with NA, n/a counted as blank."),
    ("unit,a,b\n1,1,nan\n2,2,2\n3,NaN,1\n", "2 cells with nan, NaN counted as blank."),
    ("unit,a,b\n1,yes,nan\n2,no,no\n", "1 cell with nan counted as blank."),
    ("unité,a,b\n1,1,2\n2,2,2\n".encode("cp1252"), "The file is not UTF-8"),
    ("unit,a,b\n1,1,2\n2,2,2\n".encode("utf-16"), "The file is not UTF-8"),
]


@pytest.mark.parametrize(("table", "sentence"), REPAIRED)
def test_a_repair_is_counted_and_said(tmp_path: Path, table: str | bytes, sentence: str) -> None:
    status, found, err = run(tmp_path, table)
    assert status == 0
    assert_whole(found)
    assert sentence in err


REFUSED = [
    ("", (), "table.csv is empty"),
    ("unit\n1\n", (), "has no column beside 'unit'"),
    ("unit,a\n1,1\n2,2\n", (), "has one rater, a: agreement needs two or more"),
    ("unit,a,b\n", (), "has no rating at all"),
    ("unit,a,b\n1,,\n2,,\n", (), "has no rating at all"),
    ("unit,a,b\n1,NA,\n2,1,NA\n", ("--raters", "b"), "has one rater, b"),
    ("unit,a,a\n1,1,2\n", (), "row 1: two columns are called a"),
    ("unit,a,,b\n1,1,,2\n", (), "row 1: column 3 has no name"),
    ("unit,a,b\n1,1,2\n2,1,1\n1,2,2\n", (), "rows 2 and 4 are both of unit 1 (1 such)"),
    (
        "submission,element,rater,score\ns,e,a,1\ns,e,b,2\n",
        (),
        "this is a long table of ratings, which `reviewer calibrate` reads",
    ),
    ("unit,a,b\n,1,2\n2,1,1\n", (), "is blank in row 2."),
    ("unit,a,b\n1,1,2\n2,7,1\n\n3,1,9\n", ("--levels", "1,2"), "rows 3, 5: ratings off the levels"),
    ("unit,a,b\n1,1,2\n2,1,good\n3,2,2\n", (), "row 3: words among ratings that are numbers"),
    ("unit,a,b\n1,1,5,2\n2,1,1\n", (), "row 2 has 4 cells but the header has 3: put decimal"),
    ("unit,a,b\n1,yes,no\n2,maybe,no\n", ("--levels", "yes,no"), "row 3: ratings off the levels"),
    (GOOD, ("--raters", "ann,eve"), "has no column eve; its raters are ann, bob"),
    (GOOD, ("--raters", "ann,ann"), "names a column twice"),
    (GOOD, ("--levels", "1,1"), "--levels cannot be used: categories hold a level twice"),
    ("u,a,b\n1,x,y\n", ("--metric", "interval"), "needs levels that are numbers"),
    ("u,a,b\n1,x,y\n", ("--metric", "ordinal"), "needs their order: name it in --levels"),
    ("u,1,2\nx,2,-1\n", ("--form", "counts"), "row 2: cells that are no count, the first being -1"),
    ("u,1,2\nx,2,1\ny,1.5,1\nz,,3\n", ("--form", "counts"), "rows 3, 4: cells that are no count"),
    ("u,a,b\nx,2,\ny,1,1\n", ("--form", "counts"), "row 2: cells that are no count, the first bei"),
    ("u,1,2\nx,2,1e400\n", ("--form", "counts"), "row 2: cells that are no count"),
    ("u,1,2\n1,2,\n2,0,1\n", ("--form", "contingency"), "the first being a blank in column 2"),
    ("u,a,b\n1,1,1\n2,1,x\n3,NA,1\n", (), "row 3: words among ratings that are numbers"),
    ("u,a,b\n1,0,1\n2,1,x\n3,1,y\n4,1,1\n", (), "rows 3, 4: words among ratings that are num"),
    ("u,a,b\n1,1,inf\n2,2,2\n", (), "row 2: no finite numbers, the first being inf in column b"),
    ("u,a,b\n1,1,2\n2,-Infinity,2\n", (), "row 3: no finite numbers"),
    ("u,a,b\n1,1,2\n2,2,1e400\n3,1,-1e999\n", (), "rows 3, 4: no finite numbers"),
    (f"u,a,b\n1,1,{'9' * 400}\n2,2,2\n", (), "row 2: no finite numbers"),
    ("u,a,b\n1,low,inf\n2,high,low\n", (), "row 2: no finite numbers"),
    ("u,a,b\n1,1,2\n2,1,1e300\n", (), "row 3: numbers farther from 0 than 1,000,000,000"),
    ("u,a,b\n1,0,1e-300\n2,0,0\n", (), "the levels are too close together"),
    (GOOD, ("--levels", "1,2,3,1e99"), "--levels cannot be used: 1e+99 is farther from 0"),
    ("u,1,2\nx,2,3000000000\n", ("--form", "counts"), "a whole number from 0 to 1,000,000,000"),
    (GOOD, ("--levels", "1,2,3,inf"), "--levels cannot be used: categories hold a number that"),
    ("u,a,b\n1,nan,NaN\n2,nan,\n", (), "has no rating at all"),
    ("u,1,2\nx,0,0\n", ("--form", "counts"), "has no rating at all"),
    ("u,1,2\n1,2,1\n3,0,0\n", ("--form", "contingency"), "the same levels both ways"),
    ("u,1,2\n1,2,1\n2,0,0\n", ("--form", "contingency", "--levels", "1,2,3"), "are not the levels"),
    ("u,1,2\n1,2,1\n", ("--form", "counts", "--raters", "1"), "--raters chooses columns"),
    (b"u,a,b\n1,\x81\x8d,\xff\xfe\x9d\n", (), "encoding that cannot be told"),
]


@pytest.mark.parametrize(("table", "options", "sentence"), REFUSED)
def test_a_bad_table_is_refused_with_its_rows(
    tmp_path: Path, table: str | bytes, options: tuple[str, ...], sentence: str
) -> None:
    status, found, err = run(tmp_path, table, *options)
    assert (status, found) == (2, None)
    assert sentence in err
    assert "\n" not in err.strip().split("table.csv", 1)[-1]


def test_the_keys_that_the_documents_name_are_those_of_the_object(tmp_path: Path) -> None:
    import re

    from reviewer.settings import CHECKOUT

    page = (CHECKOUT / "docs" / "agreement.md").read_text(encoding="utf-8")
    part = page.split("## The object")[1].split("Every key is always there")[0]
    named = {word for span in re.findall(r"`([^`]+)`", part) for word in span.split()}
    _, found, _ = run(tmp_path, GOOD)
    keys = set(found) | {member for group in KEYS for member in found[group]}
    keys |= set(ICC_KEYS) | set(found["details"]["scott_pi"])
    assert keys - named <= {"form"}
    assert named <= keys


def test_a_table_that_is_not_there_is_refused() -> None:
    result = CliRunner().invoke(app, ["agreement", "nowhere.csv"])
    assert isinstance(result.exception, RatingsError)
    assert "nowhere.csv is not there" in str(result.exception)


@pytest.mark.slow
def test_from_outside_a_refusal_is_one_sentence_and_status_2(tmp_path: Path) -> None:
    import subprocess
    import sys

    file = tmp_path / "one.csv"
    file.write_text("unit,a\n1,1\n")
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", "agreement", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("reviewer: one.csv has one rater")
    assert done.stderr.count("\n") == 1
