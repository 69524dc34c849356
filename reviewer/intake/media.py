"""Recordings: what a file is before it is heard, and its sound as a stream of small arrays.

Invariant: sample ``n`` of what `decode` yields sounds ``n / SAMPLE_RATE`` seconds after the moment
at which a player shows 0:00, whatever the container does with delays and gaps. Nothing here holds
more than one chunk of sound. How a file that was cut off is told stands in `truncation`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reviewer.errors import DamagedFile, EmptyFile, NoAudioTrack, TooLarge, TooLong, WrongType
from reviewer.intake.artifact import ArtifactKind
from reviewer.intake.limits import Limits
from reviewer.intake.truncation import declares_seconds, is_cut

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet

SAMPLE_RATE = 16_000  # samples per second of everything that is decoded
SLACK_S = 1.0  # seconds that may be missing: muxers round, and last packets may be padding
SLACK_SHARE = 0.005  # the same for long recordings, as a share
GAP_S = 0.1  # a smaller jump of the clock is rounding, not a gap
BATCH = 100_000  # samples, about two seconds, resampled at once
PROOF_PACKETS = 8  # decoded by `probe` to show that the sound can be decoded at all

DEMUXERS = frozenset({"mov", "matroska", "webm", "avi", "asf", "mp3", "wav", "flac", "ogg"})
READABLE = "mp4, mov, mkv, webm, avi, wmv, m4a, mp3, wav, flac, ogg and wma"
SIGNATURES = (  # offset and first bytes of the containers above: damaged rather than another kind
    (0, b"\x1aE\xdf\xa3"),
    (4, b"ftyp"),
    (4, b"moov"),
    (0, b"RIFF"),
    (0, b"0&\xb2u\x8ef\xcf\x11"),
    (0, b"ID3"),
    (0, b"fLaC"),
    (0, b"OggS"),
)

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """VIDEO where a moving picture track exists (cover art is none); seconds of the recording."""

    kind: ArtifactKind
    duration_s: float


@dataclass(frozen=True, slots=True)
class _Packets:
    """What one walk over a file's packets found: seconds reached, from the start of the file."""

    reached_s: float
    sound_s: float
    moving_picture: bool


def probe(path: Path, limits: Limits) -> MediaInfo:
    """Read all packets of a recording and decode its beginning; seconds, not minutes, of work.

    Raises `EmptyFile`, `TooLarge`, `WrongType`, `DamagedFile`, `NoAudioTrack` or `TooLong`.
    """
    _check_size(path, limits)
    with _opened(path) as container:
        found = _walk(path, container, _sound_track(path, container))
        _check_end(path, container, found)
    if found.reached_s > limits.max_seconds:
        raise TooLong(
            f"{path.name} runs for {clock(found.reached_s)}, and at most "
            f"{clock(limits.max_seconds)} are allowed; cut it, or raise REVIEWER_MAX_MINUTES."
        )
    kind = ArtifactKind.VIDEO if found.moving_picture else ArtifactKind.AUDIO
    return MediaInfo(kind, round(found.reached_s, 3))


def decode(path: Path, chunk_s: float = 30.0) -> Iterator[Sound]:
    """The sound as float32 arrays in [-1, 1], one channel, `SAMPLE_RATE`, `chunk_s` seconds each.

    The last array is shorter; a silent gap stands where the container says that nothing was
    recorded. Raises `DamagedFile` where more than a moment cannot be decoded, `NoAudioTrack`.
    """
    size = max(1, round(chunk_s * SAMPLE_RATE))
    waiting: list[Sound] = []
    held = 0
    for piece in _pieces(path):
        start = 0
        while held + len(piece) - start >= size:
            end = start + size - held
            yield np.concatenate([*waiting, piece[start:end]])
            waiting, held, start = [], 0, end
        if start < len(piece):
            waiting.append(piece[start:])
            held += len(piece) - start
    if held:
        yield np.concatenate(waiting)


def clock(seconds: float) -> str:
    """Seconds as a person reads them: ``1:02:03`` or ``2:03``."""
    whole = int(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def _check_size(path: Path, limits: Limits) -> None:
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile(f"{path.name} is empty (zero bytes); copy or export it again.")
    if size > limits.max_file_bytes:
        raise TooLarge(
            f"{path.name} has {size / 1e6:.0f} MB, and at most {limits.max_file_bytes / 1e6:.0f} "
            "MB are allowed; export it smaller, or raise REVIEWER_MAX_FILE_MB."
        )


@contextmanager
def _opened(path: Path) -> "Iterator[InputContainer]":
    """The container, opened; raises `WrongType` for what is no recording, else `DamagedFile`."""
    import av

    with path.open("rb") as file:
        head = file.read(16)
    known = any(head.startswith(mark, offset) for offset, mark in SIGNATURES)
    wrong = WrongType(
        f"{path.name} is no recording that can be heard; the kinds that can be are {READABLE}."
    )
    try:
        container = av.open(str(path), metadata_errors="ignore")
    except av.FFmpegError as error:
        if known:
            raise _damaged(path, "its index or header is missing or broken") from error
        raise wrong from error
    with container:
        if not DEMUXERS & set(container.format.name.split(",")):
            raise wrong
        yield container


def _damaged(path: Path, why: str) -> DamagedFile:
    return DamagedFile(f"{path.name} is damaged: {why}; copy or export it again.")


def _sound_track(path: Path, container: "InputContainer") -> "AudioStream":
    import av

    stream = container.streams.best("audio")
    if not isinstance(stream, av.AudioStream):
        if is_cut(path):
            raise _damaged(path, "it is cut off, and the list of its tracks is not whole")
        raise NoAudioTrack(
            f"{path.name} has no sound track, so nothing can be heard in it; export it with sound."
        )
    return stream


def _origin_s(container: "InputContainer") -> float:
    """The container's own time at which a player shows 0:00."""
    return max(0.0, (container.start_time or 0) / 1e6)


def _walk(path: Path, container: "InputContainer", sound: "AudioStream") -> _Packets:
    import av

    reached: dict[int, float] = {}
    packets: dict[int, int] = {}
    proven = 0
    try:
        for packet in container.demux():
            if packet.pts is None or packet.time_base is None:
                continue
            index = packet.stream.index
            packets[index] = packets.get(index, 0) + 1
            end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
            reached[index] = max(reached.get(index, 0.0), end)
            if index == sound.index and packets[index] <= PROOF_PACKETS:
                proven += _decodes(packet)
    except av.FFmpegError as error:
        raise _damaged(path, "it cannot be read to its end") from error
    if not proven:
        raise _damaged(path, "its sound cannot be decoded, or there is none in its sound track")
    origin = _origin_s(container)
    moving = any(
        packets.get(stream.index, 0) > 1
        for stream in container.streams.video
        if not stream.disposition & av.stream.Disposition.attached_pic
    )
    return _Packets(max(reached.values()) - origin, reached[sound.index] - origin, moving)


def _decodes(packet: "Packet[Any]") -> bool:
    import av

    try:
        return bool(packet.decode())
    except av.FFmpegError:
        return False


def _check_end(path: Path, container: "InputContainer", found: _Packets) -> None:
    missing = 0.0
    if container.duration and declares_seconds(path, container.format.name):
        missing = container.duration / 1e6 - found.reached_s
    if missing > _slack_s(found.reached_s) or is_cut(path):
        raise DamagedFile(
            f"{path.name} is cut off: it breaks off after {clock(found.reached_s)}, before its "
            "end; copy or export it again."
        )


def _slack_s(duration_s: float) -> float:
    return max(SLACK_S, SLACK_SHARE * duration_s)


def _pieces(path: Path) -> Iterator[Sound]:
    """Decoded frames, one channel at `SAMPLE_RATE`, with silence where the clock jumps ahead."""
    for _, run in groupby(_frames(path), key=lambda timed: _sample_format(timed[1])):
        yield from _one_format(run)


def _sample_format(frame: "AudioFrame") -> tuple[str, str, int]:
    """What may change within a track, as AAC does when its second layer is found."""
    return frame.format.name, frame.layout.name, frame.sample_rate


def _one_format(frames: "Iterable[tuple[float, AudioFrame]]") -> Iterator[Sound]:
    import av

    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    batch = av.AudioFifo()  # resampling many frames at once halves the cost of decoding
    for gap_s, frame in frames:
        if batch.samples >= BATCH or (gap_s and batch.samples):
            yield from _resampled(resampler, batch.read())
        yield from _silence(gap_s)
        batch.write(frame)
    yield from _resampled(resampler, batch.read())
    yield from _resampled(resampler, None)


def _resampled(resampler: "AudioResampler", frame: "AudioFrame | None") -> Iterator[Sound]:
    """One batch, or with null what the resampler still holds."""
    for resampled in resampler.resample(frame):
        yield np.asarray(resampled.to_ndarray(), np.float32).reshape(-1)


def _silence(seconds: float) -> Iterator[Sound]:
    """Zeros, in pieces of at most a minute."""
    missing = round(seconds * SAMPLE_RATE)
    for start in range(0, missing, 60 * SAMPLE_RATE):
        yield np.zeros(min(60 * SAMPLE_RATE, missing - start), np.float32)


def _frames(path: Path) -> "Iterator[tuple[float, AudioFrame]]":
    """Each frame with the seconds of silence before it; what cannot be decoded is left out."""
    import av

    lost_s = heard_s = 0.0
    with _opened(path) as container:
        stream = _sound_track(path, container)
        origin = _origin_s(container)
        length = container.duration / 1e6 if container.duration else inf
        try:
            for packet in container.demux(stream):
                try:
                    frames = packet.decode()
                except av.InvalidDataError:
                    lost_s += float((packet.duration or 0) * (packet.time_base or 0))
                    continue
                for frame in frames:
                    ahead_s = (frame.time or 0.0) - origin - heard_s
                    gap_s = ahead_s if GAP_S < ahead_s <= length - heard_s else 0.0
                    frame.pts = None  # else the resampler keeps a clock of its own
                    heard_s += gap_s + frame.samples / frame.sample_rate
                    yield gap_s, frame
        except av.FFmpegError as error:
            raise _damaged(path, f"it cannot be decoded beyond {clock(heard_s)}") from error
    if lost_s > _slack_s(heard_s):
        raise _damaged(path, f"{lost_s:.0f} s of its sound cannot be decoded")
