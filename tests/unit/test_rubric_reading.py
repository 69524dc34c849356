"""Reading credential files: every fault is one sentence with file, line and path."""

import json
import os
from pathlib import Path

import pytest

from reviewer.errors import RubricError, UnknownCredential
from reviewer.rubric import Credential, examine, find_credential, list_credentials, read_credential
from reviewer.rubric.located import MAX_VALUES
from reviewer.rubric.reading import MAX_BYTES

MINIMAL = """\
id: exit-tickets
version: 1.0
title: Exit Tickets
elements:
  - id: use
    title: What the tickets change
    levels:
      - value: 0
        descriptor: Nothing is said of what they held.
      - value: 0.5
        descriptor: The next lesson takes something up.
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mine.yaml"


def read(file: Path, text: str) -> Credential:
    file.write_text(text, encoding="utf-8")
    return read_credential(file)


def complaint(file: Path, text: str) -> str:
    with pytest.raises(RubricError) as error:
        read(file, text)
    sentence = str(error.value)
    assert sentence.startswith(f"{file}, line ")
    assert sentence.endswith((".", "?"))
    assert "\n" not in sentence
    return sentence.removeprefix(f"{file}, ")


def test_a_minimal_file_is_a_credential(file: Path) -> None:
    credential = read(file, MINIMAL)
    assert credential.id == "exit-tickets"
    assert credential.elements[0].values == (0.0, 0.5)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1", "1"),
        ("1.0", "1.0"),
        ("1.10", "1.10"),
        ("2026-01-01", "2026-01-01"),
        ("2026-01-01 10:00:00", "2026-01-01 10:00:00"),
        ("'1.0'", "1.0"),
        ("!!str 7", "7"),
        ("0x1F", "0x1F"),
        ("yes", "yes"),
        ("1e3", "1e3"),
    ],
)
def test_a_version_is_the_text_that_stands_there(file: Path, written: str, kept: str) -> None:
    assert read(file, MINIMAL.replace("1.0", written)).version == kept


def test_words_that_yaml_takes_for_booleans_stay_words(file: Path) -> None:
    assert read(file, MINIMAL.replace("Exit Tickets", "No")).title == "No"


def test_an_empty_value_counts_as_a_key_left_out(file: Path) -> None:
    credential = read(file, MINIMAL + "summary:\ndecision: ~\nslots: null\n")
    assert (credential.summary, credential.decision, credential.slots) == ("", None, ())


def test_quoted_null_is_a_word(file: Path) -> None:
    assert read(file, MINIMAL + "summary: 'null'\n").summary == "null"


def test_a_scale_can_be_shared_by_an_alias(file: Path) -> None:
    text = MINIMAL.replace("levels:", "levels: &scale")
    text += "  - {id: more, title: More, levels: *scale}\n"
    credential = read(file, text)
    assert credential.elements[0].levels == credential.elements[1].levels


def test_json_is_read_alike(tmp_path: Path) -> None:
    yaml_file, json_file = tmp_path / "a.yaml", tmp_path / "a.json"
    credential = read(yaml_file, MINIMAL.replace("Exit", "Exit \U0001f3ab"))
    data = credential.model_dump(mode="json")
    for indent in (None, 2, "\t"):
        json_file.write_text(json.dumps(data, indent=indent), encoding="ascii")
        assert read_credential(json_file) == credential
    json_file.write_text(json.dumps(data, separators=(",", ":")), encoding="ascii")
    assert read_credential(json_file) == credential


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_newlines_of_other_machines_are_read(
    file: Path, encoding: str, newline: str
) -> None:
    text = MINIMAL.replace("Exit", "Été").replace("\n", newline)
    file.write_bytes(text.encode(encoding))
    assert read_credential(file).title == "Été Tickets"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "value: 0.5",
            "value: 0.3",
            "line 10, elements[0].levels[1].value: must be whole or half points, "
            "such as 2 or 2.5, not 0.3.",
        ),
        (
            "value: 0.5",
            "value: half",
            "line 10, elements[0].levels[1].value: must be a number, such as 2 or 2.5, "
            "and it is 'half'.",
        ),
        (
            "value: 0.5",
            "value: nan",
            "line 10, elements[0].levels[1].value: must be a number, such as 2 or 2.5, "
            "and it is 'nan'.",
        ),
        (
            "value: 0.5",
            "value: -1",
            "line 10, elements[0].levels[1].value: must be 0 or more, not -1.",
        ),
        (
            "value: 0.5",
            "value: 1000",
            "line 10, elements[0].levels[1].value: must be 100 or less, not 1000.",
        ),
        (
            "value: 0.5",
            "value: 0",
            "line 7, elements[0].levels: levels must stand in rising order of value, "
            "each value once.",
        ),
        (
            "descriptor: The next",
            "descripter: The next",
            "line 11, elements[0].levels[1].descripter: this key is unknown; "
            "did you mean 'descriptor'?",
        ),
        (
            "title: Exit Tickets",
            "title: Exit Tickets\nxyzzy: 1",
            "line 4, xyzzy: this key is unknown; known here are id, version, title, summary, "
            "elements, slots, decision, resubmission, gate, review_mode, turnaround_days, "
            "retention_days, erase_ratings, stack, recognition, source.",
        ),
        (
            "id: exit-tickets",
            "id: exit tickets",
            "line 1, id: 'exit tickets' cannot be an id; use letters a to z, digits, hyphen, "
            "underscore and dot, beginning with a letter or digit.",
        ),
        (
            "title: Exit Tickets",
            "title: Exit Tickets\ntitle: Other",
            "line 4, title: the key stands twice (first in line 3); remove one.",
        ),
        (
            "    title: What",
            "    id: other\n    title: What",
            "line 6, elements[0].id: the key stands twice (first in line 5); remove one.",
        ),
        (
            "title: Exit Tickets",
            "title: [Exit, Tickets]",
            "line 3, title: must be one text, and it is a list.",
        ),
        (
            "title: Exit Tickets",
            "title:\n  Exit: Tickets",
            "line 3, title: must be one text; a text with a colon in it needs quotes around the "
            "whole.",
        ),
        (
            "title: Exit Tickets",
            "title: ''",
            "line 3, title: must not be empty; write a text.",
        ),
        (
            "title: Exit Tickets",
            "title:",
            "line 3, title: this key is needed and is not there; add it.",
        ),
        ("version: 1.0\n", "", "line 1, version: this key is needed and is not there; add it."),
        (
            "        descriptor: Nothing is said of what they held.\n",
            "",
            "line 8, elements[0].levels[0].descriptor: this key is needed and is not there; "
            "add it.",
        ),
        (
            "version: 1.0",
            f"version: {'9' * 41}",
            "line 2, version: is longer than 40 characters.",
        ),
        (
            "title: Exit Tickets",
            "title: Exit Tickets\ngate: pilots",
            "line 4, gate: must be 'pilot' or 'enforced', and it is 'pilots'.",
        ),
        (
            "title: Exit Tickets",
            "title: Exit Tickets\nslots: tickets",
            "line 4, slots: must be a list (each entry begins with -), and it is 'tickets'.",
        ),
        (
            "title: Exit Tickets",
            "title: Exit Tickets\nslots:\n  - tickets",
            "line 5, slots[0]: must be a group of keys, such as `id: …`, and it is 'tickets'.",
        ),
        (
            "title: Exit Tickets",
            "title: Exit Tickets\nslots:\n  -",
            "line 5, slots[0]: must be a group of keys, such as `id: …`, and it is empty.",
        ),
        (
            "title: Exit Tickets",
            "title: Exit Tickets\nslots:\n  - {id: a, title: A, min: 1.5}",
            "line 5, slots[0].min: must be a whole number, and it is '1.5'.",
        ),
        (
            "title: Exit Tickets",
            "title: Exit Tickets\nslots:\n  - {id: a, title: A, required: often}",
            "line 5, slots[0].required: must be true or false, and it is 'often'.",
        ),
        (
            "title: Exit Tickets",
            "title: Exit Tickets\nstack: {id: a, title: A, members: []}",
            "line 4, stack.members: needs at least 1 entry, and has 0.",
        ),
        (
            "title: Exit Tickets",
            "title: Exit Tickets\nrecognition: [{recognizer: Tennessee, amount: 0, unit: point}]",
            "line 4, recognition[0].amount: must be more than 0, not 0.",
        ),
        (
            "    levels:",
            "    slots: [plan]\n    levels:",
            "line 7, elements[0].slots: 'plan' is not the id of a slot of this credential.",
        ),
        (
            "    levels:",
            "    required_level: 1\n    levels:",
            "line 7, elements[0].required_level: required_level 1 is not one of the levels "
            "(0, 0.5).",
        ),
        (
            "title: Exit Tickets",
            "title: Exit Tickets\ndecision:\n  kind: every_element",
            "line 5, decision.kind: the rule every_element needs a required_level in at least "
            "one element.",
        ),
        # not YAML at all
        (
            "title: Exit Tickets",
            "title: Exit: Tickets",
            "line 3: a text with a colon in it needs quotes, or indent anew.",
        ),
        (
            "    title: What",
            "\ttitle: What",
            "line 6: a tab stands where only spaces may; indent with spaces.",
        ),
        (
            "title: Exit Tickets",
            "title: 'Exit Tickets",
            "line 3: a quote that opens here is not closed, or not well; look at it.",
        ),
        (
            "title: Exit Tickets",
            "title: @exit",
            "line 3: a text that begins with a special character needs quotes.",
        ),
        (
            "title: Exit Tickets",
            "title: *exit",
            "line 3: no anchor stands before this alias; a text that begins with * needs quotes.",
        ),
        (
            "    title: What",
            "   title: What",
            "line 6: this line does not fit under the ones before it; look at its indentation.",
        ),
        (
            "title: Exit Tickets",
            "title: Exit Tickets\n---",
            "line 4: a second document begins here (---); keep one of them in this file.",
        ),
        (
            "title: Exit Tickets",
            "title: !!python/object/apply:os.getcwd []",
            "line 3, title: the tag 'tag:yaml.org,2002:python/object/apply:os.getcwd' is not "
            "allowed; remove it.",
        ),
        (
            "title: Exit Tickets",
            "title: Exit Tickets\n<<: {gate: pilot}",
            "line 4: merge keys (<<) are not read; write the keys out.",
        ),
        (
            "title: Exit Tickets",
            "title: Exit Tickets\n[a, b]: c",
            "line 4: a key must be a word, and this is a list.",
        ),
        (
            "title: Exit Tickets",
            'title: "\\ud800"',
            "line 3, title: the text holds half of an escaped character; repair it.",
        ),
        (
            "title: Exit Tickets",
            "title: Exit\0",
            "line 3: the character U+0000 is not allowed; remove it.",
        ),
    ],
)
def test_every_fault_names_its_line_and_path(file: Path, old: str, new: str, sentence: str) -> None:
    assert old in MINIMAL
    assert complaint(file, MINIMAL.replace(old, new, 1)) == sentence


def test_a_fault_behind_an_alias_is_shown_where_it_stands(file: Path) -> None:
    text = MINIMAL.replace("levels:", "levels: &scale").replace("value: 0.5", "value: 0.3")
    text += "  - {id: more, title: More, levels: *scale}\n"
    file.write_text(text)
    _, problems = examine(file)
    assert [problem.removeprefix(f"{file}, ").split(":")[0] for problem in problems] == [
        "line 10, elements[0].levels[1].value",
        "line 10, elements[1].levels[1].value",
    ]


def test_all_faults_are_told_at_once_in_the_order_of_the_file(file: Path) -> None:
    file.write_text(MINIMAL.replace("Exit Tickets", "[]").replace("0.5", "x") + "gait: pilot\n")
    credential, problems = examine(file)
    assert credential is None
    assert [problem.split(", ")[1] for problem in problems] == ["line 3", "line 10", "line 12"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: the file is empty"),
        ("# a comment alone\n", "line 1: the file is empty"),
        ("\n\n- id: a\n", "line 3: the file must begin with keys"),
        ("exit tickets\n", "line 1: the file must begin with keys"),
    ],
)
def test_what_is_no_group_of_keys_is_refused(file: Path, text: str, words: str) -> None:
    assert complaint(file, text).startswith(words)


def test_aliases_that_unfold_without_end_are_refused(file: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    assert f"more than {MAX_VALUES} values" in complaint(file, "\n".join(lines))


def test_an_alias_of_itself_is_refused(file: Path) -> None:
    assert "nested more than" in complaint(file, "a: &a [*a]\n")
    assert "nested more than" in complaint(file, "a: &a {b: *a}\n")


@pytest.mark.parametrize("bracket", ["[", "{a: "])
def test_brackets_without_end_are_refused(file: Path, bracket: str) -> None:
    assert "nested too deeply" in complaint(file, "a: " + bracket * 3_000)


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(file: Path) -> None:
    file.write_bytes(MINIMAL.replace("Exit", "Été").encode("latin-1"))
    with pytest.raises(RubricError, match="line 3: the text is not in UTF-8"):
        read_credential(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RubricError, match="the text is not in UTF-8"):
        read_credential(file)


def test_a_huge_file_is_refused_unread(file: Path) -> None:
    file.write_text("#" * (MAX_BYTES + 1))
    with pytest.raises(RubricError, match="is larger than 200 kB, so it is no credential"):
        read_credential(file)


def test_a_folder_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="is a folder; name a credential file in it"):
        read_credential(tmp_path)
    with pytest.raises(UnknownCredential, match=r"There is no file .*gone\.yaml; check the name"):
        read_credential(tmp_path / "gone.yaml")
    with pytest.raises(RubricError, match="cannot be opened"):
        read_credential(tmp_path / ("n" * 300 + ".yaml"))


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(RubricError, match="not a regular file"):
        read_credential(tmp_path / "pipe.yaml")


def test_a_credential_is_found_by_id_by_file_name_or_by_path(tmp_path: Path) -> None:
    folder = tmp_path / "rubrics"
    folder.mkdir()
    (folder / "exit-tickets.yaml").write_text(MINIMAL)
    (folder / "second.yml").write_text(MINIMAL.replace("id: exit-tickets", "id: other"))
    assert find_credential("exit-tickets", folder).id == "exit-tickets"
    assert find_credential("other", folder).id == "other"
    assert find_credential(str(folder / "second.yml"), tmp_path).id == "other"


def test_a_file_beside_can_be_named_without_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(MINIMAL)
    assert find_credential("mine.yaml", tmp_path / "rubrics").id == "exit-tickets"
    with pytest.raises(UnknownCredential, match=r"There is no file yours\.yaml"):
        find_credential("yours.yaml", tmp_path / "rubrics")


def test_an_unknown_id_is_answered_with_the_closest_one(tmp_path: Path) -> None:
    (tmp_path / "exit-tickets.yaml").write_text(MINIMAL)
    with pytest.raises(UnknownCredential, match="did you mean 'exit-tickets'"):
        find_credential("exit-ticket", tmp_path)
    with pytest.raises(UnknownCredential, match="`reviewer rubric list` shows"):
        find_credential("zzz", tmp_path)
    with pytest.raises(UnknownCredential, match="there is none at all"):
        find_credential("zzz", tmp_path / "nowhere")
    with pytest.raises(UnknownCredential, match="There is no file"):
        find_credential("two words", tmp_path)


def test_an_id_given_to_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(MINIMAL)
    with pytest.raises(RubricError, match="both have the id 'exit-tickets'; change one"):
        find_credential("exit-tickets", tmp_path)


def test_a_faulty_file_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("id: [")
    (tmp_path / "good.yaml").write_text(MINIMAL)
    (tmp_path / "schema.json").write_text("{}")
    (tmp_path / "README.md").write_text("no credential")
    bad, good = list_credentials(tmp_path)
    assert bad.problem is not None
    assert bad.credential is None
    assert good.credential is not None
    assert good.problem is None
    assert find_credential("exit-tickets", tmp_path) == good.credential
    with pytest.raises(RubricError, match=r"bad\.yaml, line"):
        find_credential("bad", tmp_path)
