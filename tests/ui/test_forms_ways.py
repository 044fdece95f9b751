"""The form as a whole: running, sweeps, search, presets, drafts, copying."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from workbench import fields
from workbench.jobs.sweep import varied
from workbench.params import P, Params
from workbench.texts import translate
from workbench.tool import Preset, Tool
from workbench.ui.forms import Form
from workbench.ui.forms.clipboard import Clipboard
from workbench.ui.forms.editors.number import NumberLine
from workbench.ui.forms.heading import Heading
from workbench.ui.forms.leaf import Leaf
from workbench.ui.forms.theme import DARK

from .forms_sample import Sample, click, leaf, make, node, say, widget, write
from .forms_values import models_and_values

TOOL = Tool(
    "sample", "Sample", Sample,
    presets=(Preset("slow", "Slowly", {"rate": 1e-6, "optimizer": "clip"}), Preset("short", "Short", {"steps": 5})),
)  # fmt: skip


# --------------------------------------------------------------------------- while a job runs


def test_while_a_job_runs_only_live_fields_may_be_changed(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.set_running(True)
    assert leaf(form, "rate").row.editor.isEnabled()
    assert leaf(form, "rate").row.running
    assert leaf(form, "optimizer.rate").row.editor.isEnabled()
    for path in ("steps", "optimizer", "optimizer.betas", "chain.1.rate", "centre"):
        assert not leaf(form, path).row.editor.isEnabled(), path
    write(form, "rate", "0.5")
    assert form.values() == {"rate": 0.5}
    form.set_running(False)
    assert leaf(form, "steps").row.editor.isEnabled()


def test_while_a_job_runs_a_group_gives_back_only_live_fields(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.set_values({"optimizer": {"kind": "adam", "rate": 1.0, "betas": [0, 0]}, "steps": 5})
    form.set_running(True)
    form.reset("optimizer")
    assert form.values() == {"optimizer": {"kind": "adam", "betas": [0, 0]}, "steps": 5}


# --------------------------------------------------------------------------- sweeps


def test_a_varied_field_makes_a_sweep(qtbot: QtBot) -> None:
    form = make(qtbot)
    row = leaf(form, "steps").row
    form.focus("steps")
    click(row.vary)
    assert row.values.isVisible()
    assert not row.editor.isVisible()
    assert form.vary() == {"steps": ["4000"]}
    row.values.selectAll()
    QTest.keyClicks(row.values, "10:13")
    assert form.vary() == {"steps": ["10", "11", "12"]}
    form.hub.set_vary("optimizer", "adam, clip")
    assert form.vary()["optimizer"] == ["adam", "clip"]
    QTest.keyClick(row.values, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    assert form.vary() == {"optimizer": ["adam", "clip"]}
    assert row.editor.isVisible()
    assert widget(form, "steps", NumberLine).hasFocus()


@pytest.mark.parametrize(
    ("path", "value", "begun"),
    [
        ("sizes", [10, 100], "[[10, 100]]"),
        ("sizes", [], "[[]]"),
        ("centre", [0.25, -1.0], "[[0.25, -1.0]]"),
        ("head.weights", [1.0], "[[1.0]]"),
        ("free", {"a": 1, "b": [2, 3]}, '[{"a": 1, "b": [2, 3]}]'),
        ("note", "one, two", '["one, two"]'),
        ("note", "0:5", '["0:5"]'),
        ("note", "[1, 2]", '["\\"[1, 2]\\""]'),
        ("rate", 2e-4, "0.0002"),
        ("loss", "hinge", "hinge"),
    ],
)
def test_a_sweep_begins_with_the_value_itself(qtbot: QtBot, path: str, value: Any, begun: str) -> None:
    form = make(qtbot)
    form.put(path, value)
    row = leaf(form, path).row
    form.toolbar.switch.setChecked(True)
    click(row.vary)
    assert (row.values.text(), row.problem.text()) == (begun, "")
    ((text,),) = form.vary().values()
    assert fields.validate(Sample, varied(Sample, {}, {path: text})) == form.hub.state.taken


def test_other_values_altogether_are_varied_no_more(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.set_tool(TOOL)
    for take in (partial(form.set_values, {"rate": 0.5}), partial(form.apply_preset, "short")):
        form.hub.set_vary("seed", "0:6")
        take()
        assert form.vary() == {}
    form.hub.set_vary("steps", "1, 2")
    form.set_values({})
    assert leaf(form, "steps").row.editor.isVisibleTo(form)


@pytest.mark.parametrize(
    ("text", "said"), [("1, x", "x is not a whole number."), ("0, 1", "must be at least 1."), ("", "give values")]
)
def test_wrong_values_to_vary_are_said(qtbot: QtBot, text: str, said: str) -> None:
    form = make(qtbot)
    form.hub.set_vary("steps", text)
    assert leaf(form, "steps").row.problem.text().startswith(said)
    assert [path for path, _ in form.problems()] == ["steps"]
    assert form.vary() == {}


def test_a_variation_ends_with_a_reset(qtbot: QtBot) -> None:
    form = make(qtbot)
    for path in ("seed", "head.stages", "head.tuned"):
        form.hub.set_vary(path, "1, 2")
    form.reset("head")
    assert form.vary() == {"seed": ["1", "2"]}
    form.toolbar.asked.emit("reset")
    assert (form.vary(), form.draft()["vary"]) == ({}, {})
    assert leaf(form, "seed").row.editor.isVisibleTo(form)


def test_an_advanced_field_that_is_varied_is_always_to_be_seen(qtbot: QtBot) -> None:
    form = make(qtbot)
    click(form.toolbar.switch)
    form.hub.set_vary("head.tuned", "0.25, 0.5")
    click(form.toolbar.switch)
    assert node(form, "head.tuned").isVisible()
    assert not node(form, "depth").isVisible()
    click(leaf(form, "head.tuned").row.vary)
    assert not node(form, "head.tuned").isVisible()


def test_only_what_counts_is_varied(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.put("loss", "wasserstein")
    form.hub.set_vary("slack", "0.1, x")
    form.hub.set_vary("optimizer.rate", "1e-3, 1e-4")
    assert [path for path, _ in form.problems()] == ["slack"]
    form.put("loss", "hinge")
    form.hub.choose("optimizer", "clip")
    assert (form.vary(), form.problems()) == ({}, [])
    form.put("loss", "wasserstein")
    form.hub.choose("optimizer", "adam")
    assert [path for path, _ in form.problems()] == ["slack"]
    assert form.vary() == {"optimizer.rate": ["1e-3", "1e-4"]}


def test_what_is_varied_as_a_whole_is_not_varied_inside(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.hub.set_vary("optimizer.rate", "1e-3, 1e-4")
    form.focus("optimizer")
    click(leaf(form, "optimizer").row.vary)
    assert not node(form, "optimizer.rate").isVisible()
    assert form.vary() == {"optimizer": ["adam"]}
    click(leaf(form, "optimizer").row.vary)
    assert node(form, "optimizer.rate").isVisible()
    assert form.vary() == {"optimizer.rate": ["1e-3", "1e-4"]}


def test_a_fault_of_a_whole_group_is_said_where_it_is_varied(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.put("head.stages", 2)
    form.hub.set_vary("head.weights", "[[0.5, 0.5], [1]]")
    assert leaf(form, "head.weights").row.problem.text() == "give one weight for each of the 2 scores, or none."
    form.hub.set_vary("head.weights", "[[0.25, 0.75], [0.5, 0.5]]")
    assert form.problems() == []
    form.put("head.stages", 1)
    assert [path for path, _ in form.problems()] == ["head.weights"]
    form.hub.set_vary("head.stages", "2")
    assert form.problems() == []


def test_no_values_to_vary_are_said(qtbot: QtBot) -> None:
    form = make(qtbot)
    for text in ("[]", "3:3"):
        form.hub.set_vary("steps", text)
        assert leaf(form, "steps").row.problem.text() == "give values: 1, 3, 10 or 0:5."


# --------------------------------------------------------------------------- search, advanced


def shown(form: Form) -> set[str]:
    return {each.place.path for each in form.body.every() if each.place.path and each.isVisible()}


def searching(form: Form, words: str) -> bool:
    return form.hub.needle == words.casefold()


def test_search_by_title_in_both_languages_by_help_and_path(qtbot: QtBot) -> None:
    form = make(qtbot)
    for words, found in [
        ("learning", {"rate"}),
        ("how far a STEP", {"rate"}),
        ("随机种子", {"seed"}),
        ("optimizer.betas", {"optimizer", "optimizer.betas"}),
        ("tuning", {"head", "head.tuned"}),
        ("no such thing", set()),
    ]:
        form.toolbar.search.setFocus()
        form.toolbar.search.selectAll()
        QTest.keyClicks(form.toolbar.search, words) if words.isascii() else form.toolbar.search.setText(words)
        qtbot.waitUntil(partial(searching, form, words))
        assert shown(form) == found, words


def test_a_search_that_finds_nothing_says_so(qtbot: QtBot) -> None:
    form = make(qtbot)
    nothing = form.body.nothing
    assert not nothing.isVisible()
    for words, said in [("No such Thing", "No parameter here contains “No such Thing”."), ("learning", ""), ("", "")]:
        form.search(words)
        assert (nothing.text(), nothing.isVisible()) == (said, bool(said))


def test_what_a_search_has_not_found_is_said_in_the_language_and_colours_of_the_window(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.search("xyz")
    form.hub._say = lambda text, domain="": translate(text, "zh_CN", domain)
    form.retranslate()
    form.apply_theme(dark=True)
    form.complete()
    assert form.body.nothing.text() == "这里没有参数包含“xyz”。"
    assert form.body.nothing.palette().windowText().color().name() == DARK.muted


def test_while_fields_are_made_none_is_said_to_be_missing(qtbot: QtBot) -> None:
    form = Form(Sample, "tests", say)
    qtbot.addWidget(form)
    form.search("steps")
    assert form.hub.growth.growing
    assert form.body.nothing.text() == ""
    form.complete()
    assert form.body.nothing.text() == ""
    form.search("xyz")
    assert form.body.nothing.text() != ""


def test_advanced_fields_are_behind_a_switch_unless_something_is_wrong(qtbot: QtBot) -> None:
    form = make(qtbot)
    assert not node(form, "depth").isVisible()
    click(form.toolbar.switch)
    assert node(form, "depth").isVisible()
    click(form.toolbar.switch)
    form.put("depth", "deep")
    assert node(form, "depth").isVisible()


def test_hidden_fields_have_no_row_but_their_faults_are_said(qtbot: QtBot) -> None:
    form = make(qtbot)
    assert form.body.way_to("secret") == []
    form.put("secret", "x")
    assert form.banner.isVisible()
    assert form.banner.label.text() == "secret: x is not a whole number."


# --------------------------------------------------------------------------- values, presets, drafts


@pytest.mark.usefixtures("qtbot")
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(models_and_values())
def test_any_values_of_any_model_come_back_through_the_widgets(drawn: tuple[type[Params], dict[str, Any]]) -> None:
    model, values = drawn
    form = Form(model, "tests", say)
    form.set_values(values)
    form.complete()
    assert form.values() == values
    for each in form.body.every():  # typing nothing but a key that does nothing changes nothing
        for line in filter(NumberLine.text, each.findChildren(NumberLine)):
            line.textEdited.emit(line.text())
    again = Form(model, "tests", say)
    again.set_values(form.values())
    assert again.hub.state.taken == model.model_validate(values)
    form.deleteLater()
    again.deleteLater()


def test_the_first_preset_is_filled_in_and_own_values_are_said(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.set_tool(TOOL)
    assert (form.preset, form.toolbar.choices.currentText()) == ("slow", "Slowly")
    assert form.values() == {"rate": 1e-6, "optimizer": {"kind": "clip"}}
    QTest.keyClick(form.toolbar.choices, Qt.Key.Key_Down)
    assert (form.preset, form.values()) == ("short", {"steps": 5})
    write(form, "steps", "6")
    assert (form.preset, form.toolbar.choices.currentIndex()) == ("", -1)


def test_values_that_are_a_presets_are_called_so(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.set_tool(TOOL)
    complete = Sample(steps=5).model_dump()
    form.set_values(complete)
    assert (form.preset, form.toolbar.choices.currentText()) == ("short", "Short")
    form.set_values({**complete, "seed": 1})
    assert (form.preset, form.toolbar.choices.currentIndex()) == ("", -1)


def test_a_preset_is_known_before_anybody_hears_of_its_values(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.set_tool(TOOL)
    heard: list[str] = []
    form.changed.connect(lambda _: heard.append(form.preset))
    form.apply_preset("short")
    assert heard == ["short"]


class Reading(Params):
    """What is read has no default."""

    name: str = P(..., "Name")
    steps: int = P(3, "Steps")


def test_a_preset_leaves_what_has_no_default_as_it_was_chosen(qtbot: QtBot) -> None:
    few, own = Preset("few", "Few", {"steps": 1}), Preset("own", "Its own", {"name": "sample"})
    form = make(qtbot, Reading)
    form.set_tool(Tool("reading", "Reading", Reading, run=":run", presets=(few, own)))
    write(form, "name", "mine")
    form.apply_preset("few")
    assert form.values() == {"name": "mine", "steps": 1}
    form.apply_preset("own")
    assert form.values() == {"name": "sample"}


def test_what_was_typed_survives(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.set_tool(TOOL)
    write(form, "rate", "1e-")
    form.hub.choose("optimizer", "adam")
    form.put("optimizer.rate", 0.5)
    form.hub.choose("optimizer", "clip")
    form.hub.set_vary("steps", "1,2,")
    draft = json.loads(json.dumps(form.draft()))
    other = make(qtbot)
    other.restore_draft(draft)
    assert other.values() == form.values()
    assert other.draft() == form.draft()
    assert widget(other, "rate", QLineEdit).text() == "1e-"
    other.hub.choose("optimizer", "adam")
    assert other.shown("optimizer.rate") == 0.5


def test_a_form_without_sweeps_takes_none_back(qtbot: QtBot) -> None:
    form = Form(Sample, "tests", say, may_vary=False)
    qtbot.addWidget(form)
    form.restore_draft({"values": {"steps": 7}, "vary": {"steps": "1, 2"}})
    form.complete()
    assert (form.vary(), leaf(form, "steps").row.vary.isHidden()) == ({}, True)
    assert not leaf(form, "steps").row.editor.isHidden()


@pytest.mark.parametrize("draft", [{}, {"values": 3, "vary": {"gone.field": "1"}, "aside": None}, {"values": {"a": 1}}])
def test_a_strange_draft_breaks_nothing(qtbot: QtBot, draft: dict[str, object]) -> None:
    form = make(qtbot)
    form.restore_draft(draft)
    assert form.vary() == {}


def test_a_reset_of_a_field_a_group_and_all(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.set_values({"rate": 1.0, "steps": 7, "head": {"stages": 3, "tuned": 0.25}})
    form.focus("rate")
    click(leaf(form, "rate").row.reset)
    assert "rate" not in form.values()
    QTest.keyClick(widget(form, "head.stages", NumberLine), Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    assert form.values()["head"] == {"tuned": 0.25}
    form.focus("head")
    heading = node(form, "head").findChild(Heading)
    assert heading is not None
    click(heading.reset)
    assert form.values() == {"steps": 7}
    form.toolbar.asked.emit("reset")
    assert form.values() == {}


def test_what_can_be_put_back_is_found_out_in_turns(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    form, checks, check = make(qtbot), 0, Sample.model_validate

    def counted(*arguments: Any, **more: Any) -> Sample:
        nonlocal checks
        checks += 1
        return check(*arguments, **more)

    monkeypatch.setattr(Sample, "model_validate", counted)
    form.set_values(Sample(steps=7).model_dump())
    assert checks < 5
    qtbot.waitUntil(lambda: form.hub.state.knows("steps") and not form.hub.turns.busy)
    assert checks > len(Sample.model_fields) / 2
    leaves = [each for each in form.findChildren(Leaf) if each.isVisible() and "." not in each.place.path]
    assert [each.place.path for each in leaves if each.row.reset.isVisible()] == ["steps"]


# --------------------------------------------------------------------------- copying


def test_a_group_is_copied_and_pasted_through_the_clipboard(qtbot: QtBot) -> None:
    form, other = make(qtbot), make(qtbot)
    form.put("head.stages", 5)
    for each, action in ((form, 0), (other, 1)):
        heading = node(each, "head").findChild(Heading)
        assert heading is not None
        click(heading.more)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        menu.actions()[action].trigger()
        menu.close()
    assert json.loads(QGuiApplication.clipboard().text())["stages"] == 5
    assert other.shown("head.stages") == 5
    QGuiApplication.clipboard().setText("[1, 2")
    Clipboard(other.hub, "head").paste()
    assert other.banner.label.text().startswith("What was copied is no JSON")


def test_the_menu_copies_command_and_python(qtbot: QtBot) -> None:
    form = make(qtbot)
    form.set_tool(TOOL, fill=False)
    write(form, "rate", "1e-3")
    form.toolbar.asked.emit("command")
    assert QGuiApplication.clipboard().text() == "workbench run sample --set rate=0.001"
    form.toolbar.asked.emit("python")
    assert "tools['sample']" in QGuiApplication.clipboard().text()
    form.toolbar.asked.emit("copy")
    form.reset()
    form.toolbar.asked.emit("paste")
    assert form.shown("rate") == 1e-3
