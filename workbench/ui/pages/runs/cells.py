"""Draws the cells of the list of runs: one call into Python a cell, where Qt's own delegate makes seven."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.ui.ink import Place
from workbench.ui.pages.runs.model import LEFT, RIGHT, Cell, RunsModel
from workbench.ui.themes import Theme

_PAD, _INSIDE, _GAP = 4, 6, 4
"""Pixels: beside a text, inside a chip, between two chips."""
_SELECTED, _FOCUSED = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_HasFocus.value
"""Plain numbers: Python's flags are slow, and this is asked of every cell."""


class Cells(QStyledItemDelegate):
    """Texts, stars, and tags as chips."""

    def __init__(self, model: RunsModel, theme: Theme) -> None:
        super().__init__()
        self._model, self._theme = model, theme
        self._colours: dict[str, QColor] = {}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Place) -> None:
        """One cell; the grounds of the rows are drawn already, but for the selection."""
        cell, state = self._model.cell(index.row(), index.column()), option.state.value
        colours, room, selected = self._theme.colours, option.rect, state & _SELECTED
        if selected:
            painter.fillRect(room, self._colour(colours.accent_ground))
        if cell.tags:
            self._draw_tags(painter, cell.tags, room, option.fontMetrics)
        elif cell.text:
            painter.setPen(self._colour(colours.on_accent if selected else cell.colour or colours.text))
            self._write(painter, cell, room, option)
        if state & _FOCUSED:
            painter.setPen(QPen(self._colour(colours.text), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(room.adjusted(0, 0, -1, -1))

    def sizeHint(self, option: QStyleOptionViewItem, index: Place) -> QSize:  # noqa: N802 - Qt's name
        """Room for the whole text, or all tags."""
        cell, metrics = self._model.cell(index.row(), index.column()), option.fontMetrics
        if cell.tags:
            wide = sum(metrics.horizontalAdvance(tag) + 2 * _INSIDE + _GAP for tag in cell.tags) + _GAP
        else:
            wide = metrics.horizontalAdvance(cell.text) + 2 * _PAD
        return QSize(wide, metrics.height() + 8)

    def _write(self, painter: QPainter, cell: Cell, room: QRect, option: QStyleOptionViewItem) -> None:
        metrics, wide = option.fontMetrics, room.width() - 2 * _PAD
        if cell.bold:
            self._write_heading(painter, cell, room, option.font)
            return
        if cell.laid is None or cell.laid[2] != wide:
            cell.laid = _laid(cell, metrics, wide)
        text, left, _ = cell.laid
        line = room.top() + (room.height() + metrics.ascent() - metrics.descent()) // 2
        painter.drawText(room.left() + _PAD + left, line, text)

    def _write_heading(self, painter: QPainter, cell: Cell, room: QRect, plain: QFont) -> None:
        font = QFont(plain)
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(room.adjusted(_PAD, 0, -_PAD, 0), cell.align, cell.text)
        painter.setFont(plain)

    def _draw_tags(self, painter: QPainter, tags: Sequence[str], room: QRect, metrics: QFontMetrics) -> None:
        colours = self._theme.colours
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(room)
        left = room.left() + _GAP
        for tag in tags:
            width = metrics.horizontalAdvance(tag) + 2 * _INSIDE
            chip = QRectF(left, room.top() + 3, width, room.height() - 6)
            painter.setPen(self._colour(colours.line))
            painter.setBrush(self._colour(colours.raised))
            painter.drawRoundedRect(chip, 6, 6)
            painter.setPen(self._colour(colours.text))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, tag)
            left += width + _GAP
        painter.restore()

    def _colour(self, name: str) -> QColor:
        if name not in self._colours:
            self._colours[name] = QColor(name)
        return self._colours[name]


def _laid(cell: Cell, metrics: QFontMetrics, wide: int) -> tuple[str, int, int]:
    """The text as far as there is room, and where it begins."""
    text = metrics.elidedText(cell.text, Qt.TextElideMode.ElideRight, wide)
    if cell.align is LEFT:
        return text, 0, wide
    spare = wide - metrics.horizontalAdvance(text)
    return text, spare if cell.align is RIGHT else spare // 2, wide
