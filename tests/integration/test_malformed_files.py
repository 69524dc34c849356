"""Files broken on purpose end in a document or in one sentence, in bounded time and memory.

200 of them are made from good ones with a fixed seed: bytes changed, runs of bytes doubled, removed
or overwritten, ends cut off.
"""

import io
import random
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from docx import Document as WordFile
from pptx import Presentation
from reportlab.pdfgen.canvas import Canvas

from reviewer.errors import DamagedFile, IntakeError
from reviewer.intake.apart import Reader, look_apart
from reviewer.intake.limits import Limits
from reviewer.intake.package import read_package
from reviewer.intake.package.looking import look
from reviewer.intake.sniff import ContentKind
from reviewer.rubric import find_credential
from reviewer.settings import CHECKOUT

SEED = 20_260_901
MALFORMED = 200
DEMO = CHECKOUT / "reviewer" / "demo" / "submissions" / "first"
LIMITS = Limits(max_unpacked_bytes=20_000_000)


def _docx() -> bytes:
    out, word = io.BytesIO(), WordFile()
    word.add_heading("Circle")
    word.add_paragraph("Each child chooses a greeting card.")
    word.add_table(2, 2).cell(0, 0).text = "Monday"
    word.save(out)
    return out.getvalue()


def _pptx() -> bytes:
    out, show = io.BytesIO(), Presentation()
    show.slides.add_slide(show.slide_layouts[0]).shapes.title.text = "Circle"
    show.save(out)
    return out.getvalue()


def _pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for line in range(20):
        canvas.drawString(72, 720 - 14 * line, "Each child chooses a greeting card.")
    canvas.save()
    return out.getvalue()


def _odt() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            '<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><o:text>'
            "<t:p>Each child chooses a greeting card.</t:p></o:text></o:body></o:document-content>",
        )
    return out.getvalue()


GOOD: dict[str, Callable[[], bytes]] = {
    "plan.docx": _docx,
    "plan.pptx": _pptx,
    "plan.pdf": _pdf,
    "plan.odt": _odt,
    "plan.rtf": lambda: (
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Each child {\b chooses} a card.\par}"
    ),
    "plan.html": lambda: b"<!DOCTYPE html><html><body><h1>Plan</h1><p>Each child chooses.</body>",
    "plan.txt": lambda: "Jedes Kind wählt eine Karte.\n".encode("utf-16") * 20,
    "talk.vtt": lambda: b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Good morning.\n" * 1,
    "talk.mp4": lambda: (DEMO / "meeting-monday.mp4").read_bytes()[:200_000],
}


def _broken(data: bytes, chance: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        start = chance.randrange(len(made) or 1)
        end = min(len(made), start + chance.choice((1, 2, 8, 64, 512)))
        how = chance.randrange(5)
        if how == 0:
            made[start:end] = chance.randbytes(end - start)
        elif how == 1:
            del made[start:end]
        elif how == 2:
            made[start:start] = made[start:end] * chance.randint(1, 20)
        elif how == 3:
            made[start:end] = b"\xff" * (end - start)
        elif len(made) > 40:
            del made[max(20, start) :]
    return bytes(made)


@pytest.fixture
def reader() -> Iterator[Reader]:
    made = Reader()
    yield made
    made.close()


@pytest.mark.slow
def test_200_malformed_files_are_documents_or_sentences(tmp_path: Path, reader: Reader) -> None:
    chance = random.Random(SEED)
    good = {name: make() for name, make in GOOD.items()}
    names = sorted(good)
    folder = tmp_path / "handed in"
    folder.mkdir()
    for number in range(MALFORMED):
        name = names[number % len(names)]
        (folder / f"{number:03} {name}").write_bytes(_broken(good[name], chance))
    credential = find_credential("morning-meetings-for-sel", CHECKOUT / "rubrics")
    before, began = psutil.Process().memory_info().rss, time.monotonic()
    package = read_package(folder, credential, LIMITS, look_apart)
    assert len(package.files) == MALFORMED
    read = refused = nameless = 0
    for file in package.usable:
        assert file.path is not None
        if file.content in (None, ContentKind.MEDIA, ContentKind.WEBVTT, ContentKind.SRT):
            continue
        try:
            reader.read(file.path, file.content, LIMITS)
            read += 1
        except IntakeError as error:
            nameless += file.path.name not in str(error)
            refused += 1
    assert nameless == 0
    assert read > 20
    assert refused + len(package.problems) > 20
    assert time.monotonic() - began < 300
    assert psutil.Process().memory_info().rss - before < 300_000_000


class TestLooking:
    @pytest.mark.parametrize("name", sorted(GOOD))
    def test_it_tells_what_the_same_process_would(
        self, name: str, tmp_path: Path, reader: Reader
    ) -> None:
        path = tmp_path / name
        path.write_bytes(GOOD[name]())
        try:
            here: object = look(path, LIMITS)
        except IntakeError as error:
            with pytest.raises(type(error), match=re.escape(str(error))):
                reader.look(path, LIMITS)
        else:
            assert reader.look(path, LIMITS) == here

    def test_a_file_over_which_it_ends_is_said_in_a_sentence_and_the_next_one_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "plan.txt"
        path.write_text("Each child chooses a greeting card.")
        hasty, patient = Reader(lasts_s=0.0), Reader()
        monkeypatch.setattr("reviewer.intake.apart._reader", lambda: hasty)
        with pytest.raises(DamagedFile, match=r"plan\.txt could not be looked at .*120 seconds"):
            look_apart(path, LIMITS)
        monkeypatch.setattr("reviewer.intake.apart._reader", lambda: patient)
        assert look_apart(path, LIMITS).content is ContentKind.TEXT
        patient.close()


class TestReader:
    def test_it_reads_as_the_readers_do(self, tmp_path: Path, reader: Reader) -> None:
        path = tmp_path / "plan.docx"
        path.write_bytes(_docx())
        document = reader.read(path, ContentKind.DOCX, LIMITS)
        assert "Each child chooses a greeting card." in document.text
        path.write_bytes(_docx()[:3000])
        with pytest.raises(DamagedFile, match=r"plan\.docx"):
            reader.read(path, ContentKind.DOCX, LIMITS)

    def test_a_process_that_ended_is_one_file_s_problem_and_not_the_next_one_s(
        self, tmp_path: Path, reader: Reader
    ) -> None:
        others = set(psutil.Process().children())
        path = tmp_path / "plan.txt"
        path.write_text("Each child chooses a greeting card.")
        reader.read(path, ContentKind.TEXT, LIMITS)
        (child,) = set(psutil.Process().children()) - others
        child.kill()
        child.wait()
        assert reader.read(path, ContentKind.TEXT, LIMITS).text.startswith("Each child")

    def test_a_defect_of_a_reader_is_told_and_no_finding_about_the_file(
        self, tmp_path: Path, reader: Reader
    ) -> None:
        missing = tmp_path / "plan.txt"
        with pytest.raises(ChildProcessError, match=r"FileNotFoundError.*\(pathlib\.py:"):
            reader.read(missing, ContentKind.TEXT, LIMITS)
        missing.write_text("Each child chooses a greeting card.")
        assert reader.read(missing, ContentKind.TEXT, LIMITS).text

    def test_one_that_takes_too_long_is_ended_and_said(self, tmp_path: Path) -> None:
        path = tmp_path / "plan.txt"
        path.write_text("Each child chooses a greeting card.")
        others = set(psutil.Process().children())
        hasty = Reader(lasts_s=0.0)
        with pytest.raises(ChildProcessError, match="what reads it ended over it"):
            hasty.read(path, ContentKind.TEXT, LIMITS)
        assert set(psutil.Process().children()) <= others
