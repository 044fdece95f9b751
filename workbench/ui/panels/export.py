"""What a panel shows, as files: drawn in the window's thread, encoded and written in another."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QWidget

from workbench.errors import UserError
from workbench.texts import T

Write = Callable[[BinaryIO], object]
FORMS = ("png", "svg", "csv")
"""What a panel can be written as at one step."""


def photographed(widget: QWidget) -> QImage:
    """A widget as it looks."""
    _let_go(widget)
    return widget.grab().toImage()


def png(image: QImage) -> Write:
    """Writes a picture; any thread may do it."""
    return lambda file: file.write(_encoded(image))


def svg(widget: QWidget) -> Write:
    """Writes a widget as lines and letters: it is drawn now."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(widget.size())
    generator.setViewBox(widget.rect())
    _let_go(widget)
    with _anew(widget):
        widget.render(generator)
    found = bytes(buffer.data().data())
    return lambda file: file.write(found)


def _let_go(widget: QWidget) -> None:
    """Of what is kept from being painted until a turn of its own: Qt leaves that out of a picture."""
    above = [widget]
    while (parent := above[-1].parentWidget()) is not None:
        above.append(parent)
    for part in [*reversed(above), *widget.findChildren(QWidget)]:
        part.setUpdatesEnabled(True)


@contextmanager
def _anew(widget: QWidget) -> Iterator[None]:
    """Nothing inside is drawn from a picture that is kept of it."""
    scenes = [view.scene() for view in widget.findChildren(QGraphicsView)]
    kept = [(item, item.cacheMode()) for scene in scenes for item in scene.items()]
    for item, _ in kept:
        item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
    try:
        yield
    finally:
        for item, mode in kept:
            item.setCacheMode(mode)


def table(gather: Callable[[], Iterable[Sequence[Any]]]) -> Write:
    """Writes rows with commas between the cells; they are gathered when it is written. It begins with a byte order
    mark, by which spreadsheets know UTF-8."""

    def write(file: BinaryIO) -> None:
        text = io.TextIOWrapper(file, "utf-8-sig", newline="")
        csv.writer(text).writerows(gather())
        text.detach()

    return write


def stacked(tables: Iterable[tuple[Sequence[Any], Iterable[Sequence[Any]]]]) -> Iterator[Sequence[Any]]:
    """Tables, each a head and rows, under each other: rows are those of the last head above them."""
    last: Sequence[Any] | None = None
    for head, rows in tables:
        if head != last:
            yield head
        last = head
        yield from rows


def save(path: Path, write: Write) -> None:
    """Writes a file whole or not at all. Raises UserError where it cannot be written."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with new.open("wb") as file:
            write(file)
        new.replace(path)
    except OSError as error:
        text = T("{file} cannot be written: {why}.", file=path, why=error.strerror or error)
        raise UserError(text, remedy=T("Choose another folder.")) from error
    finally:
        new.unlink(missing_ok=True)


def _encoded(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())
