"""How a form looks and answers: languages, themes, size, the keyboard, and how quickly it is checked."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from workbench.discovery import discover
from workbench.params import P, Params
from workbench.settings import Places, Settings
from workbench.texts import HOST, translate
from workbench.ui.forms import Form
from workbench.ui.forms.editors.number import NumberLine
from workbench.ui.forms.hub import CHEAP
from workbench.ui.forms.theme import DARK, LIGHT
from workbench.ui.forms.wrapped import Wrapped

from .forms_sample import Sample, leaf, make, node, say, widget, write

# --------------------------------------------------------------------------- looks


def said_in(form: Form) -> set[str]:
    """The colours of what is wrong, and of the texts beside the fields."""
    labels = [*form.findChildren(QLabel, "problem"), *form.findChildren(QLabel, "unit"), form.help]
    return {each.palette().windowText().color().name() for each in labels}


def test_languages_and_themes_switch_while_it_is_open(qtbot: QtBot) -> None:
    language = ["en"]
    form = Form(Sample, "tests", lambda text, domain=HOST: translate(text, language[0], domain))
    qtbot.addWidget(form)
    form.complete()
    form.put("rate", "abc")
    row = leaf(form, "rate").row
    assert row.problem.text() == "abc is not a number."
    language[0] = "zh_CN"
    form.retranslate()
    form.complete()
    assert (row.problem.text(), leaf(form, "seed").row.title.text()) == ("abc 不是数。", "随机种子")
    assert said_in(form) == {LIGHT.wrong, LIGHT.muted}
    form.apply_theme(True)
    qtbot.waitUntil(lambda: said_in(form) == {DARK.wrong, DARK.muted}, timeout=2000)
    qtbot.waitUntil(lambda: row.editor.stops()[0].palette().base().color().name() == DARK.wrong_ground, timeout=2000)


def test_a_part_that_is_made_later_wears_the_theme(qtbot: QtBot) -> None:
    form = Form(Sample, "tests", say)
    qtbot.addWidget(form)
    form.apply_theme(True)
    form.complete()
    assert len(form.body.made()) > 10
    assert said_in(form) == {DARK.wrong, DARK.muted}


def test_a_say_of_one_argument_will_do(qtbot: QtBot) -> None:
    form = Form(Sample, "tests", lambda text: str(text).upper())
    qtbot.addWidget(form)
    form.complete()
    assert leaf(form, "rate").row.title.text() == "LEARNING RATE"


@pytest.mark.parametrize("width", [260, 300, 420, 700])
def test_no_title_is_cut_and_nothing_sticks_out(qtbot: QtBot, width: int) -> None:
    form = make(qtbot, width=width, height=1400)
    form.show_advanced(True)
    form.put("rate", "a wrong value that takes a long sentence to explain")
    form.hub.switch("spare", True)
    assert_nothing_is_cut(qtbot, form)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_of_the_gans_form_is_cut(qtbot: QtBot, language: str) -> None:
    tool = discover(Places.of(), Settings()).tools["gan"].tool
    form = Form(tool.params, "workbench_gan", lambda text, domain=HOST: translate(text, language, domain))
    qtbot.addWidget(form)
    form.resize(290, 900)
    form.show()
    form.show_advanced(True)
    form.put("head.weights", [1])
    assert_nothing_is_cut(qtbot, form)


def assert_nothing_is_cut(qtbot: QtBot, form: Form) -> None:
    form.complete()
    qtbot.waitUntil(lambda: form.body.width() <= form.area.viewport().width())
    qtbot.wait(100)
    for label in filter(QLabel.text, form.body.findChildren(QLabel)):
        if not label.isVisible() or label.objectName() == "summary":
            continue
        lines = label.fontMetrics().height()
        if isinstance(label, Wrapped):
            room = label.rect().adjusted(max(label.indent(), 0), 0, 0, 10_000)
            lines = label.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap.value, label.text()).height()
            assert label.height() <= lines + 8, label.text()
        assert label.height() >= lines, label.text()
        words = [word for word in label.text().split() if word.isascii()]
        widest = max(map(label.fontMetrics().horizontalAdvance, words), default=0)
        assert label.width() >= widest, label.text()


def test_the_tab_key_goes_from_top_to_bottom_through_everything(qtbot: QtBot) -> None:
    form = make(qtbot, height=2000)
    qtbot.wait(20)
    form.toolbar.search.setFocus()
    seen: list[QWidget] = []
    for _ in range(200):
        now = QApplication.focusWidget()
        assert now is not None
        QTest.keyClick(now, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        assert now is not None
        if now in seen or now is form.toolbar.search:
            break
        seen.append(now)
    places = [each.mapTo(form, each.rect().topLeft()).y() for each in seen if form.body.isAncestorOf(each)]
    rows = [round(y / 40) for y in places]
    assert all(after >= before - 1 for before, after in pairwise(rows))
    for path in ("seed", "optimizer.rate", "chain.1.rate", "words"):
        assert set(node(form, path).stops()) & set(seen), path


def test_focus_unfolds_and_scrolls(qtbot: QtBot) -> None:
    form = make(qtbot, height=300)
    form.toolbar.asked.emit("fold")
    form.focus("head.tuned")
    line = widget(form, "head.tuned", NumberLine)
    assert line.hasFocus()
    assert form.area.viewport().rect().contains(line.mapTo(form.area.viewport(), line.rect().center()))


def test_checking_the_gans_form_is_cheap(qtbot: QtBot) -> None:
    tool = discover(Places.of(), Settings()).tools["gan"].tool
    form = make(qtbot, tool.params)
    spent = []
    for number in range(20):
        begin = time.thread_time()
        form.hub.state.put("optimizer.base.lr", 1e-3 + number * 1e-5)
        form.hub.state.check()
        spent.append(time.thread_time() - begin)
    assert sorted(spent)[10] < 0.002


class Slow(Params):
    """A model whose checking takes its time."""

    number: int = P(1, "Number")

    def model_post_init(self, context: object) -> None:  # noqa: ARG002 - pydantic's signature
        end = time.thread_time() + 0.01
        while time.thread_time() < end:
            pass


def test_a_slow_model_is_checked_when_typing_pauses(qtbot: QtBot) -> None:
    form = make(qtbot, Slow)
    form.hub.cheap = CHEAP
    heard: list[str] = []
    form.changed.connect(heard.append)
    write(form, "number", "1234")
    assert heard == []
    qtbot.waitUntil(lambda: heard == ["number"])
    write(form, "number", "x")
    assert [path for path, _ in form.problems()] == ["number"]


def test_a_draft_of_an_older_version_loses_only_what_is_no_field_any_more(qtbot: QtBot) -> None:
    form = Form(Sample, "tests", say)
    qtbot.addWidget(form)
    form.restore_draft({"values": {"gone": [1], "steps": "abc", "head": {"stages": 3, "gone": {"a": 1}}}})
    assert form.values() == {"steps": "abc", "head": {"stages": 3}}
    assert [path for path, _ in form.problems()] == ["steps"]
