"""The calibration page in a real browser: plots are drawn, nothing is asked of any network."""

from pathlib import Path
from typing import Any

import house_ratings
import pytest
from house_browser import DESKTOP, PHONE, Watched

from reviewer.calibration.ratings import make_ratings, read_table
from reviewer.calibration.report import Options, calibrate
from reviewer.export.calibration import calibration_html

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    table = house_ratings.made_ratings().to_csv(index=False).encode()
    ratings = make_ratings(read_table(table, "t.csv"), "t.csv")
    report = calibrate(ratings, "t.csv", "0" * 64, Options(resamples=50))
    out = tmp_path_factory.mktemp("page") / "report.html"
    out.write_text(calibration_html(report), encoding="utf-8")
    return out


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_plot_is_drawn_and_the_browser_has_nothing_to_complain_of(
    browser: Any, page_file: Path, size: dict[str, int]
) -> None:
    watched = Watched(browser, size)
    asked: list[str] = []
    watched.page.on("request", lambda request: asked.append(request.url))
    watched.page.goto(page_file.as_uri())
    # forest, severity, five control charts, reliability, coverage
    watched.page.wait_for_function("document.querySelectorAll('.main-svg').length >= 9")
    assert watched.complaints == []
    assert [url for url in asked if url.startswith("http")] == []
    assert watched.overflow() <= 0
    assert watched.page.locator("h1").inner_text() == "How far can these scores be trusted?"
    assert watched.page.locator(".verdict-word").count() == len(house_ratings.ELEMENTS)
    watched.page.close()
