"""What those need who draw items by hand: places and colours."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

Place = QModelIndex | QPersistentModelIndex


def chosen(option: QStyleOptionViewItem) -> bool:
    """Whether the item is selected."""
    return bool(option.state & QStyle.StateFlag.State_Selected)


def ink(option: QStyleOptionViewItem, role: QPalette.ColorRole) -> QColor:
    """A colour of the palette; on a selected item the one that can be read there."""
    return option.palette.color(QPalette.ColorRole.HighlightedText if chosen(option) else role)
