"""Pictures of pages: the right page, the right size, and one sentence where there is none."""

import io
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from reviewer.errors import DamagedFile
from reviewer.intake.documents.picture import LONGEST, page_picture


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    """Two pages: the first white, the second black, and wide."""
    path = tmp_path / "plans.pdf"
    canvas = Canvas(str(path), pagesize=(300, 600))
    canvas.drawString(10, 300, "white")
    canvas.showPage()
    canvas.setPageSize((600, 300))
    canvas.rect(0, 0, 600, 300, fill=1)
    canvas.showPage()
    canvas.save()
    return path


def test_each_page_has_its_picture_as_long_as_asked(plans: Path) -> None:
    first, second = (Image.open(io.BytesIO(page_picture(plans, number))) for number in (1, 2))
    assert first.size == (LONGEST // 2, LONGEST)
    assert second.size == (LONGEST, LONGEST // 2)
    assert first.convert("L").getpixel((5, 5)) == 255
    assert second.convert("L").getpixel((800, 400)) == 0


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_page_that_is_not_there_is_named(plans: Path, number: int) -> None:
    with pytest.raises(DamagedFile, match=f"has no page {number}: it has 2"):
        page_picture(plans, number)


def test_a_file_that_is_no_pdf_is_named(tmp_path: Path) -> None:
    path = tmp_path / "plans.pdf"
    path.write_bytes(b"%PDF-1.7 and then nothing of it")
    with pytest.raises(DamagedFile, match=r"plans\.pdf cannot be drawn"):
        page_picture(path, 1)
