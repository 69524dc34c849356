"""Canvas rubric CSV: a row a criterion, its ratings as triplets of name, description and points.

The header is ``Rubric Name, Criteria Name, Criteria Description, Criteria Enable Range``, then
``Rating Name, Rating Description, Rating Points`` as often as the longest criterion needs, with or
without a number behind each. Rows may be shorter than the header.
"""

import csv
import io

from reviewer.rubric.importing.foreign import Criterion, Foreign, Rating
from reviewer.rubric.located import Fault

HEADER = ("rubric name", "criteria name", "criteria description", "criteria enable range")
_TRIPLET = ("rating name", "rating description", "rating points")

_Row = tuple[int, list[str]]


def is_canvas(text: str) -> bool:
    """Whether the text begins as a Canvas rubric CSV does."""
    return text.lstrip().lower().startswith(HEADER[0])


def read_canvas(text: str, wanted: str | None) -> Foreign:
    """The rubric in `text` (named `wanted`, where there are several); raises `Fault`."""
    rows = _rows(text)
    header = [cell.lower() for cell in rows[0][1]]
    if tuple(header[: len(HEADER)]) != HEADER:
        raise Fault(rows[0][0], (), f"the header must begin with {', '.join(HEADER).title()}")
    _check_triplets(header, rows[0][0])
    titled = _titled(rows[1:])
    names = list(dict.fromkeys(title for title, _ in titled))
    if not names:
        raise Fault(rows[0][0], (), "there is no criterion under the header")
    if wanted is None and len(names) > 1:
        raise Fault(
            rows[0][0],
            (),
            f"the file holds {len(names)} rubrics ({', '.join(names)}); name the one to import",
        )
    title = wanted or names[0]
    own = [row for name, row in titled if name == title]
    if not own:
        raise Fault(rows[0][0], (), f"there is no rubric {title!r}; there is {', '.join(names)}")
    notes = []
    if any(_cell(cells, 3).lower() in ("true", "yes", "1") for _, cells in own):
        notes.append("Ranges of points are read as levels at their upper ends.")
    criteria = tuple(_criterion(number, cells) for number, cells in own)
    return Foreign(title, "", criteria, tuple(notes), "Canvas rubric CSV")


def _rows(text: str) -> list[_Row]:
    """(line, cells) of every row that is not empty, the header first."""
    first = text.lstrip().splitlines()[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first), strict=True)
    rows: list[_Row] = []
    begin = 1
    try:
        for cells in reader:
            plain = [cell.strip() for cell in cells]
            if any(plain):
                rows.append((begin, plain))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise Fault(begin, (), f"the row cannot be read as CSV ({error})") from error
    return rows


def _delimiter(header: str) -> str:
    """Spreadsheets of some countries write semicolons or tabs between cells."""
    return max((",", ";", "\t"), key=header.count)


def _check_triplets(header: list[str], line: int) -> None:
    names = [cell.rstrip("0123456789 ") for cell in header[len(HEADER) :] if cell]
    if not names or len(names) % 3 or tuple(names) != _TRIPLET * (len(names) // 3):
        raise Fault(
            line, (), "after these come Rating Name, Rating Description, Rating Points, repeated"
        )


def _titled(rows: list[_Row]) -> list[tuple[str, _Row]]:
    """Each row with its rubric's name: that of the row above where its own cell is empty."""
    found: list[tuple[str, _Row]] = []
    title = ""
    for row in rows:
        title = _cell(row[1], 0) or title
        if not title:
            raise Fault(row[0], (), "the first rubric has no name; fill in the column Rubric Name")
        found.append((title, row))
    return found


def _criterion(line: int, cells: list[str]) -> Criterion:
    title = _cell(cells, 1)
    if not title:
        raise Fault(line, (), "the criterion has no name; fill in the column Criteria Name")
    ratings = []
    for at in range(len(HEADER), len(cells), 3):
        name, words, points = (_cell(cells, at + offset) for offset in range(3))
        if not (name or words or points):
            continue
        if not points:
            raise Fault(line, (), f"the rating {name or words!r} of {title!r} has no points")
        ratings.append(Rating(_decimal(points), name, words or name, line))
    return Criterion(title, _cell(cells, 2), tuple(ratings), line)


def _cell(cells: list[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


def _decimal(points: str) -> str:
    """Points with a decimal comma, as such spreadsheets write them, with a point."""
    return points.replace(",", ".") if points.count(",") == 1 and "." not in points else points
