"""A form's fields fit the room that they have, however it came to be that narrow."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.forms import Form
from workbench.ui.forms.leaf import Leaf

from .forms_sample import Sample, leaf, make, say, write


def right_edges(form: Form) -> list[int]:
    viewport = form.area.viewport()
    shown = [each for each in form.body.every() if isinstance(each, Leaf) and each.isVisible()]
    return [each.mapTo(viewport, each.rect().topRight()).x() for each in shown]


def test_a_form_that_was_made_narrower_while_hidden_fits_when_it_is_shown(qtbot: QtBot) -> None:
    pages, form = QStackedWidget(), Form(Sample, "tests", say)
    qtbot.addWidget(pages)
    pages.addWidget(QWidget())
    pages.addWidget(form)
    pages.resize(700, 900)
    pages.show()
    pages.setCurrentIndex(1)
    form.complete()
    pages.setCurrentIndex(0)
    pages.resize(300, 400)
    pages.setCurrentIndex(1)
    qtbot.wait(50)
    edges = right_edges(form)
    assert len(edges) > 5
    assert max(edges) <= form.area.viewport().width()


def test_a_scroll_bar_that_comes_takes_its_room_from_the_fields(qtbot: QtBot) -> None:
    form = Form(Sample, "tests", say)
    qtbot.addWidget(form)
    form.resize(340, 3000)
    form.show()
    form.complete()
    qtbot.wait(20)
    assert not form.area.verticalScrollBar().isVisible()
    form.resize(340, 400)
    qtbot.wait(50)
    assert form.area.verticalScrollBar().isVisible()
    assert max(right_edges(form)) <= form.area.viewport().width()


def test_a_form_that_comes_back_is_painted_in_a_turn_of_its_own(qtbot: QtBot) -> None:
    pages, form = QStackedWidget(), Form(Sample, "tests", say)
    qtbot.addWidget(pages)
    painted: list[bool] = []
    form.help.paintEvent = lambda _: painted.append(True)  # type: ignore[method-assign]
    for page in (form, QWidget()):
        pages.addWidget(page)
    pages.show()
    form.complete()
    qtbot.waitUntil(lambda: bool(painted))
    pages.setCurrentIndex(1)
    painted.clear()
    pages.setCurrentIndex(0)
    pages.repaint()
    assert not painted
    qtbot.waitUntil(lambda: bool(painted))


def test_rows_that_a_sentence_moves_are_painted_in_the_turn_after(qtbot: QtBot) -> None:
    form = make(qtbot)
    painted: list[bool] = []
    leaf(form, "decay").paintEvent = lambda _: painted.append(True)  # type: ignore[method-assign]
    qtbot.wait(50)
    painted.clear()
    write(form, "rate", "0")
    for _ in range(4):  # a layout tells only the one above it
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    form.repaint()
    assert not painted
    assert leaf(form, "rate").faults
    qtbot.waitUntil(lambda: bool(painted))
    assert form.area.updatesEnabled()
