"""Arrays to what a painter draws. The only place that touches Qt's memory and pyqtgraph's functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph.functions as pg
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

DASH = (5.0, 4.0)
_memory: Any = shiboken6.VoidPtr
"""Its stubs do not know that it takes a pointer and a size."""


def path(x: NDArray[Any], y: NDArray[Any], connect: str = "finite") -> QPainterPath:
    """A polyline, broken where a value is not finite; connect "pairs": separate segments."""
    if not len(x):
        return QPainterPath()
    limit = 1e6  # far outside: keeps the rasterizer's numbers small, whatever a job reports
    if connect == "finite" and np.isfinite(x).all() and np.isfinite(y).all():
        whole = QPainterPath()
        whole.addPolygon(polygon(np.clip(x, -limit, limit), np.clip(y, -limit, limit)))
        return whole
    found: QPainterPath = pg.arrayToQPath(np.clip(x, -limit, limit), np.clip(y, -limit, limit), connect=connect)
    return found


def polygon(x: NDArray[Any], y: NDArray[Any]) -> QPolygonF:
    """Points, all finite."""
    result = QPolygonF()
    result.resize(len(x))
    if len(x):
        memory: Any = _memory(result.data(), 16 * len(x), True)
        rows = np.frombuffer(memory, np.float64).reshape(-1, 2)
        rows[:, 0], rows[:, 1] = x, y
    return result


def draw_rectangles(painter: QPainter, rows: NDArray[np.float64]) -> None:
    """(N, 4) rectangles: left, top, width, height. As objects of Qt's they would take several times as long."""
    rows = np.ascontiguousarray(rows)
    if len(rows):
        first: Any = shiboken6.wrapInstance(rows.ctypes.data, QRectF)
        painter.drawRects(first, len(rows))


def indexed(values: NDArray[Any], low: float, high: float, colours: list[int]) -> QImage:
    """Values as an image with a table of 256 colours; row 0 is the image's first."""
    scale = 255 / (high - low) if high > low else 0.0
    with np.errstate(invalid="ignore"):
        levels = np.clip((np.nan_to_num(values) - low) * scale, 0, 255).astype(np.uint8)
    height, width = levels.shape
    memory = levels.tobytes()
    image = QImage(memory, width, height, width, QImage.Format.Format_Indexed8).copy()  # its own memory from here on
    image.setColorTable(colours)
    return image


def pen(colour: QColor, width: float = 1.0, dash: bool = False) -> QPen:
    """A pen of so many pixels."""
    result = QPen(colour, width)
    result.setCosmetic(True)
    if dash:
        result.setDashPattern(list(DASH))
    return result
