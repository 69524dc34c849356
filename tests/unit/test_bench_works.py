"""The made-up submissions of `reviewer bench`: read by the real intake, equal for equal numbers."""

from pathlib import Path

from reviewer.bench.scale import Mark, ScaleRun
from reviewer.bench.works import _SENTENCES, SEGMENTS, VOCABULARY, write_recording, write_work
from reviewer.intake.captions import read_captions
from reviewer.intake.limits import Limits
from reviewer.intake.package import read_package
from reviewer.rubric import find_credential
from reviewer.settings import CHECKOUT


def test_the_vocabulary_has_the_size_that_it_says() -> None:
    assert len(set(_SENTENCES)) == VOCABULARY


def test_a_work_is_complete_and_has_its_segments(tmp_path: Path) -> None:
    recording = tmp_path / "meeting.mp4"
    write_recording(recording)
    write_work(tmp_path / "one", 1, recording)
    credential = find_credential("morning-meetings-for-sel", CHECKOUT / "rubrics")
    package = read_package(tmp_path / "one", credential, Limits())
    assert not package.problems
    film, plans = sorted(package.usable, key=lambda file: file.name)
    assert film.captions is not None
    said = read_captions(film.captions.path.read_bytes(), "meeting.vtt", film.duration_s or 0)
    assert plans.path is not None
    assert len(said.lines) + len(plans.path.read_text().split("\n\n")) == SEGMENTS
    assert (film.duration_s or 0) >= said.lines[-1].end_s


def test_equal_numbers_give_equal_works_and_others_other_ones(tmp_path: Path) -> None:
    recording = tmp_path / "meeting.mp4"
    recording.touch()
    for name, number in (("one", 7), ("same", 7), ("other", 8)):
        write_work(tmp_path / name, number, recording)
    texts = {name: (tmp_path / name / "plans.txt").read_text() for name in ("one", "same", "other")}
    assert texts["one"] == texts["same"] != texts["other"]


def test_the_figures_of_a_run_are_what_they_say() -> None:
    marks = tuple(Mark(10 * n, 2.0 * n, 0, 0, 0) for n in range(1, 11))
    run = ScaleRun(2, 100, 400, 5.0, 20.0, 36.0, marks)
    assert run.ms_each == 200
    assert run.overhead_ms == 10  # 2 workers x 20 s - 36 s, for 400 stages
    assert run.tenth_ms(0) == run.tenth_ms(-1) == 200
