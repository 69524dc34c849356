"""The picture track: a classroom rug from above, everyone turned to whoever speaks. No captions.

Invariant: a frame depends only on the scene, the speaker, the clips on the chart and the beat, so
equal moments give equal pictures; nothing drawn is a likeness of anybody.
"""

import math
from dataclasses import dataclass

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 640, 360  # pixels
_FINE = 2  # drawn at twice the size, then reduced: smooth edges
BEATS = 3  # pictures in which the rings around a speaker grow

Point = tuple[float, float]
Colour = tuple[int, int, int]

_FLOOR, _RUG, _RUG_EDGE = (236, 226, 208), (150, 172, 182), (120, 144, 156)
_HALO, _RING = (255, 236, 160), (214, 158, 46)
_BOARD, _FRAME, _CLIP = (250, 250, 246), (133, 102, 78), (47, 110, 140)
_SHIRTS: tuple[Colour, ...] = (
    (196, 90, 76),
    (88, 124, 96),
    (70, 98, 146),
    (204, 150, 70),
    (124, 92, 136),
    (84, 140, 146),
    (168, 110, 84),
    (108, 112, 120),
)
_TEAM_MIDDLES = ((98.0, 222.0), (258.0, 244.0), (414.0, 222.0), (552.0, 274.0))
_WATCHED = 1  # the team that the teacher sits with
_HAIR: tuple[Colour, ...] = ((48, 36, 30), (92, 62, 40), (30, 28, 30), (150, 110, 62), (70, 46, 36))
_SKIN: tuple[Colour, ...] = ((232, 196, 166), (190, 140, 104), (140, 96, 70), (222, 178, 142))


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody sits; `who` is null for pupils who have no voice in the demo."""

    at: Point
    who: str | None
    look: int  # chooses shirt, hair and skin


def _circle_seats() -> tuple[Seat, ...]:
    """One ring of seventeen: the teacher, four pupils with voices, twelve without."""
    spoken = {0: "teacher", 3: "maya", 4: "henry", 10: "ruby", 11: "jonah"}
    seats = []
    for place in range(17):
        angle = math.pi / 2 + 2 * math.pi * place / 17
        at = (320 + 226 * math.cos(angle), 208 + 112 * math.sin(angle))
        seats.append(Seat(at, spoken.get(place), place))
    return tuple(seats)


def _team_seats() -> tuple[Seat, ...]:
    """Four rings of four; the teacher sits with the second, whose pupils have voices."""
    seats = []
    names: tuple[str | None, ...] = ("jonah", "maya", "henry", "ruby")
    for team, (x, y) in enumerate(_TEAM_MIDDLES):
        for place in range(4):
            angle = math.pi / 4 + math.pi / 2 * place
            at = (x + 44 * math.cos(angle), y + 38 * math.sin(angle))
            seats.append(Seat(at, names[place] if team == _WATCHED else None, team * 4 + place + 1))
    return (*seats, Seat((258, 316), "teacher", 0))


SEATS = {"circle": _circle_seats(), "teams": _team_seats()}


def draw(scene: str, speaker: str | None, clips: int | None, beat: int) -> Image.Image:
    """One frame: `speaker` null in a pause; `clips` of sixteen hang on the right of the chart."""
    image = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), _FLOOR)
    pen = ImageDraw.Draw(image)
    seats = SEATS[scene]
    _rugs(pen, scene)
    _board(pen, clips)
    speaking = next((seat for seat in seats if speaker is not None and seat.who == speaker), None)
    if speaking is not None:
        _halo(pen, speaking.at, beat)
    for seat in seats:
        _figure(pen, seat, _gaze(scene, seat, speaking))
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _gaze(scene: str, seat: Seat, speaking: Seat | None) -> Point:
    """What somebody looks at: the speaker, in one ring; the own team's middle, in teams."""
    middles = ((320.0, 208.0),) if scene == "circle" else _TEAM_MIDDLES
    listens = scene == "circle" or seat.who is not None
    if listens and speaking is not None and speaking is not seat:
        return speaking.at
    return min(middles, key=lambda middle: math.dist(middle, seat.at))


def _ellipse(pen: ImageDraw.ImageDraw, at: Point, size: Point, fill: Colour) -> None:
    (x, y), (half_width, half_height) = at, size
    box = (x - half_width, y - half_height, x + half_width, y + half_height)
    pen.ellipse([edge * _FINE for edge in box], fill=fill)


def _rugs(pen: ImageDraw.ImageDraw, scene: str) -> None:
    if scene == "circle":
        places = [((320.0, 208.0), (262.0, 144.0))]
    else:
        places = [(middle, (74.0, 62.0)) for middle in _TEAM_MIDDLES]
        places[_WATCHED] = ((258.0, 260.0), (78.0, 78.0))
    for at, (half_width, half_height) in places:
        _ellipse(pen, at, (half_width, half_height), _RUG_EDGE)
        _ellipse(pen, at, (half_width - 5, half_height - 5), _RUG)


def _board(pen: ImageDraw.ImageDraw, clips: int | None) -> None:
    """An easel with lines of writing, or the team chart with its clips left and right."""
    box = (250, 8, 390, 50) if clips is None else (210, 8, 430, 120)
    pen.rectangle([edge * _FINE for edge in box], fill=_BOARD, outline=_FRAME, width=4 * _FINE)
    if clips is None:
        for row in range(3):
            end = (370, 350, 310)[row]
            line = (266, 20 + 9 * row, end, 20 + 9 * row)
            pen.line([edge * _FINE for edge in line], fill=_RUG_EDGE, width=2 * _FINE)
        return
    for clip in range(16):
        team, place = divmod(clip, 4)
        left = 226 + 22 * place + (108 if _across(clip, clips) else 0)
        top = 20 + 25 * team
        edges = (left, top, left + 12, top + 17)
        pen.rounded_rectangle([edge * _FINE for edge in edges], 3 * _FINE, fill=_CLIP)


def _across(clip: int, clips: int) -> bool:
    """Clips move in pairs, as partners finish; 4 to 7 belong to the team that is heard."""
    order = [12, 13, 0, 1, 4, 5, 8, 9, 2, 3, 14, 15, 6, 7, 10, 11]
    return order.index(clip) < clips


def _halo(pen: ImageDraw.ImageDraw, at: Point, beat: int) -> None:
    _ellipse(pen, at, (29, 29), _HALO)
    for ring in range(beat + 1):
        radius = 30 + 4 * ring
        box = (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius)
        pen.ellipse([edge * _FINE for edge in box], outline=_RING, width=_FINE)


def _figure(pen: ImageDraw.ImageDraw, seat: Seat, gaze: Point) -> None:
    """Shoulders across the line of sight, hair, and a face towards what is looked at."""
    grown = 1.45 if seat.who == "teacher" else 1.2
    x, y = seat.at
    angle = math.atan2(gaze[1] - y, gaze[0] - x)
    along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    shoulders = []
    for step in range(32):
        turn = 2 * math.pi * step / 32
        deep, wide = 8 * grown * math.cos(turn), 18 * grown * math.sin(turn)
        shoulders.append(
            (
                (x + deep * along[0] + wide * across[0]) * _FINE,
                (y + deep * along[1] + wide * across[1]) * _FINE,
            )
        )
    pen.polygon(shoulders, fill=_SHIRTS[seat.look % len(_SHIRTS)])
    _ellipse(pen, seat.at, (10 * grown, 10 * grown), _HAIR[seat.look % len(_HAIR)])
    face = (x + 4 * grown * along[0], y + 4 * grown * along[1])
    _ellipse(pen, face, (7 * grown, 7 * grown), _SKIN[seat.look % len(_SKIN)])
