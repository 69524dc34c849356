"""The ledger in words: what runs, what is done, what failed."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.jobs.steering import Steer
from reviewer.store.records import Held, StageProgress, StageState
from reviewer.web.progress import summarize


def line(
    stage: str,
    state: StageState,
    artifact: str | None = None,
    fraction: float = 0.0,
    attempts: int = 1,
    error: str | None = None,
) -> StageProgress:
    return StageProgress(stage, artifact, state, fraction, attempts, error)


HALFWAY = (
    line("read", StageState.DONE, "plans.pdf"),
    line("transcribe", StageState.DONE, "monday.mp4"),
    line("transcribe", StageState.LEASED, "friday.mp4", 0.4),
    line("draft", StageState.QUEUED),
)


def test_it_says_what_is_being_done_to_which_file() -> None:
    progress = summarize(HALFWAY)
    assert progress.words == "Transcribing friday.mp4"
    assert progress.percent == "60\u00a0%"
    assert progress.running


def test_each_stage_has_one_line_however_many_files() -> None:
    lines = summarize(HALFWAY).lines
    assert [one.words for one in lines] == ["Read", "Transcribe: 1 of 2", "Draft"]
    assert [one.glyph for one in lines] == ["✓", "▸", "·"]


def test_a_stage_that_is_tried_again_says_so() -> None:
    again = summarize((line("transcribe", StageState.LEASED, "a.mp4", 0.1, attempts=2),))
    assert again.words == "Transcribing a.mp4 (try 2)"


def test_a_failure_is_kept_with_its_file_and_its_sentence() -> None:
    failed = summarize(
        (
            line("transcribe", StageState.FAILED, "a.mp4", error="It has no sound."),
            line("draft", StageState.DONE),
        )
    )
    assert (failed.state, failed.words, failed.fraction) == ("failed", "Finished; 1 step failed", 1)
    assert failed.lines[0].errors == ("a.mp4: It has no sound.",)


def test_nothing_begun_is_waiting_and_everything_done_is_finished() -> None:
    assert summarize(()).words == "Waiting to begin"
    assert summarize((line("read", StageState.QUEUED),)).words == "Waiting to begin"
    done = summarize((line("read", StageState.DONE),))
    assert (done.state, done.running, done.percent) == ("done", False, "100\u00a0%")


def test_a_stage_without_words_of_its_own_is_shown_under_its_name() -> None:
    assert summarize((line("polish", StageState.LEASED),)).words == "polish"


states = st.builds(
    line,
    st.sampled_from(["read", "transcribe", "embed", "draft", "new"]),
    st.sampled_from(StageState),
    st.none() | st.text(max_size=5),
    st.floats(-1, 2),
)


@settings(deadline=None)
@given(st.lists(states, max_size=12))
def test_a_hundred_percent_stands_only_where_all_is_finished(stages: list[StageProgress]) -> None:
    progress = summarize(stages)
    assert 0 <= progress.fraction <= 1
    finished = {StageState.DONE, StageState.FAILED}
    if any(one.state not in finished and one.fraction < 1 for one in stages):
        assert progress.percent != "100\u00a0%"


def held(how: Held, *stages: StageProgress) -> tuple[StageProgress, ...]:
    return tuple(replace(stage, held=how) for stage in stages)


def test_what_a_person_stopped_says_so_and_can_be_taken_up_again() -> None:
    paused = summarize(held(Held.PAUSED, *HALFWAY))
    assert (paused.words, paused.running) == ("Paused", False)
    assert paused.steers == (Steer.RETRY, Steer.CANCEL)
    canceled = summarize(held(Held.CANCELED, *HALFWAY))
    assert (canceled.words, canceled.state) == ("Canceled", "failed")
    assert canceled.steers == (Steer.RETRY,)


def test_what_can_be_done_follows_from_where_it_stands() -> None:
    assert summarize(HALFWAY).steers == (Steer.PAUSE, Steer.CANCEL)
    assert summarize((line("read", StageState.DONE),)).steers == ()
    assert summarize((line("read", StageState.FAILED),)).steers == (Steer.RETRY,)
    assert summarize(()).steers == ()
