"""Recordings of anchors: played by who sits before the work, where whoever made it said so."""

from collections.abc import Iterator
from typing import Any

import house_sample as sample
import httpx
import pytest
from house_anchors import SUBMISSION, finalize, second_score
from house_program import DONE, MemoryProgram, serving, write_video
from sqlalchemy import text

from reviewer.errors import NothingHere
from reviewer.review.permission import Grant, Role
from reviewer.store import audit
from reviewer.store.sittings import Purpose
from reviewer.training.work import Part, Work

pytestmark = pytest.mark.slow  # Gradio takes seconds to import


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> MemoryProgram:
    """A submission with two videos that two experts rated alike, finalized."""
    folder = tmp_path_factory.mktemp("store")
    made = MemoryProgram(folder)
    made.hold(SUBMISSION, sample.first_pass(), DONE)
    film = write_video(folder / "film.mp4", seconds=4)
    made.repository.files |= {sample.VIDEO.id: film, sample.SECOND_VIDEO.id: film}
    for name in ("trainer", "adjudicator"):
        second_score(made, name, 1)
    finalize(made)
    made.records.accounts.add("another", None, [Grant(Role.TRAINEE)])
    return made


def anchor(program: MemoryProgram, *, recordings: bool) -> tuple[str, Work]:
    """A new set with one anchor of the submission to practise on: the set's id and the work."""
    set_id = program.anchors.new_set(program.person("trainer"), sample.CREDENTIAL, "Ours")
    issuer = program.person("issuer")
    made = program.anchors.make(
        issuer, set_id, SUBMISSION, ["Amara"], Part.PRACTICE, recordings=recordings
    )
    kept = program.records.training_sets.get(set_id)
    assert kept is not None
    (work,) = kept.works
    assert work.id == made
    return set_id, work


@pytest.fixture(scope="module")
def played(program: MemoryProgram) -> tuple[str, Work]:
    return anchor(program, recordings=True)


def sit(program: MemoryProgram, name: str, anchored: tuple[str, Work]) -> int:
    set_id, work = anchored
    purpose = Purpose.PRACTICE
    return program.training.enter(program.person(name), set_id, work.id, purpose).sitting.id


@pytest.fixture(scope="module")
def client(program: MemoryProgram) -> Iterator[httpx.Client]:
    with serving(program) as address, httpx.Client(base_url=address, timeout=30) as started:
        yield started


def get(
    program: MemoryProgram, client: httpx.Client, name: str, path: str, **headers: str
) -> httpx.Response:
    return client.get(path, headers={"Cookie": program.cookie(name)} | headers)


def shown(program: MemoryProgram, client: httpx.Client, number: int) -> str:
    """The work as the practice page has it."""
    answer = get(program, client, "trainee", f"/training/sitting/{number}")
    return str(answer.json()["parts"]["work"])


def recording(work: Work) -> str:
    """The anchor's id for the first video."""
    return next(here for here, there in work.recordings.items() if there == sample.VIDEO.id)


def test_without_a_word_no_recording_may_be_played(program: MemoryProgram) -> None:
    anchored = anchor(program, recordings=False)
    assert anchored[1].recordings == {}
    number = sit(program, "trainee", anchored)
    for artifact in anchored[1].artifacts:
        with pytest.raises(NothingHere, match="There is no recording of this work to play"):
            program.training.recording(program.person("trainee"), number, artifact.id)


def test_with_it_every_recording_and_no_document_is_one_of_the_submission_s(
    program: MemoryProgram, played: tuple[str, Work]
) -> None:
    assert set(played[1].recordings.values()) == {sample.VIDEO.id, sample.SECOND_VIDEO.id}
    events = [one for one in audit.events(program.database) if one.event == "anchor_made"]
    assert 2 in {one.details["recordings"] for one in events}


def test_a_trainee_plays_it_in_ranges_and_learns_no_name_of_the_file(
    program: MemoryProgram, client: httpx.Client, played: tuple[str, Work]
) -> None:
    number = sit(program, "trainee", played)
    path = f"/training/media/{number}/{recording(played[1])}"
    whole = get(program, client, "trainee", path)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    assert "circle" not in str(whole.headers)
    part = get(program, client, "trainee", path, Range="bytes=0-99")
    assert (part.status_code, len(part.content)) == (206, 100)
    assert part.content == whole.content[:100]


def test_its_captions_are_the_words_without_the_names(
    program: MemoryProgram, client: httpx.Client, played: tuple[str, Work]
) -> None:
    number = sit(program, "trainee", played)
    path = f"/training/captions/{number}/{recording(played[1])}.vtt"
    answer = get(program, client, "trainee", path)
    assert answer.headers["content-type"].startswith("text/vtt")
    assert "Good morning, [name" in answer.text
    assert "Amara" not in answer.text


def test_the_page_has_times_to_play_from_only_where_something_plays(
    program: MemoryProgram, client: httpx.Client, played: tuple[str, Work]
) -> None:
    for anchored, plays in ((played, True), (anchor(program, recordings=False), False)):
        number = sit(program, "trainee", anchored)
        work = get(program, client, "trainee", f"/training/sitting/{number}").json()["parts"][
            "work"
        ]
        assert ('data-plays="video"' in work) is plays
        assert ('data-t="13.0"' in work) is plays


@pytest.mark.parametrize("name", ["another", "issuer", "evaluator", "trainer"])
def test_nobody_else_plays_it_through_another_s_sitting(
    program: MemoryProgram, client: httpx.Client, played: tuple[str, Work], name: str
) -> None:
    number, artifact = sit(program, "trainee", played), recording(played[1])
    for path in (
        f"/training/media/{number}/{artifact}",
        f"/training/captions/{number}/{artifact}.vtt",
    ):
        assert get(program, client, name, path).status_code == 404
        assert client.get(path).status_code == 401


def test_what_is_no_recording_of_the_work_is_not_there(
    program: MemoryProgram, client: httpx.Client, played: tuple[str, Work]
) -> None:
    number = sit(program, "trainee", played)
    texts = [one.id for one in played[1].artifacts if one.id not in played[1].recordings]
    for artifact in (*texts, sample.VIDEO.id, "absent"):
        for kind, end in (("media", ""), ("captions", ".vtt")):
            path = f"/training/{kind}/{number}/{artifact}{end}"
            assert get(program, client, "trainee", path).status_code == 404
    for number in (9999, "x"):
        answer = get(program, client, "trainee", f"/training/media/{number}/{texts[0]}")
        assert answer.status_code in (404, 422)
    assert (
        get(program, client, "trainee", f"/media/{SUBMISSION}/{sample.VIDEO.id}").status_code == 404
    )


def test_a_call_makes_an_anchor_with_its_recordings(
    program: MemoryProgram, client: httpx.Client
) -> None:
    set_id = program.anchors.new_set(program.person("trainer"), sample.CREDENTIAL, "By call")
    body: dict[str, Any] = {"submission": SUBMISSION, "part": "practice", "recordings": True}
    headers = {"Cookie": program.cookie("issuer"), "Sec-Fetch-Site": "same-origin"}
    path = f"/api/v1/training/sets/{set_id}/anchors"
    assert client.post(path, json=body, headers=headers).status_code == 200
    kept = program.records.training_sets.get(set_id)
    assert kept is not None
    assert len(kept.works[0].recordings) == 2


def test_when_the_submission_is_erased_the_words_stay_and_nothing_plays(
    program: MemoryProgram, client: httpx.Client
) -> None:
    anchored = anchor(program, recordings=True)
    number, artifact = sit(program, "trainee", anchored), recording(anchored[1])
    gone = "UPDATE submission SET erased_at = created_at WHERE id = :id"
    back = "UPDATE submission SET erased_at = NULL WHERE id = :id"
    with program.database.writing() as connection:
        connection.execute(text(gone), {"id": SUBMISSION})
    try:
        path = f"/training/media/{number}/{artifact}"
        assert get(program, client, "trainee", path).status_code == 404
        work = get(program, client, "trainee", f"/training/sitting/{number}").json()["parts"][
            "work"
        ]
        assert "data-plays" not in work
        assert "I brought my yellow umbrella" in work
    finally:
        with program.database.writing() as connection:
            connection.execute(text(back), {"id": SUBMISSION})
