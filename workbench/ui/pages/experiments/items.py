"""The list of experiments: each its statement in full, its outcome and its tools below."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import QListWidget, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.ui.ink import Place, chosen, ink
from workbench.ui.named import named

Role = QPalette.ColorRole
_ROLE = Qt.ItemDataRole.UserRole
_EDGE, _GAP, _MARK = 12, 6, 8
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


@dataclass(frozen=True)
class Shown:
    """What an item says. mark: the colour of its outcome."""

    statement: str
    below: str
    mark: str


class Items(QListWidget):
    """Items are as high as their statements need."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "experiments")
        self.setItemDelegate(Lines(self))
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setUniformItemSizes(False)

    def say(self, row: int, shown: Shown) -> None:
        """Shows other words in a row; screen readers are told the same."""
        item = self.item(row)
        if item.data(_ROLE) != shown:
            item.setData(_ROLE, shown)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{shown.statement} {shown.below}")
            self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """A scroll bar that comes while items are laid out makes them higher: Qt would leave them where they are."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def shown(self, row: int) -> Shown:
        """What a row says."""
        found: Shown = self.item(row).data(_ROLE)
        return found


class Lines(QStyledItemDelegate):
    """Draws an item."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Place) -> QSize:  # noqa: N802 - Qt's name
        """As wide as the list."""
        shown, width = index.data(_ROLE), self._list.viewport().width()
        if shown is None:
            return super().sizeHint(option, index)
        room = QRect(0, 0, width - 2 * _EDGE, 10_000)
        high = option.fontMetrics.boundingRect(room, _WRAP.value, shown.statement).height()
        return QSize(width, high + option.fontMetrics.height() + 2 * _EDGE + _GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Place) -> None:
        """The statement, then a mark and what is below."""
        shown = index.data(_ROLE)
        if shown is None:
            return
        self._list.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, self._list)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(option.font)
        room = option.rect.adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        painter.setPen(ink(option, Role.Text))
        painter.drawText(room, _WRAP.value, shown.statement)
        room.setTop(room.bottom() - option.fontMetrics.height() + 1)
        self._draw_below(painter, option, room, shown)
        painter.restore()

    def _draw_below(self, painter: QPainter, option: QStyleOptionViewItem, line: QRect, shown: Shown) -> None:
        words = line.adjusted(_MARK + _GAP, 0, 0, 0)
        below = option.fontMetrics.elidedText(shown.below, Qt.TextElideMode.ElideRight, words.width())
        painter.setPen(ink(option, Role.PlaceholderText))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter.value, below)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(option, Role.Text) if chosen(option) else QColor(shown.mark))
        painter.drawEllipse(line.left(), line.center().y() - _MARK // 2 + 1, _MARK, _MARK)

    @property
    def _list(self) -> Items:
        parent = self.parent()
        assert isinstance(parent, Items)
        return parent
