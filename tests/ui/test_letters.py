"""What was made for one language's letters has room for another's, which may be higher."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QTableView, QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.evenrows import EvenRows
from workbench.ui.forms.wrapped import Wrapped


def larger(widget: QWidget) -> None:
    font = QFont(widget.font())
    font.setPointSizeF(2 * font.pointSizeF())
    widget.setFont(font)


def test_rows_of_a_table(qtbot: QtBot) -> None:
    view = QTableView()
    qtbot.addWidget(view)
    view.setVerticalHeader(EvenRows(6))
    view.setModel(QStringListModel([str(k) for k in range(1000)]))
    before = view.rowHeight(7)
    larger(view)
    assert view.rowHeight(7) == view.rowHeight(999) == view.fontMetrics().height() + 6 > before


def test_a_title_whose_words_stay(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    title = Wrapped(window)
    title.setText("GAN")
    larger(window)
    assert title.height() >= title.fontMetrics().height()
