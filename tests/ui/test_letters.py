"""What was made for one language's letters has room for another's, which may be higher."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QStringListModel
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.evenrows import EvenRows
from workbench.ui.forms.wrapped import Wrapped
from workbench.ui.panels.plot.panel import PlotPanel
from workbench.ui.screenshot import draw

from .frame import Person, sitting


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


def spoken(person: Person, language: str) -> bool:
    return person.window.host.speech.language == language


def drawn_in(plot: PlotPanel) -> list[QFont]:
    """The fonts of a plot's widgets, and those that its canvases paint with."""
    widgets = [each.font() for each in plot.strip.findChildren(QWidget)]
    canvases = plot.canvases.widgets
    axes = [axis.style["tickFont"] for each in canvases for axis in each.plot.axes.values()]
    return [*widgets, *axes, *(each.legend.font for each in canvases)]


def test_plots_take_the_letters_of_another_language(qtbot: QtBot, runs: list[Path]) -> None:
    with sitting(qtbot, lang="zh_CN") as person:
        draw(person.window, run=runs[0].name)
        for language in ("en", "zh_CN", "en"):
            person.window.speak(language)
            person.wait(partial(spoken, person, language))
            person.settled()
            families = QApplication.font().families()
            fonts = [font for plot in person.window.findChildren(PlotPanel) for font in drawn_in(plot)]
            assert {tuple(font.families()) for font in fonts} == {tuple(families)}
