"""Which characters of a PDF page nobody can see.

Invariant: a character is hidden only where the file says that it is painted off the page, or not
painted, or painted white, transparent or tiny, *and* the rendered page shows nothing in its place.
So the text that recognition lays invisibly under a scan stays: there is something to see above it.
"""

import ctypes
from collections import defaultdict
from collections.abc import Sequence
from math import hypot, isfinite

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from reviewer.intake.documents.visibility import TINY_PT, is_near_white

_UNPAINTED = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)
_PIXELS_PER_POINT = 2.0
_MOST_PIXELS = 2000  # along the longer edge of the rendered page
_BLEED = 2  # pixels by which smooth edges reach out of a character's box
_TRANSPARENT = 25  # of 255: the most opacity at which text disappears
_SHOWN = 24  # of 255: the least difference of brightness by which something shows
_DARK_PAPER = 225  # of 255: white text on darker paper than this can be read

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the lower left."""


def hidden_characters(page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> frozenset[int]:
    """The indices of the page's characters that nobody can see."""
    by_object: dict[int, list[int]] = defaultdict(list)
    for index in range(text.count_chars()):
        painted = pdfium_c.FPDFText_GetTextObject(text, index)
        if painted:
            by_object[ctypes.addressof(painted.contents)].append(index)
    bounds = page.get_bbox()
    hidden: set[int] = set()
    suspects: list[tuple[list[int], bool]] = []
    for indices in by_object.values():
        white = _is_white(text, indices[0])
        if _is_off_page(bounds, text, indices) or _is_tiny(text, indices):
            hidden.update(indices)
        elif white or _is_unpainted(text, indices[0]):
            suspects.append((indices, white))
    if suspects:
        suspected = {index for indices, _ in suspects for index in indices}
        others = [index for index in range(text.count_chars()) if index not in suspected | hidden]
        rendered = _Rendered(page, text, others)
        for indices, white in suspects:
            if not rendered.shows(indices, white):
                hidden.update(indices)
    return frozenset(hidden)


class _Rendered:
    """The page as it is painted, in grey, without the places where other characters stand."""

    def __init__(
        self, page: pdfium.PdfPage, text: pdfium.PdfTextPage, others: Sequence[int]
    ) -> None:
        self._page, self._text = page, text
        scale = min(_PIXELS_PER_POINT, _MOST_PIXELS / max(*page.get_size(), 1.0))
        bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
        grey = bitmap.to_numpy().reshape(bitmap.height, bitmap.width)
        self._grey: npt.NDArray[np.int16] = grey.astype(np.int16)
        self._free = np.ones(self._grey.shape, dtype=bool)
        for index in others:
            self._free[self._pixels(_box(text, index), _BLEED)] = False

    def shows(self, indices: Sequence[int], white: bool) -> bool:
        """Whether anything can be seen where these characters stand."""
        brightness = np.concatenate(
            [
                self._grey[place][self._free[place]]
                for place in (self._pixels(_box(self._text, index)) for index in indices)
            ]
        )
        if not brightness.size:
            return False
        darkest, brightest = int(brightness.min()), int(brightness.max())
        return brightest - darkest >= _SHOWN or (white and darkest < _DARK_PAPER)

    def _pixels(self, box: Box, around: int = 0) -> tuple[slice, slice]:
        height, width = self._grey.shape
        x, y = ctypes.c_int(), ctypes.c_int()
        corners = []
        for across, up in ((box[0], box[3]), (box[2], box[1])):
            pdfium_c.FPDF_PageToDevice(self._page, 0, 0, width, height, 0, across, up, x, y)
            corners.append((x.value, y.value))
        (left, top), (right, bottom) = corners
        return _range(top, bottom, around), _range(left, right, around)


def _range(one: int, other: int, around: int) -> slice:
    """The pixels from one to the other, both included, with some more on either side."""
    return slice(max(0, min(one, other) - around), max(0, max(one, other) + around + 1))


def _is_off_page(bounds: Box, text: pdfium.PdfTextPage, indices: Sequence[int]) -> bool:
    """Whether all characters with ink lie outside; the first one mostly settles it."""
    left, bottom, right, top = bounds
    inked = False
    for box in (_box(text, index) for index in indices):
        if box[2] <= box[0]:
            continue
        inked = True
        if box[2] > left and box[0] < right and box[3] > bottom and box[1] < top:
            return False
    return inked


def _is_tiny(text: pdfium.PdfTextPage, indices: Sequence[int]) -> bool:
    """Whether both the font's size and the glyphs say so: either alone is misleading.

    Fonts made of pictures have sizes that mean nothing, and hyphens are low at any size.
    """
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFText_GetMatrix(text, indices[0], matrix)
    size = pdfium_c.FPDFText_GetFontSize(text, indices[0]) * hypot(matrix.c, matrix.d)
    if size > TINY_PT:
        return False
    boxes = (_box(text, index) for index in indices)
    return all(top - bottom <= TINY_PT for _, bottom, _, top in boxes)


def _is_white(text: pdfium.PdfTextPage, index: int) -> bool:
    colour = _fill(text, index)
    return colour is not None and is_near_white(colour[:3])


def _is_unpainted(text: pdfium.PdfTextPage, index: int) -> bool:
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(pdfium_c.FPDFText_GetTextObject(text, index))
    colour = _fill(text, index)
    return mode in _UNPAINTED or (colour is not None and colour[3] <= _TRANSPARENT)


def _fill(text: pdfium.PdfTextPage, index: int) -> tuple[int, int, int, int] | None:
    """Red, green, blue and opacity of a character; null for a pattern."""
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    painted = pdfium_c.FPDFText_GetTextObject(text, index)
    if not pdfium_c.FPDFPageObj_GetFillColor(painted, red, green, blue, opacity):
        return None
    return red.value, green.value, blue.value, opacity.value


def _box(text: pdfium.PdfTextPage, index: int) -> Box:
    """The ink of a character, rather than the room that its font gives it."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    found = pdfium_c.FPDFText_GetCharBox(text, index, left, right, bottom, top)
    box = left.value, bottom.value, right.value, top.value
    return box if found and all(map(isfinite, box)) else (0.0, 0.0, 0.0, 0.0)
