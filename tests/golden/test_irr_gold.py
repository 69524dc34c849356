"""Every published value of the golden tables, to its printed digits.

The tables stay outside of the project (see ``eval_data``): these tests skip where they are absent.
Figures: expected.json names the source of each, mostly the tests of kgwet/irrCAC and
afergadis/irrCAC, cran/irr, cran/psych and pingouin.
"""

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewer.calibration import agreement as ag
from reviewer.settings import CHECKOUT

FOLDER = (
    Path(os.environ.get("REVIEWER_EVAL_DATA", CHECKOUT.parent / "shared" / "data")) / "irr_gold"
)
CASES: list[dict[str, Any]] = (
    json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))["cases"]
    if FOLDER.is_dir()
    else []
)
TABLES = ("gwet_table_3x3", "gwet_table_4x4", "cohen_table_n200", "fleiss_cohen_everitt_1969")


def read(name: str) -> Any:
    """The ratings of one file: numbers where all are, missing as None."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    skipped = 2 if head[0] == "group" else 1
    cells = [row[skipped:] for row in rows]
    if name.removesuffix(".csv") in TABLES:
        return ag.Contingency([[int(each) for each in row] for row in cells])
    if name == "fleiss_1971_counts.csv":
        return ag.Counts([[int(each) for each in row] for row in cells])
    filled = [each for row in cells for each in row if each]
    number: Callable[[str], object] = float if all(_is_number(each) for each in filled) else str
    return [[number(each) if each else None for each in row] for row in cells]


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def scheme(case: dict[str, Any]) -> Any:
    """The weights a case asks for."""
    if "disagreement_weights" in case:
        return [[1 - each for each in row] for row in case["disagreement_weights"]]
    if "agreement_weights" in case:
        return case["agreement_weights"]
    named = case.get("custom_weights") or case.get("weights", "identity")
    return "identity" if named == "unweighted" else named


def coefficient(case: dict[str, Any], of: Callable[..., Any]) -> dict[str, Any]:
    """The figures of one coefficient under the names of expected.json."""
    found = of(read(case["data"]), weights=scheme(case))
    assert found.reason is None
    return {
        "value": found.value,
        "pa": found.observed,
        "pe": found.chance,
        "se": found.se,
        "ci_low": found.low,
        "ci_high": found.high,
        # the source prints the one-sided p of Brennan–Prediger and the two-sided one of the others
        "p_value": found.p_greater if of is ag.brennan_prediger else found.p,
    }


def compute(case: dict[str, Any]) -> dict[str, Any]:
    """What this project makes of a case."""
    statistic, data = case["statistic"], case["data"]
    plain: dict[str, Callable[..., Any]] = {
        "Brennan-Prediger": ag.brennan_prediger,
        "Gwet AC1 (AC2 when weighted)": ag.gwet_ac2,
        "Conger's kappa": ag.conger_kappa,
        "Fleiss' kappa": ag.fleiss_kappa,
        "Scott's pi": ag.scott_pi,
        "Cohen's kappa": ag.cohen_kappa,
        "weighted kappa": ag.cohen_kappa,
        "Cohen kappa": ag.cohen_kappa,
        "percent agreement": ag.percent_agreement,
        "Conger's exact kappa": ag.conger_kappa,
    }
    if statistic in plain:
        return coefficient(case, plain[statistic])
    if statistic == "Krippendorff's alpha":
        if "level" in case:
            return {"value": ag.krippendorff_alpha(read(data), metric=case["level"]).value}
        return coefficient(case, ag.krippendorff_alpha)
    if statistic.startswith("Cohen kappa, raters 1 and 2"):
        pair = [row[:2] for row in read(data)]
        found = ag.cohen_kappa(pair, weights=scheme(case), categories=[1, 2, 3, 4, 5, 6])
        return {"value": found.value, "se": found.se}
    return special(case)


def special(case: dict[str, Any]) -> dict[str, Any]:
    """Statistics that are no chance-corrected coefficients."""
    statistic, data = case["statistic"], read(case["data"])
    if statistic.startswith("ICC("):
        form = statistic[4:-1].replace("2,", "A,").replace("3,", "C,")
        found = ag.icc(data)[form]
        return {
            "value": found.value,
            "F": found.f,
            "df1": found.df1,
            "df2": found.df2,
            "p": found.p,
            "ci_low": found.low,
            "ci_high": found.high,
        }
    if statistic == "mean squares":
        anova = ag.mean_squares(data)
        return {"BMS": anova.between, "WMS": anova.within, "JMS": anova.raters, "EMS": anova.error}
    if statistic == "Robinson's A":
        definition = case["id"].endswith("definition")
        return {"value": ag.robinson_a(data, rater_means_count=definition).value}
    if statistic == "Finn coefficient, 6 levels":
        return {"value": ag.finn(data, levels=6, model=case["model"]).value}
    if statistic == "Fleiss' kappa, 30 patients, 6 raters":
        return {"value": ag.fleiss_kappa(data).value, "z": ag.fleiss_null_test(data).z}
    assert statistic == "Fleiss' category-wise kappas", f"no test for {statistic}"
    names = case["expected"]
    return dict(zip(names, (each.value for each in ag.category_kappas(data)), strict=True))


@pytest.mark.skipif(not CASES, reason=f"no golden tables at {FOLDER} (REVIEWER_EVAL_DATA)")
@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_every_published_value_is_met_to_its_printed_digits(case: dict[str, Any]) -> None:
    found = compute(case)
    digits = case["digits"]
    for name, expected in case["expected"].items():
        places = digits[name] if isinstance(digits, dict) else digits
        assert found[name] is not None, name
        assert abs(found[name] - expected) <= 0.5 * 10**-places + 1e-9, (
            f"{name}: {found[name]} instead of {expected}"
        )


BY_COMMAND = {
    "Brennan-Prediger": "brennan_prediger",
    "Conger's kappa": "conger_kappa",
    "Conger's exact kappa": "conger_kappa",
    "Fleiss' kappa": "fleiss_kappa",
    "Fleiss' kappa, 30 patients, 6 raters": "fleiss_kappa",
    "Scott's pi": "scott_pi",
    "percent agreement": "percent_agreement",
    "Cohen's kappa": "cohen_kappa.unweighted",
    "Cohen kappa": "cohen_kappa.unweighted",
    "Gwet AC1 (AC2 when weighted)": "gwet.ac1",
    "Krippendorff's alpha": "krippendorff_alpha.nominal",
}
"""Cases that ``reviewer agreement`` reaches: unweighted, and alpha and ICC in all their forms."""


def path_in_object(case: dict[str, Any]) -> str | None:
    """Where the value of a case stands in the object that the command prints."""
    if case["statistic"].startswith("ICC("):
        return "icc." + case["statistic"][4:-1].replace("2,", "A,").replace("3,", "C,")
    if "level" in case:
        return f"krippendorff_alpha.{case['level']}"
    if case.get("weights", "identity") not in ("identity", "unweighted"):
        return None
    return BY_COMMAND.get(case["statistic"])


@pytest.mark.skipif(not CASES, reason=f"no golden tables at {FOLDER} (REVIEWER_EVAL_DATA)")
@pytest.mark.parametrize("data", sorted({case["data"] for case in CASES}))
def test_the_command_prints_the_published_values(data: str) -> None:
    from typer.testing import CliRunner

    from reviewer.cli.main import app

    form = "contingency" if data.removesuffix(".csv") in TABLES else "ratings"
    form = "counts" if data == "fleiss_1971_counts.csv" else form
    printed = json.loads(
        CliRunner().invoke(app, ["agreement", str(FOLDER / data), "--form", form]).stdout
    )
    reached = [case for case in CASES if case["data"] == data and path_in_object(case)]
    for case in reached:
        group, _, member = str(path_in_object(case)).partition(".")
        found = printed[group][member] if member else printed[group]
        value = found["value"] if group == "icc" else found
        places = case["digits"] if isinstance(case["digits"], int) else case["digits"]["value"]
        assert abs(value - case["expected"]["value"]) <= 0.5 * 10**-places + 1e-9, case["id"]
