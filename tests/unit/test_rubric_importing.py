"""Rubrics from other houses: Canvas CSV and CASE JSON become credentials, or one sentence."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import RubricError
from reviewer.rubric import list_credentials
from reviewer.rubric.differing import Difference, differences
from reviewer.rubric.importing import Imported, Wanted, import_rubric
from reviewer.rubric.importing.reading import NO_RULE
from reviewer.rubric.reading import MAX_BYTES, credential_in
from reviewer.rubric.writing import credential_yaml
from reviewer.settings import CHECKOUT

HEAD = "Rubric Name,Criteria Name,Criteria Description,Criteria Enable Range"
RATING = "Rating Name,Rating Description,Rating Points"
CANVAS = f"""{HEAD},{RATING},{RATING},{RATING}
Lab report,Clear question,Is it a question?,false,Full,One to be tested,2,Some,A topic,1,None,,0
,Honest data,,false,Yes,All readings are there,1,No,Readings are missing,0
"""
SHIPPED = [one.credential for one in list_credentials(CHECKOUT / "rubrics") if one.credential]


def read(data: str | bytes, name: str = "given.csv", **wanted: str) -> Imported:
    whole = data.encode() if isinstance(data, str) else data
    return import_rubric(whole, name, Wanted(**wanted))


def refusal(data: str | bytes, name: str = "given.csv", **wanted: str) -> str:
    with pytest.raises(RubricError) as caught:
        read(data, name, **wanted)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def read_or_refusal(data: str | bytes) -> str:
    """The name of the format, or the sentence that says why it cannot be read."""
    try:
        return read(data, "x").format
    except RubricError as error:
        return str(error)


def level(quality: str, description: str, score: int, position: int) -> dict[str, Any]:
    return {
        "identifier": quality,
        "quality": quality,
        "description": description,
        "score": score,
        "position": position,
    }


def case_rubric(**more: Any) -> dict[str, Any]:
    levels = [level("Strong", "All of it", 3, 1), level("Weak", "Some of it", 1, 2)]
    second = {"category": "Second", "description": "Is it there?", "position": 2}
    first = {"category": "First", "position": 1}
    criteria = [one | {"CFRubricCriterionLevels": levels} for one in (second, first)]
    whole = {"title": "Teaching", "description": "Of one lesson.", "CFRubricCriteria": criteria}
    return whole | more


class TestCanvas:
    def test_a_row_is_an_element_and_its_ratings_are_levels_in_rising_order(self) -> None:
        made = read(CANVAS)
        assert (made.credential.id, made.credential.title) == ("lab-report", "Lab report")
        assert [one.id for one in made.credential.elements] == ["clear-question", "honest-data"]
        first = made.credential.elements[0]
        assert first.question == "Is it a question?"
        assert [(one.value, one.title, one.descriptor) for one in first.levels] == [
            (0, "None", "None"),
            (1, "Some", "A topic"),
            (2, "Full", "One to be tested"),
        ]

    def test_what_the_format_does_not_say_is_not_invented(self) -> None:
        made = read(CANVAS)
        assert made.credential.decision is None
        assert NO_RULE in made.notes

    def test_id_and_version_are_the_importer_s_word(self) -> None:
        made = read(CANVAS, id="lab", version="2.0").credential
        assert (made.id, made.version) == ("lab", "2.0")

    @pytest.mark.parametrize("separator", [";", "\t"])
    def test_spreadsheets_of_other_countries_are_read(self, separator: str) -> None:
        text = CANVAS.replace(",1,None", ',"0,5",None')
        rows = list(csv.reader(io.StringIO(text)))
        out = io.StringIO()
        csv.writer(out, delimiter=separator).writerows(rows)
        assert read(out.getvalue()).credential.elements[0].values == (0, 0.5, 2)

    def test_numbered_headings_and_a_byte_order_mark_are_read(self) -> None:
        numbered = ",".join(f"{RATING}".replace(",", f" {n},") + f" {n}" for n in (1, 2, 3))
        text = "\ufeff" + CANVAS.replace(f"{RATING},{RATING},{RATING}", numbered)
        assert read(text).credential == read(CANVAS).credential

    def test_line_breaks_inside_a_cell_belong_to_it(self) -> None:
        text = CANVAS.replace("A topic", '"A topic,\nor two"')
        assert read(text).credential.elements[0].levels[1].descriptor == "A topic,\nor two"
        broken = text.replace("Honest data", "")
        assert "line 4: the criterion has no name" in refusal(broken)

    def test_of_several_rubrics_in_a_file_one_is_named(self) -> None:
        text = CANVAS + "Essay,Voice,,false,Yes,One hears somebody,1,No,Nobody,0\n"
        assert "holds 2 rubrics (Lab report, Essay); name the one to import" in refusal(text)
        assert read(text, rubric="Essay").credential.title == "Essay"
        assert "there is no rubric 'Esay'" in refusal(text, rubric="Esay")

    def test_ranges_are_said_to_be_read_as_levels(self) -> None:
        assert any("Ranges" in note for note in read(CANVAS.replace("false", "TRUE")).notes)

    @pytest.mark.parametrize(
        ("old", "new", "sentence"),
        [
            (",2,Some", ",two,Some", "line 2, elements[0].levels"),
            (",2,Some", ",,Some", "line 2: the rating 'Full' of 'Clear question' has no points"),
            (",2,Some", ",1,Some", "levels must stand in rising order of value, each value once"),
            (",2,Some", ",2.3,Some", "line 2, elements[0].levels[2].value"),
            ("Rating Points\n", "Points\n", "after these come Rating Name"),
            ("Criteria Enable Range", "Range", "the header must begin with Rubric Name"),
            ("Lab report", "", "the first rubric has no name"),
            ("A topic", '"A topic', "the row cannot be read as CSV"),
        ],
    )
    def test_a_fault_is_one_sentence_with_its_line(self, old: str, new: str, sentence: str) -> None:
        said = refusal(CANVAS.replace(old, new))
        assert said.startswith("given.csv, line ")
        assert sentence in said

    def test_a_header_alone_holds_no_rubric(self) -> None:
        assert "no criterion under the header" in refusal(f"{HEAD},{RATING}\n")

    @pytest.mark.parametrize(("elements", "levels"), [(1, 3), (25, 3), (1, 9), (25, 9)])
    def test_few_and_many_elements_and_levels_are_read(self, elements: int, levels: int) -> None:
        ratings = ",".join(f"L{value},Level {value},{value}" for value in range(levels))
        rows = [f"Big,Element {n},,false,{ratings}" for n in range(elements)]
        text = "\n".join([",".join([HEAD, *[RATING] * levels]), *rows])
        made = read(text).credential
        assert [len(one.levels) for one in made.elements] == [levels] * elements

    def test_titles_that_give_the_same_id_are_told_apart(self) -> None:
        text = CANVAS.replace("Honest data", "Clear: question!")
        assert [one.id for one in read(text).credential.elements] == [
            "clear-question",
            "clear-question-2",
        ]
        assert read(CANVAS.replace("Honest data", "数据")).credential.elements[1].id == "element-2"


class TestCase:
    @pytest.mark.parametrize(
        "wrap",
        [
            lambda one: one,
            lambda one: {"CFRubric": one},
            lambda one: {"CFRubrics": [one]},
            lambda one: {"CFDocument": {"title": "A framework"}, "CFRubrics": [one]},
        ],
        ids=["alone", "named", "list", "package"],
    )
    def test_criteria_and_levels_stand_in_the_order_of_their_positions_and_scores(
        self, wrap: Any
    ) -> None:
        made = read(json.dumps(wrap(case_rubric()), indent=1), "given.json")
        assert made.format == "IMS CASE"
        assert [one.title for one in made.credential.elements] == ["First", "Second"]
        assert made.credential.elements[1].question == "Is it there?"
        assert made.credential.elements[0].values == (1, 3)
        assert made.credential.summary == "Of one lesson."

    def test_levels_without_scores_count_by_their_places_and_that_is_said(self) -> None:
        whole = case_rubric()
        for criterion in whole["CFRubricCriteria"]:
            criterion["CFRubricCriterionLevels"] = [
                {"quality": one["quality"], "position": one["position"]}
                for one in criterion["CFRubricCriterionLevels"]
            ]
        made = read(json.dumps(whole), "given.json")
        assert made.credential.elements[0].values == (0, 1)
        assert any("without a score count 0, 1, 2" in note for note in made.notes)

    def test_weights_are_left_out_and_that_is_said(self) -> None:
        whole = case_rubric()
        whole["CFRubricCriteria"][0]["weight"] = 2.5
        assert any("Weights" in note for note in read(json.dumps(whole), "given.json").notes)

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"title": None}, "the rubric has no title"),
            ({"CFRubricCriteria": "none"}, "CFRubricCriteria: must be a list"),
            ({"CFRubricCriteria": ["x"]}, "must be a group of keys in braces"),
            ({"CFRubricCriteria": []}, "elements"),
            ({"CFRubricCriteria": [{"position": 1}]}, "neither category nor description"),
            ({"CFRubricCriteria": [{"category": "A"}]}, "elements[0].levels"),
        ],
    )
    def test_a_fault_is_one_sentence(self, change: dict[str, Any], sentence: str) -> None:
        said = refusal(json.dumps(case_rubric(**change), indent=1), "given.json")
        assert said.startswith("given.json, line ")
        assert sentence in said

    def test_scores_on_some_levels_alone_are_refused(self) -> None:
        whole = case_rubric()
        del whole["CFRubricCriteria"][0]["CFRubricCriterionLevels"][0]["score"]
        assert "some of its levels have a score" in refusal(json.dumps(whole), "given.json")

    def test_of_several_rubrics_one_is_named(self) -> None:
        two = json.dumps({"CFRubrics": [case_rubric(), case_rubric(title="Planning")]})
        assert "holds 2 rubrics (Teaching, Planning)" in refusal(two, "given.json")
        assert read(two, "given.json", rubric="Planning").credential.title == "Planning"
        assert "there is no rubric 'X'" in refusal(two, "given.json", rubric="X")
        assert "no rubric in the list" in refusal('{"CFRubrics": []}', "given.json")


class TestAnyFile:
    @pytest.mark.parametrize("credential", SHIPPED, ids=lambda one: one.id)
    def test_our_own_files_are_imported_and_written_as_they_are(self, credential: Any) -> None:
        text = credential_yaml(credential)
        assert credential_in(text.encode()) == (credential, ())
        assert read(text, "own.yaml").credential == credential

    def test_a_yaml_file_keeps_its_own_id_and_version(self) -> None:
        text = credential_yaml(SHIPPED[0])
        assert "says version '1.0' itself" in refusal(text, "own.yaml", version="9")

    @pytest.mark.parametrize(
        "data", [b"", b"\xff\xfe\x00", b"PK\x03\x04", b"[1, 2]", b"{", b"a: [", b"\x00\x01"]
    )
    def test_what_is_no_rubric_is_refused_in_one_sentence(self, data: bytes) -> None:
        assert refusal(data, "x").startswith("x, line ")

    def test_what_is_too_large_is_not_read(self) -> None:
        assert "larger than 200 kB" in refusal(b" " * (MAX_BYTES + 1), "x")

    @given(st.binary(max_size=300))
    def test_no_bytes_whatever_end_in_anything_else(self, data: bytes) -> None:
        assert read_or_refusal(data).startswith(("reviewer", "x"))

    @given(st.lists(st.text(max_size=12), min_size=4, max_size=14))
    def test_no_cells_whatever_end_in_anything_else(self, cells: list[str]) -> None:
        out = io.StringIO()
        csv.writer(out).writerows([[*HEAD.split(","), *RATING.split(",") * 4], cells])
        assert read_or_refusal(out.getvalue()).startswith(("Canvas", "x"))


class TestDifferences:
    def test_equal_credentials_have_none(self) -> None:
        for one in SHIPPED:
            assert differences(one, one) == ()

    def test_each_difference_names_its_place_and_both_texts(self) -> None:
        old = read(CANVAS).credential
        new = read(CANVAS.replace("A topic", "A theme"), version="2").credential
        assert differences(old, new) == (
            Difference("version", "changed", "1", "2"),
            Difference(
                "elements · clear-question · levels · 1 · descriptor",
                "changed",
                "A topic",
                "A theme",
            ),
        )

    def test_a_new_element_is_added_and_those_after_it_are_not_shifted(self) -> None:
        old = read(CANVAS).credential
        row = "Lab report,Voice,,false,Yes,Heard,1,No,Not heard,0\n"
        lines = CANVAS.splitlines(keepends=True)
        new = read("".join([*lines[:2], row, *lines[2:]])).credential
        found = differences(old, new)
        assert {one.kind for one in found} == {"changed", "added"}
        assert [one.place for one in found if one.kind == "changed"] == ["elements · order"]
        assert all("voice" in one.place for one in found if one.kind == "added")
        assert {one.kind for one in differences(new, old)} == {"changed", "removed"}


def test_the_shipped_files_are_what_these_tests_read() -> None:
    assert len(SHIPPED) == len(list(Path(CHECKOUT / "rubrics").glob("*.yaml")))
