"""What a file is, told from its content, whatever its name says."""

import contextlib
import io
import zipfile
from pathlib import Path

import av
import numpy as np
import pytest
from docx import Document as WordFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pptx import Presentation
from reportlab.pdfgen.canvas import Canvas

from reviewer.errors import (
    DamagedFile,
    EmptyFile,
    Encrypted,
    IntakeError,
    UnreadableEncoding,
    WrongType,
)
from reviewer.intake.sniff import ContentKind, sniff


def docx_bytes() -> bytes:
    out = io.BytesIO()
    word = WordFile()
    word.add_paragraph("A plan")
    word.save(out)
    return out.getvalue()


def pptx_bytes() -> bytes:
    out = io.BytesIO()
    Presentation().save(out)
    return out.getvalue()


def pdf_bytes() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 700, "A plan")
    canvas.save()
    return out.getvalue()


def zip_bytes(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def picture_bytes(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, form)
    return out.getvalue()


def sound_bytes(form: str, codec: str) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        stream = container.add_stream(codec, rate=48000)
        samples = (np.sin(np.arange(48000) / 20) * 8000).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = 48000
        resampler = av.AudioResampler(format=stream.format, layout=stream.layout, rate=48000)
        for part in [*resampler.resample(frame), None]:
            container.mux(stream.encode(part))
    return out.getvalue()


def ole_bytes(entry: str) -> bytes:
    """An OLE compound file as far as its directory goes: one entry of 128 bytes."""
    name = entry.encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + name + bytes(128 - len(name))


def told(folder: Path, data: bytes, name: str = "file") -> ContentKind:
    path = folder / name
    path.write_bytes(data)
    return sniff(path)


@pytest.mark.parametrize("name", ["plan.docx", "plan.pdf", "plan.txt", "plan", "plan.png"])
def test_a_word_document_is_one_under_any_name(tmp_path: Path, name: str) -> None:
    assert told(tmp_path, docx_bytes(), name) is ContentKind.DOCX


def test_documents_are_told_by_content(tmp_path: Path) -> None:
    odt = zip_bytes({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"x"})
    assert told(tmp_path, pptx_bytes(), "x.txt") is ContentKind.PPTX
    assert told(tmp_path, odt, "x.zip") is ContentKind.ODT
    assert told(tmp_path, pdf_bytes(), "x.docx") is ContentKind.PDF
    assert told(tmp_path, b"\xef\xbb\xbf\n" + pdf_bytes()) is ContentKind.PDF
    assert told(tmp_path, b"junk before\x00\n" + pdf_bytes()) is ContentKind.PDF
    assert told(tmp_path, rb"{\rtf1\ansi Plan}", "x.doc") is ContentKind.RTF


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><p>Plan",
        "\n <!-- saved from x --><HTML lang=en><body>Plan",
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
        "<div><p>Plan</p></div>\n",
    ],
)
def test_html_is_told_by_how_it_begins(tmp_path: Path, page: str) -> None:
    assert told(tmp_path, page.encode(), "page.txt") is ContentKind.HTML


def test_html_that_declares_an_old_encoding_is_html(tmp_path: Path) -> None:
    page = "<html><meta charset=shift_jis><p>こんにちは、皆さん</p>".encode("shift_jis")
    assert told(tmp_path, page) is ContentKind.HTML


def test_captions_are_told_from_text(tmp_path: Path) -> None:
    cue = "00:00:01{}000 --> 00:00:02{}000\nHello\n"
    assert told(tmp_path, b"WEBVTT\n\n") is ContentKind.WEBVTT
    assert told(tmp_path, b"\xef\xbb\xbfWEBVTT - title\r\n") is ContentKind.WEBVTT
    assert told(tmp_path, ("1\r\n" + cue.format(",", ",")).encode()) is ContentKind.SRT
    assert told(tmp_path, cue.format(",", ",").encode(), "a.txt") is ContentKind.SRT
    assert told(tmp_path, b"WEBVTTX is no caption") is ContentKind.TEXT
    assert told(tmp_path, b"The arrow --> is no caption") is ContentKind.TEXT


def test_the_name_decides_between_text_and_markdown_and_nothing_else(tmp_path: Path) -> None:
    assert told(tmp_path, b"Plain words", "plan.md") is ContentKind.MARKDOWN
    assert told(tmp_path, b"# Title\n", "plan.txt") is ContentKind.TEXT
    assert told(tmp_path, b"# Title\n\nWords", "plan") is ContentKind.MARKDOWN
    assert told(tmp_path, b"Plain words", "plan") is ContentKind.TEXT
    assert (
        told(tmp_path, b'<div align="center">\n\n# Title\n\nWords', "a.md") is ContentKind.MARKDOWN
    )


@pytest.mark.parametrize(
    "words",
    [
        "The free choice of pupils",
        "ID3 is a tag",
        "FORM a circle",
        "MZ began",
        "BM and PM",
        "Go on",
    ],
)
def test_text_that_begins_like_a_binary_file_is_text(tmp_path: Path, words: str) -> None:
    assert told(tmp_path, words.encode()) is ContentKind.TEXT


@pytest.mark.parametrize(
    ("form", "codec"),
    [
        ("mp4", "aac"),
        ("mov", "aac"),
        ("ipod", "aac"),
        ("matroska", "aac"),
        ("webm", "libopus"),
        ("avi", "pcm_s16le"),
        ("asf", "libmp3lame"),
        ("mp3", "libmp3lame"),
        ("wav", "pcm_s16le"),
        ("flac", "flac"),
        ("ogg", "libopus"),
        ("aiff", "pcm_s16be"),
        ("mpegts", "aac"),
    ],
)
def test_recordings_are_told_by_their_container(tmp_path: Path, form: str, codec: str) -> None:
    assert told(tmp_path, sound_bytes(form, codec), "lesson.txt") is ContentKind.MEDIA


def test_mp3_is_told_without_a_tag_and_from_the_middle_of_a_stream(tmp_path: Path) -> None:
    tagged = sound_bytes("mp3", "libmp3lame")
    assert tagged.startswith(b"ID3")
    frames = tagged[tagged.index(b"\xff\xfb") :]
    assert told(tmp_path, frames) is ContentKind.MEDIA
    assert told(tmp_path, frames[50:]) is ContentKind.MEDIA


def test_zero_bytes_are_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile, match=r"^plan\.pdf is empty"):
        told(tmp_path, b"", "plan.pdf")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (picture_bytes("PNG"), "is a picture (PNG)"),
        (picture_bytes("JPEG"), "is a picture (JPEG)"),
        (picture_bytes("GIF"), "is a picture (GIF)"),
        (picture_bytes("BMP"), "is a picture (BMP)"),
        (picture_bytes("WEBP"), "is a picture (WebP)"),
        (picture_bytes("TIFF"), "is a picture (TIFF)"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "is a picture (HEIC or AVIF)"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is a picture (SVG)"),
        (b"\x7fELF\x02\x01\x01" + bytes(60), "is a program (Linux)"),
        (b"MZ\x90\x00" + bytes(60), "is a program (Windows)"),
        (b"#!/bin/sh\nrm -rf x\n", "is a program (script)"),
        (b"\x1f\x8b\x08" + bytes(20), "is an archive (gzip)"),
        (zip_bytes({"a.txt": b"x"}), "is an archive (ZIP)"),
        (zip_bytes({"[Content_Types].xml": b"x", "xl/workbook.xml": b"x"}), "(Excel)"),
        (zip_bytes({"mimetype": b"application/epub+zip"}), "is an e-book (EPUB)"),
        (zip_bytes({"Index/Document.iwa": b"x"}), "Pages, Numbers or Keynote"),
        (ole_bytes("WordDocument"), "is an old Word document (.doc)"),
        (ole_bytes("Workbook"), "is an old Excel workbook (.xls)"),
        (ole_bytes("PowerPoint Document"), "is an old PowerPoint presentation (.ppt)"),
        (ole_bytes("Something"), "is a file of an old office program"),
        (b"SQLite format 3\x00" + bytes(80), "is a database"),
        (b"<?xml version='1.0'?><data/>", "is an XML file"),
        (b"From: a\nMIME-Version: 1.0\nContent-Type: multipart/related\n\n", "is an e-mail"),
        (bytes(range(256)) * 4, "is of no kind that can be read"),
    ],
)
def test_what_is_not_read_is_named_with_what_to_do(
    tmp_path: Path, data: bytes, sentence: str
) -> None:
    with pytest.raises(WrongType) as caught:
        told(tmp_path, data, "work.txt")
    said = str(caught.value)
    assert said.startswith("work.txt ")
    assert sentence in said
    assert "submit" in said or "put it into a document" in said


def test_an_office_file_behind_a_password_is_encrypted(tmp_path: Path) -> None:
    with pytest.raises(Encrypted, match=r"^plan\.docx is locked with a password"):
        told(tmp_path, ole_bytes("EncryptedPackage"), "plan.docx")


def test_text_in_no_tellable_encoding_is_said_to_be_that(tmp_path: Path) -> None:
    with pytest.raises(UnreadableEncoding, match="save it again as UTF-8"):
        told(tmp_path, "Привет, класс. Мы начинаем урок.".encode("cp1251"))


def test_an_office_file_cut_off_is_still_told_for_what_it_was(tmp_path: Path) -> None:
    assert told(tmp_path, docx_bytes()[:20_000]) is ContentKind.DOCX
    with pytest.raises(DamagedFile):
        told(tmp_path, zip_bytes({"a.txt": b"x" * 100})[:60])


def test_a_long_text_is_told_from_its_beginning(tmp_path: Path) -> None:
    assert told(tmp_path, ("ä" * 299_999).encode() + b"!") is ContentKind.TEXT
    assert told(tmp_path, b"." + ("ä" * 299_999).encode()) is ContentKind.TEXT


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_an_intake_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    with contextlib.suppress(IntakeError):
        told(tmp_path_factory.getbasetemp(), data)
