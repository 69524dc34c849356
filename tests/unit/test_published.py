"""Published figures stand beside ours, which come from the committed baselines alone."""

from eval.published import PUBLISHED, Published, published_table
from eval.study import baseline, studies


def test_every_figure_of_ours_is_one_that_a_study_gives() -> None:
    known = set(studies())
    for one in PUBLISHED:
        for _, study, figure in one.ours:
            assert study in known
            assert figure in baseline(study), f"{study} has no figure {figure!r}"


def test_every_published_figure_has_its_source_and_what_differs() -> None:
    assert all(one.source and one.apart and one.figures for one in PUBLISHED)


def test_a_figure_that_was_not_measured_is_a_dash() -> None:
    row = Published("task", ".5", "somebody", (("ours", "essays", "no such figure"),), "all")
    assert "| task | .5 | – | all | somebody |" in published_table([row])
