"""The plot of agreement under abstention shows the committed figures and needs no other file."""

from xml.etree import ElementTree

from eval.abstention import SERIES, SHARES, abstention_svg, figure_name
from eval.study import baseline

FIGURES = baseline("fitted_trust")


def test_every_committed_figure_stands_in_the_plot() -> None:
    root = ElementTree.fromstring(abstention_svg(FIGURES))
    shown = [one.text for one in root.iter() if one.tag.endswith("text")]
    for name, words in SERIES:
        assert words in shown
        for share in SHARES:
            assert f"{FIGURES[figure_name(name, share)]:.3f}" in shown


def test_agreement_rises_with_each_step_of_abstention() -> None:
    for name, _ in SERIES:
        curve = [FIGURES[figure_name(name, share)] for share in SHARES]
        assert curve == sorted(curve)


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert "href" not in abstention_svg(FIGURES)
