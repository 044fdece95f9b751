"""A model with a field of every kind, and helpers that type and click like a person."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import model_validator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from workbench.params import Array, Artifact, File, Folder, Group, OneOf, P, Params
from workbench.texts import HOST, T, translate
from workbench.ui.forms import Form
from workbench.ui.forms.leaf import Leaf
from workbench.ui.forms.node import Node

W = TypeVar("W", bound=QWidget)
Coordinate = Annotated[float, P(..., ge=-100, le=100)]
Vector = tuple[Coordinate, Coordinate]


class Adam(Group):
    """A variant's member."""

    kind: Literal["adam"] = "adam"
    rate: float = P(2e-4, "Rate", gt=0, log=True, live=True)
    betas: tuple[float, float] = P((0.5, 0.999), "Betas")


class Clip(Group):
    """Another."""

    kind: Literal["clip"] = "clip"
    limit: float | None = P(None, "Limit", gt=0)


class Head(Group):
    """A group."""

    stages: int = P(1, "Scores", ge=1, le=16)
    weights: tuple[float, ...] = P((), "Loss weights")
    tuned: float = P(0.5, "Fine tuning", advanced=True)

    @model_validator(mode="after")
    def _fits(self) -> Head:
        if self.weights and len(self.weights) != self.stages:
            raise ValueError(T("give one weight for each of the {stages} scores, or none.", stages=self.stages))
        return self


class Sample(Params):
    """Every kind of field."""

    rate: float = P(2e-4, "Learning rate", help="How far a step goes.", gt=0, log=True, live=True)
    decay: float = P(0.999, "Decay", ge=0, lt=1)
    size: float = P(1.5, "Size", unit="mm")
    steps: int = P(4000, "Steps", ge=1, le=10**6)
    smooth: bool = P(False, "Smooth")
    note: str = P("", "Note")
    loss: Literal["hinge", "wasserstein"] = P("hinge", "Loss")
    slack: float = P(0.1, "Slack", when={"loss": "wasserstein"})
    cut: float | None = P(None, "Cut", gt=0)
    centre: Vector = P((0.0, 0.5), "Centre")
    sizes: tuple[int, ...] = P((64, 32), "Sizes", max_length=4)
    secret: int = P(7, "Secret", hidden=True)
    depth: int = P(3, "Depth", advanced=True)
    picture: Annotated[Any, Array("bool", 2)] = P(None, "Picture")
    table: Annotated[Path, File("*.csv")] = P(Path(), "Table")
    folder: Annotated[Path | None, Folder()] = P(None, "Folder of images")
    model: Annotated[str, Artifact("model/energy")] = P("", "Model")
    free: Any = P(None, "Anything")
    head: Head = P({}, "Head")
    spare: Head | None = P(None, "Spare head")
    optimizer: Annotated[Adam | Clip, OneOf()] = P(Adam(), "Optimizer")
    chain: tuple[Annotated[Adam | Clip, OneOf()], ...] = P((Clip(), Adam()), "Chain", min_length=1, max_length=4)
    vectors: tuple[Vector, ...] = P(((1.0, 0.0), (0.0, 1.0)), "Vectors")
    words: tuple[str, ...] = P((), "Words")


def say(text: str, domain: str = HOST) -> str:
    """English."""
    return translate(text, "en", domain)


def make(qtbot: QtBot, model: type[Params] = Sample, width: int = 420, height: int = 900) -> Form:
    """A form on the screen, all of it made, which checks every keystroke at once, however slow the machine."""
    form = Form(model, "tests", say)
    form.hub.cheap = math.inf
    qtbot.addWidget(form)
    form.resize(width, height)
    with qtbot.waitActive(form):
        form.show()
        form.activateWindow()
    form.complete()
    return form


def node(form: Form, path: str) -> Node:
    """The part that shows a path."""
    found = form.body.way_to(path)
    assert found
    assert found[-1].place.path == path, found[-1].place.path
    return found[-1]


def leaf(form: Form, path: str) -> Leaf:
    found = node(form, path)
    assert isinstance(found, Leaf)
    return found


def widget(form: Form, path: str, of: type[W]) -> W:
    """The first widget of a class that edits a path, brought into view."""
    form.focus(path)
    return next(each for each in node(form, path).stops() if isinstance(each, of) and each.isVisible())


def write(form: Form, path: str, text: str, pause: int = -1) -> QLineEdit:
    """Selects all in a field's line and types something else. pause: milliseconds before every key, as a hand makes;
    without it the window has no turn between two keys."""
    line = widget(form, path, QLineEdit)
    line.setFocus()
    line.selectAll()
    if text:
        QTest.keyClicks(line, text, delay=pause)
    else:
        QTest.keyClick(line, Qt.Key.Key_Delete)
    return line


def click(target: QWidget) -> None:
    """A real click in its middle."""
    QTest.mouseClick(target, Qt.MouseButton.LeftButton)


def turn(target: QWidget, notches: int) -> QWheelEvent:
    """Turns the wheel above a widget."""
    middle = target.rect().center()
    event = QWheelEvent(
        middle, target.mapToGlobal(middle), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(target, event)
    return event
