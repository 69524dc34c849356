"""Names leave an anchor, and what pointed into the text still points at the same place."""

from house_training import document
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.intake.artifact import Artifact, ArtifactKind, HearingReport
from reviewer.intake.assembling import artifact_from_transcript
from reviewer.intake.transcript import Line, Transcript
from reviewer.training.identities import likely_names, without_names

NAMES = ("Ann", "Bo Lee", "Zo")


def recording(*turns: tuple[str, str]) -> Artifact:
    text, lines = "", []
    for number, (who, words) in enumerate(turns):
        start = len(text)
        text += words + "\n"
        lines.append(Line(start, start + len(words), number * 2.0, number * 2.0 + 1.5, who))
    hearing = HearingReport("captions", None, None, None, len(lines), 0)
    made = Transcript(text.rstrip(), tuple(lines), (), len(turns) * 2.0, hearing)
    return artifact_from_transcript("film", "maya.mp4", None, ArtifactKind.VIDEO, "0" * 64, made)


def test_names_are_replaced_in_the_words_and_in_the_speakers() -> None:
    made = recording(("Maya", "I asked Henry."), ("Teacher", "Maya, you asked Henry."))
    (cleared,) = without_names([made], ["Henry"])
    assert cleared.artifact.text == "I asked [name 1].\n[name 2], you asked [name 1]."
    assert [one.speaker for one in cleared.artifact.segments] == ["[name 2]", "Teacher"]
    assert cleared.artifact.name == "recording 1"


def test_a_name_of_several_words_goes_as_a_whole_and_word_by_word() -> None:
    (cleared,) = without_names([document(text="Ms. Dana Brown. Dana said so. Browning.")], NAMES)
    assert cleared.artifact.text == "Ms. Dana Brown. Dana said so. Browning."
    (cleared,) = without_names(
        [document(text="Ms. Dana Brown. Dana said so. Browning.")], ["Dana Brown"]
    )
    assert cleared.artifact.text == "Ms. [name 1]. [name 1] said so. Browning."


def test_the_same_name_has_the_same_number_in_every_file() -> None:
    texts = [document("one", "Zo ran."), document("two", "Ann saw Zo.")]
    first, second = without_names(texts, NAMES)
    assert first.artifact.text == "[name 3] ran."
    assert second.artifact.text == "[name 1] saw [name 3]."
    assert [first.artifact.name, second.artifact.name] == ["document 1", "document 2"]


def test_what_may_be_a_name_is_proposed() -> None:
    made = recording(("Maya", "On Monday we saw Henry’s dog."), ("S1", "It is called Rex."))
    assert likely_names([made]) == ("Henry", "Maya", "Rex")


def test_without_a_name_nothing_changes() -> None:
    made = document()
    (cleared,) = without_names([made], [])
    assert cleared.artifact.text == made.text
    assert cleared.moved(3, 9) == (3, 9)


pieces = st.lists(
    st.sampled_from(["Ann", "Bo Lee", "Zo", "sat", "down.", "Annie", "the"]), min_size=1
)


@settings(deadline=None)
@given(pieces, st.data())
def test_a_span_still_says_the_same_but_for_the_names(
    words: list[str], data: st.DataObject
) -> None:
    text = " ".join(words)
    (cleared,) = without_names([document(text=text)], NAMES)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start = len(" ".join(words[:first])) + bool(first)
    end = len(" ".join(words[: last + 1]))
    left, right = cleared.moved(start, end)
    shown = {"Ann": "[name 1]", "Bo Lee": "[name 2]", "Zo": "[name 3]"}
    assert cleared.artifact.text[left:right] == " ".join(
        shown.get(word, word) for word in words[first : last + 1]
    )


@settings(deadline=None)
@given(pieces, st.data())
def test_any_span_lands_inside_the_new_text(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    (cleared,) = without_names([document(text=text)], NAMES)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    left, right = cleared.moved(start, end)
    assert 0 <= left < right <= len(cleared.artifact.text)


@settings(deadline=None)
@given(pieces)
def test_segments_and_text_still_fit(words: list[str]) -> None:
    (cleared,) = without_names([document(text=" ".join(words))], NAMES)
    made = cleared.artifact
    at = 0
    for one in made.segments:
        assert at <= one.start < one.end <= len(made.text)
        assert made.quote(one.start, one.end) == made.quote(one.start, one.end).strip()
        at = one.end
    for name in NAMES:
        assert f" {name} " not in f" {made.text} "
