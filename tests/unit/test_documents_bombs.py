"""Office files made to exhaust the machine: refused with a sentence, within bounded memory."""

import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.errors import Encrypted, IntakeError, TooLarge, UnpacksTooLarge
from reviewer.intake.documents.reading import read_document
from reviewer.intake.limits import Limits
from reviewer.intake.sniff import ContentKind, sniff

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY = f"<w:document {W}><w:body><w:p><w:r><w:t>A plan</w:t></w:r></w:p></w:body></w:document>"


def docx(folder: Path, document: str | bytes = BODY, more: dict[str, bytes] | None = None) -> Path:
    path = folder / "plan.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return path


def read(path: Path, unpacked: int = 5_000_000) -> str:
    return read_document(path, ContentKind.DOCX, Limits(max_unpacked_bytes=unpacked)).text


def test_a_small_document_is_read(tmp_path: Path) -> None:
    assert read(docx(tmp_path)) == "A plan"


def test_a_part_that_unpacks_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = docx(tmp_path, more={"word/media/image1.png": bytes(6_000_000)})
    assert path.stat().st_size < 20_000
    with pytest.raises(UnpacksTooLarge, match=r"^plan\.docx would unpack to far more"):
        read(path)


def test_what_the_archive_declares_is_not_believed(tmp_path: Path) -> None:
    path = docx(tmp_path, BODY + " " * 6_000_000)
    data = bytearray(path.read_bytes())
    size = struct.pack("<I", len(BODY) + 6_000_000)
    assert data.count(size) == 2
    path.write_bytes(bytes(data).replace(size, struct.pack("<I", 500)))
    with pytest.raises(IntakeError):
        read(path)


@pytest.mark.slow
def test_an_archive_of_very_many_entries_is_refused(tmp_path: Path) -> None:
    path = docx(tmp_path, more={f"word/{number}.xml": b"" for number in range(10_001)})
    with pytest.raises(UnpacksTooLarge):
        read(path)
    with pytest.raises(UnpacksTooLarge):
        sniff(path)


def test_a_table_of_contents_of_very_many_bytes_is_not_even_read(tmp_path: Path) -> None:
    more = {"x" * 60_000 + str(number): b"" for number in range(70)}
    with pytest.raises(UnpacksTooLarge):
        read(docx(tmp_path, more=more))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_unpack_without_end_are_refused(tmp_path: Path, encoding: str) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "lol">{levels}]>' + BODY.replace(
        "A plan", "&e9;"
    )
    with pytest.raises(UnpacksTooLarge, match="declares entities"):
        read(docx(tmp_path, bomb.encode(encoding)))


def test_a_file_of_the_machine_is_never_read_through_an_entity(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret words")
    attack = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>' + BODY.replace(
        "A plan", "&x;"
    )
    with pytest.raises(UnpacksTooLarge):
        read(docx(tmp_path, attack))


def test_elements_nested_without_end_are_refused(tmp_path: Path) -> None:
    body = "<w:p>" * 100_000 + "</w:p>" * 100_000
    with pytest.raises(IntakeError):
        read(docx(tmp_path, f"<w:document {W}><w:body>{body}</w:body></w:document>"))


def test_a_style_based_on_itself_ends(tmp_path: Path) -> None:
    styles = f"<w:styles {W}><w:style w:styleId='a'><w:basedOn w:val='b'/></w:style>"
    styles += "<w:style w:styleId='b'><w:basedOn w:val='a'/></w:style></w:styles>"
    rels = (
        "<Relationships><Relationship Id='r' Type='x/styles' Target='styles.xml'/></Relationships>"
    )
    body = BODY.replace("<w:p>", "<w:p><w:pPr><w:pStyle w:val='a'/></w:pPr>")
    more = {"word/styles.xml": styles.encode(), "word/_rels/document.xml.rels": rels.encode()}
    assert read(docx(tmp_path, body, more)) == "A plan"


def test_an_entry_locked_with_a_password_is_encrypted(tmp_path: Path) -> None:
    path = docx(tmp_path)
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 1)
    path.write_bytes(data)
    with pytest.raises(Encrypted, match="locked with a password"):
        read(path)


def test_more_bytes_than_the_limit_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "essay.txt"
    path.write_text("words " * 1000)
    with pytest.raises(
        TooLarge, match=r"^essay\.txt has 0\.0 MB, more than .*REVIEWER_MAX_FILE_MB"
    ):
        read_document(path, ContentKind.TEXT, Limits(max_file_bytes=5000))
    with pytest.raises(TooLarge, match="REVIEWER_MAX_UNPACKED_MB"):
        read_document(path, ContentKind.TEXT, Limits(max_unpacked_bytes=5000))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_damage_to_an_office_file_escapes_as_anything_but_an_intake_error(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = docx(tmp_path_factory.mktemp("damage"))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        read(path)
    except IntakeError as error:
        said = str(error)
        assert said.startswith("plan.docx ")
