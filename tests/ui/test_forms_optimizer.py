"""An optimizer in a form: stages in their phases, pairs that do not commute, examples, and the Python that it makes."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QMenu
from pytestqt.qtbot import QtBot
from torch import nn

from workbench.discovery import discover
from workbench.ml.optim.build import build
from workbench.ml.optim.params import CLASHES, Optimizer
from workbench.ml.optim.presets import EXAMPLES
from workbench.params import P, Params
from workbench.settings import Places, Settings
from workbench.texts import HOST, translate
from workbench.ui.forms import Form
from workbench.ui.forms.group import Group
from workbench.ui.forms.heading import Heading
from workbench.ui.forms.leaf import Leaf
from workbench.ui.forms.listing import Listing

from .forms_sample import click, make, node, write

Left, Key, Alt = Qt.MouseButton.LeftButton, Qt.Key, Qt.KeyboardModifier.AltModifier
CHAIN = ["accumulate", "clip", "decay", "adaptation", "piecewise", "lookahead", "average"]


class Trainer(Params):
    steps: int = P(10, "Steps", ge=1)
    optimizer: Optimizer = P({}, "Optimizer")


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = make(qtbot, Trainer, height=2600)
    made.put("optimizer.stages", CHAIN)
    made.complete()
    return made


def stages(form: Form) -> Listing:
    found = node(form, "optimizer.stages")
    assert isinstance(found, Listing)
    return found


def kinds(form: Form) -> list[str]:
    """What the form will hand over; the same that it shows."""
    taken = [each.kind for each in form.hub.state.taken.optimizer.stages]  # type: ignore[union-attr]
    assert [each["kind"] for each in form.shown("optimizer.stages")] == taken
    return taken


def seen(form: Form, name: str) -> list[str]:
    return [each.text() for each in stages(form).findChildren(QLabel, name) if each.isVisible() and each.text()]


def pick(menu: QMenu, title: str) -> None:
    """A click on an entry of an open menu."""
    (action,) = [each for each in menu.actions() if each.text() == title]
    assert action.isEnabled()
    QTest.mouseClick(menu, Left, pos=menu.actionGeometry(action).center())


def opened() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def add(form: Form, title: str) -> None:
    click(stages(form).add)
    pick(opened(), title)
    form.complete()


# --------------------------------------------------------------------------------------- phases


def test_each_phase_begins_below_its_title(form: Form) -> None:
    assert seen(form, "phase") == ["Gradient", "Direction", "Rate", "Weights"]
    form.put("optimizer.stages", ["lookahead", "decay", "adaptation"])
    assert kinds(form) == ["decay", "adaptation", "lookahead"]
    assert seen(form, "phase") == ["Direction", "Weights"]


def test_keys_move_a_stage_inside_its_phase_and_no_farther(form: Form) -> None:
    for index in (2, 3, 3):  # decay goes down once; below it comes another phase
        grip = stages(form).elements()[index].grip
        grip.setFocus()
        QTest.keyClick(grip, Key.Key_Down, Alt)
    assert kinds(form) == ["accumulate", "clip", "adaptation", "decay", "piecewise", "lookahead", "average"]
    grip = stages(form).elements()[2].grip
    grip.setFocus()
    QTest.keyClick(grip, Key.Key_Up, Alt)
    assert kinds(form)[1:3] == ["clip", "adaptation"]


def test_buttons_are_off_where_a_phase_ends(form: Form) -> None:
    may = [tuple(each.buttons[way].isEnabled() for way in ("up", "down")) for each in stages(form).elements()]
    first, last, alone = (False, True), (True, False), (False, False)
    assert may == [first, last, first, last, alone, first, last]
    click(stages(form).elements()[5].buttons["down"])
    assert kinds(form)[5:] == ["average", "lookahead"]
    assert QApplication.focusWidget() is stages(form).elements()[6].grip


@pytest.mark.parametrize(("index", "onto", "expected"), [(0, 6, 1), (6, 0, 5), (3, 2, 2), (4, 0, 4)])
def test_a_stage_that_is_dragged_stays_in_its_phase(form: Form, index: int, onto: int, expected: int) -> None:
    QApplication.processEvents()
    kind = kinds(form)[index]
    grip, target = stages(form).elements()[index].grip, stages(form).elements()[onto]
    beyond = QPoint(0, 6 if onto > index else -6)
    end = grip.mapFromGlobal(target.mapToGlobal(target.rect().center() + beyond))
    start = grip.rect().center()
    QTest.mousePress(grip, Left, pos=start)
    for part in (1, 2, 3, 4):
        QTest.mouseMove(grip, start + (end - start) * part / 4)
    marks = [at for at, each in enumerate(stages(form).elements()) if each.dropping]
    assert marks == ([expected] if expected != index else [])
    QTest.mouseRelease(grip, Left, pos=end)
    assert kinds(form)[expected] == kind
    assert sorted(kinds(form)) == sorted(CHAIN)
    assert seen(form, "phase") == ["Gradient", "Direction", "Rate", "Weights"]


def test_a_stage_is_added_to_its_phase(form: Form) -> None:
    click(stages(form).add)
    menu = opened()
    assert [each.text() for each in menu.actions() if each.isSeparator()] == [
        "Gradient", "Direction", "Rate", "Weights",
    ]  # fmt: skip
    pick(menu, "Lazy rows")
    assert kinds(form) == [*CHAIN[:4], "lazy", *CHAIN[4:]]
    assert QApplication.focusWidget() is stages(form).elements()[4].grip


def test_a_stage_that_becomes_another_goes_to_its_phase_and_takes_the_focus_along(form: Form) -> None:
    write(form, "optimizer.stages.1.limit", "7")
    select(form, 1, "Rates by name")
    assert kinds(form) == ["accumulate", "decay", "adaptation", "rates", "piecewise", "lookahead", "average"]
    assert combo(form, 3).hasFocus()
    select(form, 3, "Gradient clipping")
    assert combo(form, 1).hasFocus()
    assert kinds(form) == CHAIN
    assert form.shown("optimizer.stages.1.limit") == 7  # what was typed has come along and back


def combo(form: Form, index: int) -> QComboBox:
    return next(each for each in node(form, f"optimizer.stages.{index}").stops() if isinstance(each, QComboBox))


def select(form: Form, index: int, text: str) -> None:
    """Opens the list of a stage's kinds and takes one, by keys."""
    box = combo(form, index)
    click(box)
    QTest.keyClick(box.view(), Key.Key_Home)
    while box.view().currentIndex().data() != text:
        QTest.keyClick(box.view(), Key.Key_Down)
    QTest.keyClick(box.view(), Key.Key_Return)
    form.complete()


# -------------------------------------------------------------------------------------- clashes


def note(form: Form, index: int) -> str:
    found = node(form, f"optimizer.stages.{index}")
    assert isinstance(found, Leaf)
    assert found.row.note.isVisible() == bool(found.row.note.text())
    return found.row.note.text()


def test_pairs_that_do_not_commute_are_marked_with_why(form: Form) -> None:
    why = {pair: str(text) for pair, text in CLASHES.items()}
    assert [note(form, at) for at in range(7)] == [
        "⇄ 2", "⇄ 1: " + why[frozenset({"accumulate", "clip"})],
        "⇄ 4", "⇄ 3: " + why[frozenset({"decay", "adaptation"})],
        "",
        "⇄ 7", "⇄ 6: " + why[frozenset({"lookahead", "average"})],
    ]  # fmt: skip
    click(stages(form).elements()[3].buttons["remove"])
    assert [note(form, at) for at in range(2, 6)] == ["", "", "⇄ 6", "⇄ 5: " + why[frozenset({"lookahead", "average"})]]


def test_what_is_wrong_elsewhere_takes_no_mark_away(form: Form) -> None:
    write(form, "steps", "-1")
    assert form.problems()
    assert note(form, 2) == "⇄ 4"


def test_marks_and_phases_follow_the_language(qtbot: QtBot) -> None:
    spoken = ["en"]
    form = Form(Trainer, "tests", lambda text, domain=HOST: translate(text, spoken[0], domain))
    form.hub.cheap = math.inf
    qtbot.addWidget(form)
    form.resize(420, 2600)
    form.show()
    form.put("optimizer.stages", ["decay", "adaptation"])
    form.complete()
    spoken[0] = "zh_CN"
    form.retranslate()
    form.complete()
    assert note(form, 1) == "⇄ 1: " + translate(CLASHES[frozenset({"decay", "adaptation"})], "zh_CN")
    assert note(form, 1).count("衰减") > 1
    assert seen(form, "phase") == [translate("Direction", "zh_CN")]


def test_a_stage_that_does_not_fit_is_said_at_the_optimizer(form: Form) -> None:
    add(form, "Gradient accumulation")
    found = node(form, "optimizer")
    assert isinstance(found, Group)
    assert found.heading.problem.isVisible()
    assert "only once" in found.heading.problem.text()


# ----------------------------------------------------------------------------- examples, Python


def menu_of(form: Form) -> QMenu:
    found = node(form, "optimizer")
    assert isinstance(found, Group)
    click(found.heading.more)
    return opened()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.id)
def test_an_example_is_taken_from_the_menu(form: Form, example: Any) -> None:
    menu = menu_of(form)
    while menu.activeAction() is None or menu.activeAction().text() != "Examples":
        QTest.keyClick(menu, Key.Key_Down)
    QTest.keyClick(menu, Key.Key_Right)
    pick(opened(), str(example.title))
    menu.close()
    assert form.hub.state.taken.optimizer == Optimizer.model_validate(example.values)  # type: ignore[union-attr]
    assert not form.problems()


class Wider(Optimizer):
    share: float = P(0.5, "Share", ge=0)


class WiderTrainer(Params):
    optimizer: Wider = P({}, "Optimizer")


def test_an_example_leaves_alone_what_it_does_not_name(qtbot: QtBot) -> None:
    form = make(qtbot, WiderTrainer, height=2600)
    form.put("optimizer.share", 0.25)
    form.put("optimizer.base.kind", "sgd")
    form.complete()
    menu = menu_of(form)
    while menu.activeAction() is None or menu.activeAction().text() != "Examples":
        QTest.keyClick(menu, Key.Key_Down)
    QTest.keyClick(menu, Key.Key_Right)
    pick(opened(), str(EXAMPLES[0].title))
    menu.close()
    assert form.values() == {"optimizer": {**EXAMPLES[0].values, "share": 0.25}}


def test_a_running_job_takes_no_example(form: Form) -> None:
    form.set_running(True)
    menu = menu_of(form)
    enabled = {each.text(): each.isEnabled() for each in menu.actions()}
    menu.close()
    assert enabled == {
        "Copy": True, "Paste": False, "Reset to default": False, "Copy as Python": True, "Examples": False,
    }  # fmt: skip


def test_what_is_copied_as_python_runs_and_makes_the_same_optimizer(form: Form) -> None:
    write(form, "optimizer.stages.0.batches", "2")
    write(form, "optimizer.base.lr", "0.05")
    menu = menu_of(form)
    pick(menu, "Copy as Python")
    space: dict[str, Any] = {}
    exec(compile(QGuiApplication.clipboard().text(), "copied", "exec"), space)
    described = form.hub.state.taken.optimizer  # type: ignore[union-attr]
    theirs, ours = (
        trained(make) for make in (space["make_optimizer"], lambda net: build(described, net.named_parameters()))
    )
    assert all(map(torch.equal, theirs, ours))


def test_a_chain_is_copied_from_one_form_and_pasted_into_a_trainers(qtbot: QtBot, form: Form) -> None:
    write(form, "optimizer.stages.2.rate", "0.25")
    menu = menu_of(form)
    pick(menu, "Copy")
    gan = make(qtbot, discover(Places.of(), Settings()).tools["gan"].tool.params)
    gan.put("data", "grid25")
    menu = menu_of(gan)
    pick(menu, "Paste")
    ours, theirs = (each.hub.state.taken.optimizer for each in (form, gan))  # type: ignore[union-attr]
    assert (theirs.base, theirs.stages) == (ours.base, ours.stages)
    assert theirs.rate_d == 1.25  # of the recipe: the chain says nothing of it
    assert not gan.problems()


def trained(make_optimizer: Any) -> list[torch.Tensor]:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2))
    optimizer = make_optimizer(net)
    for x in torch.randn(24, 5, 4):
        optimizer.zero_grad()
        torch.autograd.backward(net(x).square().mean())
        optimizer.step()
    with optimizer.averaged():
        return [each.detach().clone() for each in net.parameters()]


def test_groups_that_offer_nothing_have_the_plain_menu(qtbot: QtBot) -> None:
    form = make(qtbot)
    found = node(form, "head")
    assert isinstance(found, Group)
    assert isinstance(found.heading, Heading)
    click(found.heading.more)
    menu = opened()
    assert [each.text() for each in menu.actions()] == ["Copy", "Paste", "Reset to default"]
    menu.close()
