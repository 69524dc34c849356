"""``reviewer calibrate`` and ``reviewer gate`` from a table to a verdict that drafts obey."""

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import house_ratings
import jsonschema
import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval.studies.human_ceiling import PUBLISHED
from eval.tables import asap7_table
from reviewer.calibration.ratings import make_ratings, read_table, with_subgroups
from reviewer.calibration.report import Options, Report, calibrate, report_json, report_schema
from reviewer.calibration.report.matrix import QWK
from reviewer.calibration.report.model import OVERALL, Absent
from reviewer.calibration.report.wording import with_interval
from reviewer.calibration.report.written import read_report
from reviewer.cli.calibrate import calibrate as calibrate_command
from reviewer.errors import RatingsError
from reviewer.export.calibration import calibration_html
from reviewer.rubric import Credential
from reviewer.scoring.draft import Fitness
from reviewer.store.audit import events
from reviewer.store.database import open_database
from reviewer.store.verdicts import StoredVerdicts

pytestmark = pytest.mark.slow

CREDENTIAL = {
    "id": "made",
    "version": "1",
    "title": "Made",
    "decision": {"kind": "every_element"},
    "elements": [
        {
            "id": element, "title": element.capitalize(), "required_level": 1,
            "levels": [{"value": value, "descriptor": f"level {value}"} for value in range(4)],
        }
        for element in house_ratings.ELEMENTS
    ],
}  # fmt: skip


def measure(drift: bool = False, **options: Any) -> Report:
    table = house_ratings.made_ratings(drift=drift)
    ratings = make_ratings(read_table(table.to_csv(index=False).encode(), "t.csv"), "t.csv")
    groups = read_table(house_ratings.subgroups(table), "g.csv")
    ratings, groupings = with_subgroups(ratings, groups, "g.csv")
    chosen = Options(groupings=tuple(groupings), resamples=100, **options)
    return calibrate(ratings, "t.csv", "0" * 64, chosen)


@pytest.fixture(scope="module")
def report() -> Report:
    return measure(credential=Credential.model_validate(CREDENTIAL))


def test_equal_tables_give_equal_bytes_and_they_fit_the_schema(report: Report) -> None:
    again = measure(credential=Credential.model_validate(CREDENTIAL))
    assert report_json(report) == report_json(again)
    values = json.loads(report_json(report))
    jsonschema.validate(values, json.loads(report_schema()))
    assert "NaN" not in report_json(report).decode()
    assert report_json(read_report(report_json(report), "r.json")) == report_json(report)


def test_who_is_compared_with_whom(report: Report) -> None:
    plan = report.slice("plan")
    assert plan is not None
    assert [(one.kind, one.works, one.candidates) for one in plan.comparisons] == [
        ("human_human", 240, 180), ("engine_human", 240, 180), ("evaluator_expert", 240, 180),
    ]  # fmt: skip
    assert [one.name for one in report.slices] == [OVERALL, *house_ratings.ELEMENTS]
    left = {one.reason.split(",")[0]: one.rows for one in report.source.left_out}
    assert left == {"given after the draft was revealed": 720}


def test_evaluators_have_a_mean_difference_from_the_expert_in_standard_deviations(
    report: Report,
) -> None:
    plan = report.slice("plan")
    assert plan is not None
    table = house_ratings.made_ratings()
    rows = table[(table["element"] == "plan") & (table["phase"] == "blind")]
    scores = {
        kind: rows.loc[rows["rater_type"] == kind, "score"].astype(float)
        for kind in ("evaluator", "expert")
    }
    expected = (scores["evaluator"].mean() - scores["expert"].mean()) / scores["expert"].std()
    assert plan.comparisons[2].statistics["smd"].value == pytest.approx(expected)


def test_the_poor_element_of_the_engine_is_the_one_that_degrades(report: Report) -> None:
    fall = {part.name: part.degradation[0].figure for part in report.slices}
    share, plan = fall["share"], fall["plan"]
    assert share.low is not None
    assert plan.high is not None
    assert share.low > 0.1 > plan.high


def test_raters_stand_in_the_order_of_their_severity(report: Report) -> None:
    effects = report.rater_effects
    assert not isinstance(effects, Absent)
    people = [one.rater for one in effects.raters if one.rater in house_ratings.SEVERITY]
    assert people[0] == "ann"
    assert people[-1] == "cat"


def test_every_number_that_stands_has_its_n_and_an_interval_or_a_reason(report: Report) -> None:
    for part in report.slices:
        for one in part.comparisons:
            for name, figure in one.statistics.items():
                whole = None not in (figure.value, figure.low, figure.high)
                assert whole or figure.reason, (part.name, one.kind, name)


def test_agreement_within_works_is_of_people_who_rated_every_element(report: Report) -> None:
    found = report.rwg_j
    assert found.n == 240
    assert None not in (found.value, found.low, found.high)
    assert 0 < (found.low or 0) < (found.value or 0) < (found.high or 0) < 1


def test_decisions_are_told_under_the_pass_rule(report: Report) -> None:
    assert [one.kind for one in report.decisions] == ["human_human", "engine_human"]
    same = report.decisions[0].statistics["same_decision"]
    assert same.value is not None
    assert 0.6 < same.value <= 1
    assert {"false_pass", "false_fail"} <= set(report.decisions[1].statistics)


def test_drift_of_the_engine_is_seen() -> None:
    charts = {one.rater: one for one in measure(drift=True).drift}
    assert charts[house_ratings.ENGINE].drifted


def test_other_ways_to_tell_apart() -> None:
    names = [one.name for one in measure(by="month").slices]
    assert names == [OVERALL, *(f"2026-{month:02}" for month in range(1, 9))]
    assert [one.name for one in measure(by="language").slices] == [OVERALL, "English", "Spanish"]


def test_the_page_says_it_all_and_escapes_what_people_wrote(report: Report) -> None:
    page = calibration_html(report)
    assert report.headline in page.replace("&#39;", "'")
    assert 'http-equiv="Content-Security-Policy"' in page
    assert page == calibration_html(report)
    for question in ("How well do people agree", "Where do they differ", "stricter or milder"):
        assert question in page
    plan = report.slice("plan")
    assert plan is not None
    for name in ("degradation: QWK of people less QWK of the machine", "DSM, language: Spanish"):
        assert name in page
    (spanish,) = (one.figure for one in plan.subgroups if one.group == "Spanish")
    assert f"{with_interval(spanish)}, n = {spanish.n}" in page
    assert f"{with_interval(plan.comparisons[1].statistics[QWK])}, n = 240" in page


def test_the_page_names_each_of_several_engines_with_its_figures() -> None:
    table = house_ratings.made_ratings()
    other = table[table["rater_type"] == "engine"].assign(engine_version="b" * 64, score="1")
    both = pd.concat([table, other]).to_csv(index=False).encode()
    ratings = make_ratings(read_table(both, "t.csv"), "t.csv")
    report = calibrate(ratings, "t.csv", "0" * 64, Options(resamples=20))
    page = calibration_html(report)
    plan = report.slice("plan")
    assert plan is not None
    for engine in (house_ratings.ENGINE, "b" * 64):
        (one,) = (each for each in plan.comparisons if each.engine == engine)
        short = f"machine {engine[:8]}…"
        assert f"{short}: {with_interval(one.statistics[QWK])}, n = 240" in page
        assert f"{short.capitalize()}: Of 720 drafts" in page
        assert f"down: {short}, across: a person" in page
    plots = {f"plot-{name}-{number}" for name in ("reliability", "coverage") for number in (0, 1)}
    assert all(f'id="{one}"' in page for one in plots)


def run(*arguments: str, home: Path, rubrics: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "REVIEWER_HOME": str(home), "REVIEWER_RUBRICS_DIR": str(rubrics)}
    return subprocess.run(
        [sys.executable, "-m", "reviewer", *arguments],
        capture_output=True, text=True, check=False, env=environment, timeout=120,
    )  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "made.yaml").write_text(yaml.safe_dump(CREDENTIAL), encoding="utf-8")
    table = house_ratings.made_ratings()
    (tmp_path / "t.csv").write_text(table.to_csv(index=False), encoding="utf-8")
    return tmp_path


def test_from_a_table_to_verdicts_that_are_kept(place: Path) -> None:
    home, rubrics = place / "home", place / "rubrics"
    made = run(
        "calibrate", str(place / "t.csv"), "--credential", "made",
        "--json", str(place / "r.json"), "--html", str(place / "r.html"),
        home=home, rubrics=rubrics,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert "Left out: 720 rows" in made.stderr
    assert made.stdout.startswith("Evaluators agree on")
    gated = run(
        "gate", str(place / "r.json"), "--credential", "made", "--json", "-",
        home=home, rubrics=rubrics,
    )  # fmt: skip
    assert gated.returncode == 0, gated.stderr
    given = {one["element"]: one for one in json.loads(gated.stdout)["verdicts"]}
    assert given["share"]["fitness"] == "closed"
    assert given["plan"]["fitness"] == "open"
    database = open_database(f"sqlite:///{home / 'reviewer.sqlite3'}")
    rubric_hash = Credential.model_validate(CREDENTIAL).rubric_hash
    kept = StoredVerdicts(database).fitness("made", rubric_hash)
    assert kept[("share", house_ratings.ENGINE)] is Fitness.CLOSED
    assert StoredVerdicts(database).fitness("made", "0" * 64) == {}
    assert events(database)[-1].event == "verdicts_given"
    database.close()


def test_a_report_on_no_credential_gives_no_verdict(place: Path) -> None:
    home, rubrics = place / "home", place / "rubrics"
    table, out = str(place / "t.csv"), str(place / "r.json")
    run("calibrate", table, "--resamples", "20", "--json", out, home=home, rubrics=rubrics)
    refused = run("gate", out, "--credential", "made", home=home, rubrics=rubrics)
    assert refused.returncode == 1
    assert "was made for no credential, not for made" in refused.stderr
    assert "Traceback" not in refused.stderr
    made = ("--credential", "made", "--by", "month", "--resamples", "20", "--json", out)
    run("calibrate", table, *made, home=home, rubrics=rubrics)
    refused = run("gate", out, "--credential", "made", home=home, rubrics=rubrics)
    assert refused.returncode == 1
    assert "tells apart by month, and a verdict is on an element" in refused.stderr


def test_a_report_on_few_resamples_gives_no_verdict(place: Path) -> None:
    home, rubrics = place / "home", place / "rubrics"
    table, out = str(place / "t.csv"), str(place / "r.json")
    made = ("--credential", "made", "--resamples", "999", "--json", out)
    run("calibrate", table, *made, home=home, rubrics=rubrics)
    refused = run("gate", out, "--credential", "made", home=home, rubrics=rubrics)
    assert refused.returncode == 1
    assert "999 resamples, and the bounds that a verdict goes by need 1,000" in refused.stderr


HEADER = "submission,element,rater,score\n"


@pytest.mark.parametrize(
    ("text", "arguments", "words"),
    [
        (f"{HEADER}S1,plan,ann,7\n", "--credential made", "row 2: plan has the levels 0, 1, 2, 3,"),
        (f"{HEADER}S1,song,ann,1\n", "--credential made", "made has no element 'song'"),
        (f"{HEADER}S1,plan,ann,1\n", "--reference zoe", "no independent rating (blind, aid none)"),
        (f"{HEADER}S1,plan,ann,1\n", "--by school", "no column 'school'"),
        (f"{HEADER}S1,plan,ann,\n", "", "no score at all"),
        ("submission,element,rater\nS1,plan,ann\n", "", "lacks the column score"),
    ],
)
def test_what_cannot_be_measured_is_one_sentence(
    place: Path, text: str, arguments: str, words: str
) -> None:
    (place / "bad.csv").write_text(text, encoding="utf-8")
    refused = run(
        "calibrate",
        str(place / "bad.csv"),
        *arguments.split(),
        home=place / "home",
        rubrics=place / "rubrics",
    )
    assert refused.returncode == 2
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr


TYPED = "submission,candidate,element,rater,rater_type,score\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}S1,plan,ann,1\n",
        f"{HEADER}S1,plan,ann,1\nS2,plan,ann,1\n",
        f"{HEADER}S1,plan,ann,1\nS1,plan,bob,1\n",
        f"{HEADER}S1,plan,ann,1\nS1,plan,bob,1\nS2,plan,ann,1\nS2,plan,bob,1\n",
        f"{TYPED}S1,C,plan,ann,expert,1\nS1,C,plan,bob,evaluator,0\nS1,C,plan,m,engine,1\n",
        f"{TYPED}S1,C,plan,panel,consensus,1\nS1,C,plan,m,engine,1\n",
        f"{TYPED}S1,C,plan,m,engine,1\nS2,D,plan,m,engine,1\n",
    ],
    ids=["one rating", "one rater", "one work", "one level", "one candidate", "panel", "engine"],
)
def test_where_nearly_nothing_is_known_no_number_is_invented(text: str) -> None:
    ratings = make_ratings(read_table(text.encode(), "t.csv"), "t.csv")
    report = calibrate(ratings, "t.csv", "0" * 64, Options(resamples=20))
    assert "NaN" not in report_json(report).decode()
    assert "Not known" in calibration_html(report)


def measured(text: str, **options: Any) -> Report:
    ratings = make_ratings(read_table(text.encode(), "t.csv"), "t.csv")
    return calibrate(ratings, "t.csv", "0" * 64, Options(resamples=20, **options))


def test_an_element_may_be_called_overall_and_is_judged_by_its_own_ratings() -> None:
    table = house_ratings.made_ratings(works=40)
    renamed = table.assign(element=table["element"].replace("share", "overall"))
    as_it_was, found = (measured(one.to_csv(index=False)) for one in (table, renamed))
    assert [one.name for one in found.slices] == [OVERALL, "overall", "plan", "talk"]
    own, same = found.slice("overall"), as_it_was.slice("share")
    assert own is not None
    assert same is not None
    assert own.comparisons == same.comparisons
    assert own.evidence == same.evidence


def test_two_people_on_one_level_are_not_called_nobody() -> None:
    rows = "".join(f"S{work},plan,ann,1\nS{work},plan,bob,1\n" for work in range(5))
    found = measured(HEADER + rows).headline
    assert found == (
        "Two people scored the same works, but whether they agree beyond chance cannot be told "
        "(there is only one level); on plan they are alike in 100 % (56 to 100 %) exact, n = 5."
    )


def test_one_element_alone_is_worded_as_one() -> None:
    rows = "".join(f"S{w},plan,ann,{w % 3}\nS{w},plan,bob,{w % 2}\n" for w in range(12))
    assert measured(HEADER + rows).headline.startswith(
        "Evaluators do not agree on the one element measured well enough to decide"
    )


def test_full_agreement_on_two_works_is_no_proof_of_agreement() -> None:
    rows = "".join(f"S{work},plan,{who},{work}\n" for work in range(2) for who in ("ann", "bob"))
    found = measured(HEADER + rows).headline
    assert found.startswith("Evaluators may or may not agree on the one element measured")
    assert "QWK 1.00 (no interval)" in found


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("submission", ["S1", "S2"]),
        ("attempt", ["1", "2"]),
        ("element", ["plan"]),
        ("score", ["1.0"]),
        ("timestamp", []),
        ("school", ["north"]),
    ],
)
def test_works_can_be_told_apart_by_any_column_and_nothing_is_nan(
    by: str, groups: list[str]
) -> None:
    rows = "S1,plan,ann,1,1,north\nS1,plan,bob,1,1,\nS2,plan,ann,,2,\nS2,plan,bob,1,2,\n"
    found = measured(HEADER.strip() + ",attempt,School\n" + rows, by=by)
    assert [one.name for one in found.slices] == [OVERALL, *groups]


@pytest.mark.parametrize("more", ["count", "sum", "row", "month", "difference", "first"])
def test_a_column_of_any_name_changes_nothing(more: str) -> None:
    table = house_ratings.made_ratings(works=20).to_csv(index=False).splitlines()
    named = [table[0] + "," + more, *(line + ",1" for line in table[1:]), table[1] + ",1"]
    plain = [*table, table[1]]
    found, usual = measured("\n".join(named)), measured("\n".join(plain))
    assert found.slices == usual.slices
    assert found.drift == usual.drift


def test_a_panel_that_saw_the_draft_is_no_reference_and_it_is_said() -> None:
    rows = "S1,plan,panel,1,consensus,final\nS1,plan,m,1,engine,blind\n"
    with pytest.raises(RatingsError, match="no other person has one either"):
        measured(HEADER.strip() + ",rater_type,phase\n" + rows, reference="consensus")


def test_a_table_on_another_credential_or_version_is_one_sentence() -> None:
    rows = "S1,plan,ann,1,other,1\nS1,plan,bob,1,made,0.9\n"
    with pytest.raises(RatingsError, match="no row on made as it is now"):
        measured(
            HEADER.strip() + ",credential,rubric_version\n" + rows,
            credential=Credential.model_validate(CREDENTIAL),
        )


RATERS = {
    "ann": "evaluator", "bob": "evaluator", "eve": "expert", "panel": "consensus", "m": "engine",
}  # fmt: skip
ROW = st.tuples(
    st.integers(0, 5),
    st.sampled_from(["plan", "talk"]),
    st.sampled_from(sorted(RATERS)),
    st.sampled_from(["0", "1", "1", "2", ""]),
    st.sampled_from(["blind", "blind", "final"]),
)


def _what_is_rated(row: tuple[int, str, str, str, str]) -> tuple[object, ...]:
    return (*row[:3], "" if row[2] == "m" else row[4])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROW, min_size=1, max_size=40, unique_by=_what_is_rated))
def test_no_table_ends_in_a_number_that_is_none(rows: list[tuple[int, str, str, str, str]]) -> None:
    lines = [
        f"S{work},C{work // 2},{element},{rater},{RATERS[rater]},{score},{phase}"
        for work, element, rater, score, phase in rows
    ]
    text = "\n".join(["submission,candidate,element,rater,rater_type,score,phase", *lines, ""])
    ratings = make_ratings(read_table(text.encode(), "t.csv"), "t.csv")
    if not any(score for _, _, _, score, _ in rows):
        with pytest.raises(RatingsError, match="no score at all"):
            calibrate(ratings, "t.csv", "0" * 64, Options(resamples=20))
        return
    report = calibrate(ratings, "t.csv", "0" * 64, Options(resamples=20))
    assert read_report(report_json(report), "r.json") is not None
    assert "Not known" in calibration_html(report)


def test_names_from_the_table_are_text_and_never_mark_up() -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    lines = [
        f'S{work},"{element}","{rater} {evil}",{(work + at) % 3},2026-0{1 + work % 4}-01T00:00:00Z'
        for work in range(40)
        for element in (f"plan {evil}", "talk")
        for at, rater in enumerate(("ann", "bob"))
    ]
    text = "\n".join(["submission,element,rater,score,timestamp", *lines, ""])
    ratings = make_ratings(read_table(text.encode(), f"{evil}.csv"), f"{evil}.csv")
    report = calibrate(ratings, f"{evil}.csv", "0" * 64, Options(resamples=20))
    assert len(report.drift) == 2
    page = calibration_html(report)
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "&lt;img src=x" in page


def test_the_report_on_asap_set_7_has_the_agreement_that_is_known(eval_data: Path) -> None:
    """QWK of its two raters per trait, as the README of the evaluation data states it."""
    table = asap7_table(eval_data)
    ratings = make_ratings(read_table(table, "asap7.csv"), "asap7.csv")
    report = calibrate(ratings, "asap7.csv", "0" * 64, Options(resamples=20))
    for trait, stated in PUBLISHED.items():
        part = report.slice(trait)
        assert part is not None
        found = part.comparisons[0].statistics["cohen_kappa.quadratic"]
        assert found.n == 1569
        assert found.value == pytest.approx(stated, abs=0.0055)
    assert report.headline.startswith("Evaluators agree on none of 4 elements well enough")
    assert ", and 1 on the border; style needs another training round most: QWK 0.5" in (
        report.headline
    )


def test_the_command_has_the_defaults_of_the_function() -> None:
    asked = inspect.signature(calibrate_command).parameters
    usual = Options()
    assert asked["resamples"].default == usual.resamples
    assert asked["seed"].default == usual.seed
    assert asked["wanted"].default == usual.wanted_agreement
    assert asked["by"].default == usual.by
