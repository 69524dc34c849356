"""Names of uploaded files: whatever was sent, one harmless name in the folder, and the slots."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import SubmissionError
from reviewer.web.upload import safe_name, slots_of


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("plans.docx", "plans.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("submission.yaml", "candidate-submission.yaml"),
        (".hidden", "hidden"),
        ("..", "file-3"),
        ("", "file-3"),
        ("a\x00b\u202etxt.exe", "abtxt.exe"),
    ],
)
def test_a_name_becomes_one_plain_part(sent: str, kept: str) -> None:
    assert safe_name(sent, 3) == kept


@given(st.text(max_size=300))
def test_no_name_leads_out_of_the_folder(sent: str) -> None:
    name = safe_name(sent, 1)
    assert name
    assert not set(name) & {"/", "\\", "\x00"}
    assert not name.startswith(".")
    assert len(name) <= 130


@pytest.mark.parametrize("text", ["[1]", "{", '{"a": 1}', "7"])
def test_slots_that_are_no_assignment_are_refused(text: str) -> None:
    with pytest.raises(SubmissionError, match="slots cannot be used"):
        slots_of(text)


def test_no_slots_are_no_assignment() -> None:
    assert slots_of("") == {}
    assert slots_of('{"a.txt": "plans"}') == {"a.txt": "plans"}
