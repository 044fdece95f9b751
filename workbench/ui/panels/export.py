"""What a panel shows, as a file's content: made in memory, so that the window can write it in another thread."""

from __future__ import annotations

import csv
import io
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from workbench.errors import UserError
from workbench.texts import T


def rendered(widget: QWidget, rows: list[list[Any]], suffix: str) -> bytes:
    """ ".png" and ".svg": a picture of the widget; ".csv": the rows. Raises UserError for another suffix."""
    if suffix == ".csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        return text.getvalue().encode()
    if suffix not in (".png", ".svg"):
        raise UserError(T("A panel is exported as PNG, SVG or CSV, not as {suffix}.", suffix=suffix or "?"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if suffix == ".png":
        widget.grab().save(buffer, "PNG")
    else:
        _svg(widget, buffer)
    return bytes(buffer.data().data())


def _svg(widget: QWidget, buffer: QBuffer) -> None:
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(widget.size())
    generator.setViewBox(widget.rect())
    widget.render(generator)
