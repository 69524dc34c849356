"""The page of scale shows the committed figures, of whichever runs there are."""

from xml.etree import ElementTree

import pytest

from eval.scale_page import Figures, scale_svg, scale_table
from eval.scaling import TENTHS, figures_of
from reviewer.bench.scale import Mark, ScaleRun


def a_run(submissions: int, workers: int, ms: float) -> ScaleRun:
    """One in which each submission takes `ms`, and a stage of 60 ms is done in 70."""
    marks = tuple(
        Mark(
            done=submissions * tenth // TENTHS,
            seconds=ms / 1000 * submissions * tenth / TENTHS,
            engine_mib=200.0 + tenth,
            scheduler_mib=150.0,
            worker_mib=600.0,
        )
        for tenth in range(1, TENTHS + 1)
    )
    stages = 5 * submissions
    seconds = ms * submissions / 1000
    busy_s = seconds * workers - 0.010 * stages
    return ScaleRun(workers, submissions, stages, 30.0, seconds, busy_s, marks)


@pytest.fixture
def figures() -> Figures:
    one, two = a_run(1000, 1, 350.0), a_run(1000, 2, 200.0)
    thousand = figures_of(one) | figures_of(two) | {"2 workers: times as fast": 1.75}
    return {"scale": thousand, "scale_state": figures_of(a_run(10_000, 2, 180.0))}


def test_a_column_for_each_run_with_what_was_asked_beside_what_was_found(figures: Figures) -> None:
    rows = {line.split(" | ")[0].strip("| "): line for line in scale_table(figures).splitlines()}
    assert rows["figure"].count("by") == 3
    assert "| 350.0 | 200.0 | 180.0 |" in rows["ms for a submission"]
    assert "| 10.0 | 10.0 | 10.0 |" in rows["ms of overhead for a stage (asked <= 20)"]
    assert "|  | 1.75 |  |" in rows["times as fast as one worker (asked 1.6, aim 1.8)"]
    assert "201 → 210" in rows["MiB of server, first → last tenth"]


def test_every_tenth_of_every_run_stands_in_the_plot(figures: Figures) -> None:
    root = ElementTree.fromstring(scale_svg(figures))
    shown = [one.text for one in root.iter() if one.tag.endswith("text")]
    assert [shown.count(ms) for ms in ("350", "200", "180")] == [TENTHS] * 3
    assert "10,000 submissions, 2 workers of one thread" in shown


def test_runs_that_were_not_made_are_left_out(figures: Figures) -> None:
    some = {"scale": figures["scale"]}
    assert "10,000" not in scale_table(some)
    assert scale_table({}) == "Not measured yet.\n"
    ElementTree.fromstring(scale_svg({}))


def test_nothing_is_loaded_from_elsewhere(figures: Figures) -> None:
    assert "href" not in scale_svg(figures)
