"""Small icons, drawn in the text's colour so that they fit every theme and need no file."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

SIZE = 16
LINES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "open": (((4, 6), (8, 10), (12, 6)),),
    "closed": (((6, 4), (10, 8), (6, 12)),),
    "up": (((4, 9), (8, 5), (12, 9)),),
    "down": (((4, 7), (8, 11), (12, 7)),),
    "add": (((8, 3), (8, 13)), ((3, 8), (13, 8))),
    "remove": (((4, 4), (12, 12)), ((12, 4), (4, 12))),
    "copy": (((6, 6), (13, 6), (13, 13), (6, 13), (6, 6)), ((4, 10), (3, 10), (3, 3), (10, 3), (10, 4))),
    "grip": (((4, 5), (12, 5)), ((4, 8), (12, 8)), ((4, 11), (12, 11))),
    "file": (((4, 2), (9, 2), (12, 5), (12, 14), (4, 14), (4, 2)), ((9, 2), (9, 5), (12, 5))),
    "folder": (((2, 12.5), (2, 4), (6, 4), (8, 6), (14, 6), (14, 12.5), (2, 12.5)),),
    "vary": (((2, 13), (14, 13)), ((4, 13), (4, 9)), ((8, 13), (8, 3)), ((12, 13), (12, 6))),
    "draw": (((3, 13), (4, 10), (11, 3), (13, 5), (6, 12), (3, 13)),),
    "pick": (((3, 4), (13, 4)), ((3, 8), (13, 8)), ((3, 12), (9, 12))),
}
"""Polylines on a grid of sixteen."""


@lru_cache(maxsize=256)
def icon(name: str, colour: str) -> QIcon:
    """The icon of a name in a colour (`#rrggbb`)."""
    made = QIcon(_pixmap(name, colour, 1.0))
    made.addPixmap(_pixmap(name, colour, 0.35), QIcon.Mode.Disabled)
    return made


def _pixmap(name: str, colour: str, opacity: float) -> QPixmap:
    pixmap = QPixmap(SIZE * 2, SIZE * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(opacity)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 1.4, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    _draw(painter, name, QColor(colour))
    painter.end()
    return pixmap


def _draw(painter: QPainter, name: str, colour: QColor) -> None:
    if name == "more":
        painter.setBrush(colour)
        for y in (4, 8, 12):
            painter.drawEllipse(QPointF(8, y), 0.8, 0.8)
    elif name == "reset":
        path = QPainterPath()
        path.arcMoveTo(QRectF(3, 3, 10, 10), 150)
        path.arcTo(QRectF(3, 3, 10, 10), 150, -290)
        painter.drawPath(path)
        painter.drawPolyline(QPolygonF([QPointF(3, 2.5), QPointF(3.2, 6.2), QPointF(6.8, 5.6)]))
    for line in LINES.get(name, ()):
        painter.drawPolyline(QPolygonF([QPointF(*point) for point in line]))
