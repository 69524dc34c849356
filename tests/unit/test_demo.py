"""What the shipped demo promises: its files, its key, and that neither leans on the rubric."""

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import docx
import pypdfium2
import pytest
import yaml

from reviewer import demo
from reviewer.demo.authoring.papers import read_blocks
from reviewer.demo.authoring.script import VOICES, read_script
from reviewer.rubric import Credential
from reviewer.settings import CHECKOUT

TEXTS = Path(demo.__file__).parent / "authoring" / "texts"
KEY = demo.read_key()
FIRST, SECOND = KEY.submissions
FOLDERS = {"first": demo.FIRST, "second": demo.SECOND}
RECORDINGS = sorted([*demo.FIRST.glob("*.mp4"), *demo.SECOND.glob("*.mp4")])
DOCUMENTS = sorted(
    path
    for folder in FOLDERS.values()
    for path in folder.iterdir()
    if path.suffix in (".docx", ".pdf")
)


def by_name(path: Path) -> str:
    return path.name


@pytest.fixture(scope="module")
def credential() -> Credential:
    path = CHECKOUT / "rubrics" / f"{KEY.credential}.yaml"
    return Credential.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def text_of(path: Path) -> str:
    """The words of a document with single spaces, read without reviewer."""
    if path.suffix == ".docx":
        parts = []
        for block in docx.Document(str(path)).iter_inner_content():
            if hasattr(block, "rows"):
                parts += [cell.text for row in block.rows for cell in row.cells]
            else:
                parts.append(block.text)
    else:
        document = pypdfium2.PdfDocument(path)
        parts = []
        for page in document:
            textpage = page.get_textpage()
            parts.append(textpage.get_text_range())
            textpage.close()
            page.close()
        document.close()
    return " ".join(" ".join(parts).split())


def spoken_by(submission: demo.KeySubmission) -> Iterator[tuple[str, demo.Turn]]:
    for name, turns in submission.turns.items():
        for turn in turns:
            yield name, turn


def folded_words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", plain))


# The story


def test_the_key_has_every_element_of_the_credential_once_in_both_attempts(
    credential: Credential,
) -> None:
    wanted = [element.id for element in credential.elements]
    for submission in KEY.submissions:
        assert [entry.element for entry in submission.elements] == wanted


def test_the_first_attempt_misses_only_that_each_pupil_shares_and_gets_peer_feedback(
    credential: Credential,
) -> None:
    missed = [
        element.id
        for element in credential.elements
        if FIRST.element(element.id).level < (element.required_level or 0)
    ]
    assert missed == ["individual-voice"]


def test_the_second_attempt_meets_every_element(credential: Credential) -> None:
    for element in credential.elements:
        assert SECOND.element(element.id).level >= (element.required_level or 0)


def test_on_the_second_attempt_only_the_unmet_element_is_reviewed() -> None:
    reviewed = [entry.element for entry in SECOND.elements if not entry.carried]
    assert reviewed == ["individual-voice"]
    assert not any(entry.carried for entry in FIRST.elements)


def test_evidence_for_the_deciding_element_turns_from_counter_to_support() -> None:
    first = [span.stance for span in FIRST.element("individual-voice").spans]
    assert first.count("counter") > first.count("supports") > 0
    assert {span.stance for span in SECOND.element("individual-voice").spans} == {"supports"}


def test_counter_evidence_for_the_deciding_element_is_in_two_recordings_and_in_the_plans() -> None:
    files = {
        span.artifact
        for span in FIRST.element("individual-voice").spans
        if span.stance == "counter"
    }
    assert files == {"meeting-wednesday.mp4", "meeting-friday.mp4", "activity-plans.docx"}


def test_in_the_new_recording_pupils_are_answered_by_pupils_who_say_back_what_they_heard() -> None:
    (turns,) = SECOND.turns.values()
    answers = {turn.who: turn.say for turn in turns if "you said" in turn.say.casefold()}
    assert set(answers) == {"maya", "ruby"}
    assert answers["maya"].startswith("Jonah, you said")
    assert answers["ruby"].startswith("Henry, you said")
    assert ("jonah", "maya") in [(before.who, after.who) for before, after in pairwise(turns)]


@pytest.mark.parametrize("submission", KEY.submissions, ids=lambda one: one.name)
def test_an_element_that_words_can_show_has_three_to_five_places_in_the_key(
    submission: demo.KeySubmission, credential: Credential
) -> None:
    for element in credential.elements:
        entry = submission.element(element.id)
        fewest = 2 if entry.carried else 3
        in_words = set(element.observable_in) & {"speech", "text"}
        if entry.spans or (in_words and not entry.carried):
            assert fewest <= len(entry.spans) <= 5, element.id
        assert in_words or not entry.spans, element.id


def test_no_place_is_listed_twice_for_an_element() -> None:
    for submission in KEY.submissions:
        for entry in submission.elements:
            assert len({(s.artifact, s.quote) for s in entry.spans}) == len(entry.spans)


def test_spans_lie_in_slots_that_can_show_their_element(credential: Credential) -> None:
    slots = {element.id: element.slots for element in credential.elements}
    for submission in KEY.submissions:
        declared = declaration(submission.name)["slots"]
        for entry in submission.elements:
            for span in entry.spans:
                slot = next(slot for slot, names in declared.items() if span.artifact in names)
                assert slot in slots[entry.element]


# The key is true of the files


def test_a_place_in_a_document_is_one_to_three_sentences_of_one_paragraph() -> None:
    for submission in KEY.submissions:
        written = TEXTS / submission.name / "written"
        for entry in submission.elements:
            for span in entry.spans:
                if span.start_s is None:
                    blocks = [block.text for block in read_blocks(written / f"{span.artifact}.md")]
                    assert sum(span.quote in text for text in blocks) == 1, span.quote
                    assert 1 <= len(re.findall(r"[.!?](?=\s|$)", span.quote)) <= 3, span.quote


def test_every_quote_of_a_document_stands_in_it_once() -> None:
    texts = {path.name: text_of(path) for path in DOCUMENTS}
    for submission in KEY.submissions:
        for entry in submission.elements:
            for span in entry.spans:
                if span.start_s is None:
                    assert texts[span.artifact].count(span.quote) == 1, span.quote


def test_every_span_of_a_recording_is_one_turn_of_its_speaker() -> None:
    for submission in KEY.submissions:
        for entry in submission.elements:
            for span in entry.spans:
                if span.start_s is not None and span.end_s is not None:
                    turn = demo.Turn(span.start_s, span.end_s, span.speaker or "", span.quote)
                    assert turn in submission.turns[span.artifact]


def test_turns_follow_each_other_inside_their_recording() -> None:
    for submission in KEY.submissions:
        for name, turns in submission.turns.items():
            end = 0.0
            for turn in turns:
                assert end <= turn.start_s < turn.end_s
                end = turn.end_s
            assert end <= seconds(FOLDERS[submission.name] / name)


def test_the_files_hold_the_sources_of_today() -> None:
    for submission in KEY.submissions:
        sources = TEXTS / submission.name
        for path in (sources / "spoken").glob("*.yaml"):
            said = [(line.who, line.say) for line in read_script(path).lines]
            assert said == [(t.who, t.say) for t in submission.turns[f"{path.stem}.mp4"]]
        for path in (sources / "written").glob("*.md"):
            written = " ".join(
                word for block in read_blocks(path) for word in (*block.cells, block.text) if word
            )
            assert text_of(FOLDERS[submission.name] / path.stem) == " ".join(written.split())
        there = (FOLDERS[submission.name] / "submission.yaml").read_text(encoding="utf-8")
        assert there == (sources / "submission.yaml").read_text(encoding="utf-8")


# The files


def declaration(name: str) -> dict[str, dict[str, list[str]]]:
    content = yaml.safe_load((FOLDERS[name] / "submission.yaml").read_text(encoding="utf-8"))
    content["slots"] = {
        slot: names if isinstance(names, list) else [names]
        for slot, names in content["slots"].items()
    }
    return content


def seconds(path: Path) -> float:
    with av.open(str(path)) as file:
        return float(Fraction(file.duration, av.time_base))


@pytest.mark.parametrize("name", FOLDERS)
def test_submission_yaml_gives_every_file_a_slot_of_the_credential(
    name: str, credential: Credential
) -> None:
    slots = declaration(name)["slots"]
    listed = sorted(file for files in slots.values() for file in files)
    there = sorted(path.name for path in FOLDERS[name].iterdir() if path.suffix != ".yaml")
    assert listed == there
    assert set(slots) <= {slot.id for slot in credential.slots}


def test_the_first_attempt_fills_every_required_slot(credential: Credential) -> None:
    filled = declaration("first")["slots"]
    assert {slot.id for slot in credential.slots if slot.required} == set(filled)
    assert len(filled["classroom-videos"]) == 3


def test_the_second_attempt_is_new_plans_and_one_new_recording() -> None:
    filled = declaration("second")["slots"]
    assert {slot: len(files) for slot, files in filled.items()} == {
        "classroom-videos": 1,
        "activity-plans": 1,
    }
    first = {path.name for path in demo.FIRST.iterdir()} - {"submission.yaml"}
    assert first.isdisjoint(path.name for path in demo.SECOND.iterdir())


@pytest.mark.parametrize("path", RECORDINGS, ids=by_name)
def test_a_recording_is_h264_and_aac_of_45_to_90_seconds(path: Path) -> None:
    assert 45 <= seconds(path) <= 90
    with av.open(str(path)) as file:
        assert [stream.type for stream in file.streams] == ["video", "audio"]
        picture, sound = file.streams.video[0], file.streams.audio[0]
        assert picture.codec_context.name == "h264"
        assert (picture.width, picture.height, picture.pix_fmt) == (640, 360, "yuv420p")
        assert sound.codec_context.name == "aac"
        assert sound.channels == 1


def test_recordings_take_at_most_six_megabytes_together() -> None:
    assert len(RECORDINGS) == 4
    assert sum(path.stat().st_size for path in RECORDINGS) <= 6_000_000


@pytest.mark.parametrize("path", DOCUMENTS, ids=by_name)
def test_a_document_has_350_to_700_words(path: Path) -> None:
    words = len(text_of(path).split())
    assert 350 <= words <= (500 if "justification" in path.name else 700)


def test_each_recording_has_the_teacher_and_at_least_two_pupils() -> None:
    for submission in KEY.submissions:
        for turns in submission.turns.values():
            voices = {turn.who for turn in turns}
            assert voices <= set(VOICES)
            assert "teacher" in voices
            assert len(voices) >= 3


def test_every_speaker_has_a_voice_of_his_or_her_own() -> None:
    assert len(set(VOICES.values())) == len(VOICES)


# Written without looking at the rubric


def rubric_texts(credential: Credential) -> Iterator[str]:
    for element in credential.elements:
        yield from (element.title, element.question)
        yield from (level.descriptor for level in element.levels)
        for indicator in (*element.supporting, *element.counter):
            yield from (indicator.text, *indicator.examples)


def test_no_text_shares_more_than_five_words_in_a_row_with_the_rubric(
    credential: Credential,
) -> None:
    six = 6
    taken = {
        tuple(words[at : at + six])
        for words in map(folded_words, rubric_texts(credential))
        for at in range(len(words) - six + 1)
    }
    texts = {path.name: text_of(path) for path in DOCUMENTS}
    for submission in KEY.submissions:
        for name, turn in spoken_by(submission):
            texts[name] = f"{texts.get(name, '')} {turn.say}"
    assert len(texts) == len(DOCUMENTS) + len(RECORDINGS)
    for name, text in texts.items():
        words = folded_words(text)
        shared = [
            " ".join(words[at : at + six])
            for at in range(len(words) - six + 1)
            if tuple(words[at : at + six]) in taken
        ]
        assert not shared, f"{name}: {shared}"


def test_the_note_names_every_invented_person() -> None:
    note = (Path(demo.__file__).parent / "NOTE.md").read_text(encoding="utf-8")
    assert "synthetic" in note
    for who in VOICES:
        assert who.capitalize() in note or who == "teacher"
