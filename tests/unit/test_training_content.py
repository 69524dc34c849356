"""The synthetic training set that the demo ships: its levels, its excerpts, its words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from scipy.stats import spearmanr

from reviewer import demo
from reviewer.errors import TrainingError
from reviewer.rubric import Credential, find_credential
from reviewer.settings import CHECKOUT
from reviewer.training.policy import Policy
from reviewer.training.reading import read_set
from reviewer.training.work import FORMS, Part, TrainingSet, Work, coverage

CREDENTIAL = find_credential(demo.CREDENTIAL, CHECKOUT / "rubrics")
SET = read_set(demo.TRAINING, CREDENTIAL)
SIX = 6


def words_of(work: Work) -> int:
    return sum(len(one.text.split()) for one in work.artifacts)


def mean_level(work: Work) -> float:
    return sum(one.level for one in work.key.values()) / len(work.key)


def folded_words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", plain))


def rubric_texts(credential: Credential) -> Iterator[str]:
    for element in credential.elements:
        yield from (element.title, element.question)
        yield from (level.descriptor for level in element.levels)
        for indicator in (*element.supporting, *element.counter):
            yield from (indicator.text, *indicator.examples)


def runs(text: str) -> set[tuple[str, ...]]:
    words = folded_words(text)
    return {tuple(words[at : at + SIX]) for at in range(len(words) - SIX + 1)}


# Shape


def test_there_are_two_forms_of_ten_works_and_four_to_practise() -> None:
    assert [len(SET.of(part)) for part in Part] == [4, 10, 10]
    assert SET.policy == Policy()


def test_the_set_can_be_qualified_on_and_its_forms_are_parallel() -> None:
    found = coverage(SET)
    assert (found.gaps, found.uneven) == ((), ())
    for element in SET.asked:
        for value in element.values:
            first, second = (found.counts[form, element.id, value] for form in FORMS)
            assert first == second >= 3
            assert found.counts[Part.PRACTICE, element.id, value] >= 1


def test_every_element_that_words_can_show_is_in_every_work() -> None:
    in_words = [
        one.id for one in CREDENTIAL.elements if set(one.observable_in) & {"text", "speech"}
    ]
    assert [one.id for one in SET.asked] == in_words
    for work in SET.works:
        assert list(work.key) == in_words, work.id


def test_a_work_has_a_document_and_a_lesson_excerpt() -> None:
    slots = {slot.id for slot in CREDENTIAL.slots}
    for work in SET.works:
        assert {one.slot for one in work.artifacts} < slots
        assert [one.slot for one in work.artifacts].count("classroom-videos") == 1
        assert 2 <= len(work.artifacts) <= 3
        assert 80 <= words_of(work) <= 350, work.id


# Truth


def test_every_level_has_a_reason_and_an_excerpt_from_a_slot_that_can_show_it() -> None:
    slots = {element.id: element.slots for element in CREDENTIAL.elements}
    for work in SET.works:
        by_id = {one.id: one for one in work.artifacts}
        for element, entry in work.key.items():
            assert len(entry.rationale.split()) >= 8, (work.id, element)
            assert entry.excerpts, (work.id, element)
            for span in entry.excerpts:
                artifact = by_id[span.artifact]
                assert artifact.quote(span.start, span.end).strip()
                assert artifact.slot in slots[element], (work.id, element)


def test_it_is_labelled_synthetic_and_never_speaks_of_a_panel() -> None:
    assert SET.synthetic
    assert "synthetic" in SET.title
    for path in sorted((demo.TRAINING / "works").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# Synthetic: no such teacher, class or pupil.\n")
        assert not re.search(r"consensus|expert|gold|panel", text, re.IGNORECASE), path.name
    assert "synthetic" in (demo.TRAINING / "NOTE.md").read_text(encoding="utf-8")


# Words


@pytest.mark.parametrize("work", SET.works, ids=lambda one: one.id)
def test_no_text_shares_more_than_five_words_in_a_row_with_the_credential(work: Work) -> None:
    taken = set[tuple[str, ...]]().union(*map(runs, rubric_texts(CREDENTIAL)))
    for artifact in work.artifacts:
        assert not runs(artifact.text) & taken


def test_no_two_works_share_six_words_in_a_row() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for work in SET.works:
        own = set[tuple[str, ...]]().union(*(runs(one.text) for one in work.artifacts))
        for run in own:
            assert run not in seen, (seen[run], work.id, run)
        seen |= dict.fromkeys(own, work.id)


def correlation(lengths: Iterable[int], levels: Iterable[float]) -> float:
    return abs(float(spearmanr([*lengths], [*levels])[0]))


def test_length_does_not_tell_the_level_of_a_work() -> None:
    assert correlation(map(words_of, SET.works), map(mean_level, SET.works)) < 0.25


@pytest.mark.parametrize(
    ("element", "slots", "most"),
    [
        ("purpose", ("justification-statement",), 0.35),
        ("teacher-responses", ("classroom-videos",), 0.35),
        ("individual-voice", ("classroom-videos",), 0.35),
        ("skill-taught", ("classroom-videos",), 0.35),
        ("meeting-design", ("activity-plans", "structure-design"), 0.55),  # detail needs words
    ],
)
def test_nor_does_the_length_of_the_text_that_shows_an_element(
    element: str, slots: tuple[str, ...], most: float
) -> None:
    lengths = [
        sum(len(one.text.split()) for one in work.artifacts if one.slot in slots)
        for work in SET.works
    ]
    assert correlation(lengths, (work.key[element].level for work in SET.works)) < most


def test_one_element_does_not_tell_another() -> None:
    """A trainee who rates every element like the first one cannot qualify on this set."""
    works = SET.of(*FORMS)
    for one in SET.asked:
        for other in SET.asked:
            if one.id != other.id:
                same = sum(work.key[one.id].level == work.key[other.id].level for work in works)
                assert same / len(works) < 0.7, (one.id, other.id)


# Bad input


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "works").mkdir()
    for name in ("set.yaml", "works/p03.yaml"):
        text = (demo.TRAINING / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(TrainingError) as caught:
        read_set(folder, CREDENTIAL)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_one_work_is_read_alone(folder: Path) -> None:
    made: TrainingSet = read_set(folder, CREDENTIAL)
    assert [one.id for one in made.works] == ["p03"]


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("set.yaml", "synthetic: true", "synthetic: false", "not agreed by a panel; write true."),
        ("set.yaml", "id: morning-meetings-practice", "id: A B", "set.yaml, id: "),
        ("set.yaml", "credential: morning-meetings-for-sel", "credential: x", "is for 'x', not"),
        ("set.yaml", "title:", "titel:", "set.yaml, title: field required; change it."),
        ("set.yaml", "title:", "policy: {attempts: 0}\ntitle:", "set.yaml, attempts: "),
        ("set.yaml", "title:", "title: '", "line "),
        ("works/p03.yaml", "level: 1\n    why: The", "level: 7\n    why: The", "7 is no level"),
        ("works/p03.yaml", "  purpose:", "  purposes:", "the credential has no such element"),
        ("works/p03.yaml", '"How many steps?"', '"How many stairs?"', "stands 0 times in the work"),
        ("works/p03.yaml", '"How many steps?"', '"say"', "times in the work"),
        ("works/p03.yaml", "Class: Three!", "Three!", "'Three!' lacks a speaker and a colon."),
        ("works/p03.yaml", "slot: classroom-videos", "slot: videos", "'videos' is not the id of a"),
        ("works/p03.yaml", "    said: |", "    text: x\n    said: |", "either `text` or `said`."),
    ],
)  # fmt: skip
def test_a_broken_file_is_one_sentence_that_says_where(
    folder: Path, name: str, old: str, new: str, says: str
) -> None:
    change(folder / name, old, new)
    assert says in refusal(folder)


def test_a_set_without_works_or_without_its_file_is_refused(folder: Path) -> None:
    (folder / "works" / "p03.yaml").unlink()
    assert refusal(folder).endswith("works: there is no work.")
    (folder / "set.yaml").unlink()
    assert "cannot be opened" in refusal(folder)


def test_two_works_of_one_id_are_refused(folder: Path) -> None:
    text = (folder / "works" / "p03.yaml").read_text(encoding="utf-8")
    (folder / "works" / "p04.yaml").write_text(text, encoding="utf-8")
    assert refusal(folder).endswith("works: the id 'p03' stands twice; change one.")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfe\x00", "not in UTF-8"),
        (b"a" * 200_001, "larger than 200 kB"),
        (b" \n", "is empty"),
    ],
)
def test_a_file_that_is_no_text_is_refused(folder: Path, data: bytes, says: str) -> None:
    (folder / "set.yaml").write_bytes(data)
    assert says in refusal(folder)
