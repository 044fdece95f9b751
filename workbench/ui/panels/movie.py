"""Pictures one after the other as one file: GIF by Pillow, MP4 by ffmpeg as a child. Nothing here is for the window's
thread but `Still`, which is small."""

from __future__ import annotations

import subprocess
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from PIL import Image
from PySide6.QtGui import QImage

from workbench.errors import UserError
from workbench.texts import T
from workbench.ui.panels.export import Write

FASTEST = 50
"""Frames a second of a GIF: it counts in hundredths, and viewers take one hundredth for ten."""
Tell = Callable[[int], object]
"""Is told after every frame how many are done, and may raise `Cancelled`."""


class Cancelled(Exception):  # noqa: N818 - what happened, not an error
    """The film is not wanted any more."""


@dataclass(frozen=True)
class Still:
    """A picture in a tenth of the memory: its pixels, three bytes each, packed."""

    width: int
    height: int
    packed: bytes

    @classmethod
    def of(cls, image: QImage) -> Still:
        """Packs a picture; for a lane."""
        image = image.convertToFormat(QImage.Format.Format_RGB888)
        lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        pixels = lines[:, : 3 * image.width()].tobytes()
        return cls(image.width(), image.height(), zlib.compress(pixels, 1))

    @property
    def pixels(self) -> bytes:
        """The pixels in reading order."""
        return zlib.decompress(self.packed)


def gif(stills: Sequence[Still], rate: float, tell: Tell) -> Write:
    """Writes an endless GIF. rate: frames a second; the whole lasts as long as they say, to a hundredth."""
    ends = [round(100 * (k + 1) / min(rate, FASTEST)) for k in range(len(stills))]
    durations = [10 * (end - start) for start, end in zip([0, *ends], ends, strict=False)]

    def write(file: BinaryIO) -> None:
        pictures = _indexed(stills, tell)
        first = next(pictures)
        first.save(file, "GIF", save_all=True, append_images=pictures, duration=durations, loop=0, optimize=False)

    return write


def mp4(stills: Sequence[Still], rate: float, tell: Tell, program: str) -> Write:
    """Writes an MP4 with ffmpeg. Raises UserError with what it says when it fails."""
    size = f"{stills[0].width}x{stills[0].height}"
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-r", str(rate), "-i", "-"]
    even = ["-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p"]

    def write(file: BinaryIO) -> None:
        command = [program, "-y", "-loglevel", "error", *source, "-an", *even, "-f", "mp4", "-movflags", "+faststart"]
        with tempfile.TemporaryFile() as said:
            child = subprocess.Popen([*command, file.name], stdin=subprocess.PIPE, stderr=said, stdout=said)
            try:
                _feed(child, stills, tell)
            except BaseException:
                child.kill()
                raise
            finally:
                child.wait()
            said.seek(0)
            if child.returncode:
                lines = said.read().decode("utf-8", "replace").strip().splitlines() or ["?"]
                raise UserError(T("ffmpeg cannot write the film: {why}.", why=lines[-1]), remedy=T("Export a GIF."))

    return write


def _feed(child: subprocess.Popen[bytes], stills: Sequence[Still], tell: Tell) -> None:
    pipe = child.stdin
    if pipe is None:
        return
    try:
        for k, still in enumerate(stills):
            pipe.write(still.pixels)
            tell(k + 1)
        pipe.close()
    except BrokenPipeError:
        pass  # it has ended: what it said is told


def _indexed(stills: Sequence[Still], tell: Tell) -> Iterator[Image.Image]:
    """Every picture with 256 colours of its own: no dots where it has more, and no colour changed where not."""
    for k, still in enumerate(stills):
        image = Image.frombytes("RGB", (still.width, still.height), still.pixels)
        yield image.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        tell(k + 1)
