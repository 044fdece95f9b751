"""Lists: elements are added, copied, removed, moved, by mouse and by keys."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import model_validator
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QMenu
from pytestqt.qtbot import QtBot

from workbench.params import Begins, Group, P, Params
from workbench.ui.forms import Form
from workbench.ui.forms.editors.number import NumberLine
from workbench.ui.forms.listing import Listing

from .forms_sample import click, make, node, write


def listing(form: Form, path: str) -> Listing:
    found = node(form, path)
    assert isinstance(found, Listing)
    form.focus(path)
    return found


def kinds(form: Form) -> list[str]:
    return [each.kind for each in form.hub.state.taken.chain]  # type: ignore[union-attr]


def test_elements_are_edited_in_place(qtbot: QtBot) -> None:
    form = make(qtbot)
    write(form, "chain.1.rate", "0.5")
    assert form.values() == {
        "chain": [{"kind": "clip", "limit": None}, {"kind": "adam", "rate": 0.5, "betas": [0.5, 0.999]}]
    }
    line = next(each for each in node(form, "vectors.0").stops() if isinstance(each, NumberLine))
    form.focus("vectors.0")
    line.selectAll()
    QTest.keyClicks(line, "7")
    assert form.values()["vectors"] == [[7.0, 0.0], [0.0, 1.0]]


def test_buttons_move_copy_and_remove(qtbot: QtBot) -> None:
    form = make(qtbot)
    chain = listing(form, "chain")
    click(chain.elements()[0].buttons["down"])
    assert kinds(form) == ["adam", "clip"]
    assert QApplication.focusWidget() is chain.elements()[1].grip
    click(chain.elements()[1].buttons["up"])
    click(chain.elements()[1].buttons["copy"])
    assert kinds(form) == ["clip", "adam", "adam"]
    click(chain.elements()[0].buttons["remove"])
    assert kinds(form) == ["adam", "adam"]
    assert not chain.elements()[0].buttons["up"].isEnabled()


def test_lengths_are_kept_within_their_bounds(qtbot: QtBot) -> None:
    form = make(qtbot)
    chain = listing(form, "chain")
    for _ in range(3):
        click(chain.elements()[0].buttons["copy"])
    assert len(chain.elements()) == 4
    assert not chain.add.isEnabled()
    for _ in range(4):
        click(chain.elements()[0].buttons["remove"])
    assert len(chain.elements()) == 1
    assert chain.add.isEnabled()


def test_keys_move_copy_and_remove(qtbot: QtBot) -> None:
    form = make(qtbot)
    chain = listing(form, "chain")
    chain.elements()[0].grip.setFocus()
    QTest.keyClick(chain.elements()[0].grip, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert kinds(form) == ["adam", "clip"]
    QTest.keyClick(chain.elements()[1].grip, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert kinds(form) == ["adam", "clip", "clip"]
    QTest.keyClick(chain.elements()[2].grip, Qt.Key.Key_Delete)
    QTest.keyClick(chain.elements()[1].grip, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert kinds(form) == ["clip", "adam"]


def test_an_element_is_dragged(qtbot: QtBot) -> None:
    form = make(qtbot, height=1600)
    form.put("vectors", [[1, 0], [2, 0], [3, 0]])
    vectors = listing(form, "vectors")
    QApplication.processEvents()
    drag(vectors, 0, 2)
    assert form.values()["vectors"] == [[2, 0], [3, 0], [1, 0]]
    drag(vectors, 2, 0)
    assert form.values()["vectors"] == [[1, 0], [2, 0], [3, 0]]
    drag(vectors, 1, 1)
    assert form.values()["vectors"] == [[1, 0], [2, 0], [3, 0]]


def drag(vectors: Listing, index: int, onto: int) -> None:
    """Presses an element's grip, moves in steps beyond the middle of another one, lets go."""
    grip, target = vectors.elements()[index].grip, vectors.elements()[onto]
    beyond = 6 if onto > index else -6 if onto < index else 0
    end = grip.mapFromGlobal(target.mapToGlobal(target.rect().center() + QPoint(0, beyond)))
    start = grip.rect().center()
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, pos=start)
    for part in (1, 2, 3, 4):
        QTest.mouseMove(grip, start + (end - start) * part / 4)
    marks: list[Any] = [each.dropping for each in vectors.elements()]
    assert any(marks) == (index != onto)
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=end)
    assert not any(each.dropping for each in vectors.elements())


def test_a_member_is_added_from_a_menu(qtbot: QtBot) -> None:
    form = make(qtbot)
    chain = listing(form, "chain")
    click(chain.add)
    menu = chain.findChild(QMenu)
    assert menu is not None
    assert [each.text() for each in menu.actions()] == ["adam", "clip"]
    menu.actions()[0].trigger()
    menu.close()
    assert kinds(form) == ["clip", "adam", "adam"]


def test_a_blank_is_added_to_other_lists(qtbot: QtBot) -> None:
    form = make(qtbot)
    click(listing(form, "vectors").add)
    click(listing(form, "words").add)
    form.complete()
    write(form, "words.0", "first")
    assert form.values() == {"vectors": [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], "words": ["first"]}
    assert not form.problems()


def test_a_member_of_an_element_is_chosen_and_keeps_what_was_typed(qtbot: QtBot) -> None:
    form = make(qtbot)
    write(form, "chain.1.rate", "0.5")
    choices = next(each for each in node(form, "chain.1").stops() if isinstance(each, QComboBox))
    QTest.keyClick(choices, Qt.Key.Key_Down)
    assert kinds(form) == ["clip", "clip"]
    QTest.keyClick(choices, Qt.Key.Key_Up)
    form.complete()
    assert form.shown("chain.1.rate") == 0.5


def test_a_fault_in_an_element_is_said_there(qtbot: QtBot) -> None:
    form = make(qtbot)
    write(form, "chain.1.rate", "-1")
    assert form.problems() == [("chain.1.rate", "must be greater than 0.0.")]
    assert node(form, "chain.1.rate").faults
    assert not form.banner.isVisible()


class Layer(Group):
    width: int = P(8, "Width", ge=1)
    dropout: float = P(0.0, "Dropout", ge=0, lt=1)

    @model_validator(mode="after")
    def _fits(self) -> Layer:
        if self.width < 2 and self.dropout:
            raise ValueError("too narrow for dropout.")
        return self


class Layers(Params):
    layers: tuple[Layer, ...] = P((Layer(),), "Layers")
    tables: tuple[tuple[str, ...], ...] = P((), "Tables")


def test_groups_and_lists_may_be_elements(qtbot: QtBot) -> None:
    form = make(qtbot, Layers)
    click(listing(form, "layers").add)
    form.complete()
    write(form, "layers.1.width", "1")
    write(form, "layers.1.dropout", "0.5")
    assert form.values() == {"layers": [{"width": 8, "dropout": 0.0}, {"width": 1, "dropout": 0.5}]}
    said = [each.text() for each in node(form, "layers.1").findChildren(QLabel, "problem") if each.isVisible()]
    assert said == ["too narrow for dropout."]
    click(listing(form, "tables").add)
    click(listing(form, "tables.0").add)
    write(form, "tables.0.0", "inner")
    assert form.values()["tables"] == [["inner"]]


Direction = tuple[float, float]


class Directions(Params):
    ways: tuple[Annotated[Direction, Begins((-1.0, 0.5))], ...] = P(((1.0, 0.0),), "Ways", max_length=3)
    plain: tuple[Direction, ...] = P((), "Plain")


def test_an_element_that_is_added_begins_with_what_is_declared(qtbot: QtBot) -> None:
    form = make(qtbot, Directions)
    listing(form, "ways").append()
    listing(form, "plain").append()
    assert form.values() == {"ways": [[1.0, 0.0], [-1.0, 0.5]], "plain": [[0.0, 0.0]]}


class Loose(Params):
    """Elements that are nothing but what is typed into them."""

    shares: tuple[float | None, ...] = P((), "Shares")


def test_an_emptied_field_leaves_the_other_elements_as_they_are(qtbot: QtBot) -> None:
    form = make(qtbot, Layers)
    form.put("layers", [{"width": 2}, {"width": 3}])
    click(listing(form, "layers").add)
    form.complete()
    write(form, "layers.2.width", "4")
    write(form, "layers.2.width", "")
    assert form.values() == {"layers": [{"width": 2}, {"width": 3}, {}]}
    assert not form.problems()
    write(form, "layers.2.width", "5")
    assert form.values() == {"layers": [{"width": 2}, {"width": 3}, {"width": 5}]}


def test_an_emptied_element_is_a_blank(qtbot: QtBot) -> None:
    form = make(qtbot, Loose)
    form.put("shares", [0.5, 0.25])
    line = write(form, "shares.1", "")
    assert form.values() == {"shares": [0.5, 0.0]}
    QTest.keyClicks(line, "0.75")
    assert form.values() == {"shares": [0.5, 0.75]}


def test_a_list_in_a_list_is_reset_alone(qtbot: QtBot) -> None:
    form = make(qtbot, Layers)
    form.put("tables", [["a"], ["b", "c"]])
    form.complete()
    listing(form, "tables.1").heading.reset.click()
    assert form.values() == {"tables": [["a"], []]}
