"""Products of runs are found by the window: the newest is filled in where one is needed, a click lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from workbench.ui.forms.editors.artifact import ArtifactEditor

from .frame import Person, sitting


@pytest.fixture
def person(plant: Callable[[str], Path], qtbot: QtBot) -> Iterator[Person]:
    """Before a window with tools that make dice and throw them."""
    plant("mixer")
    with sitting(qtbot) as found:
        yield found


def test_the_newest_product_is_filled_in_and_a_click_lists_all(person: Person) -> None:
    made = []
    for sides in (6, 8):
        person.open("die", sides=sides)
        made.append(person.start().job.run_id)
        person.until("done")
    person.open("look")
    person.wait(lambda: person.page.form.shown("other") == f"run:{made[1]}/die")
    assert person.page.form.shown("one") == f"run:{made[1]}/die"
    person.wait(lambda: person.page.stage and person.page.stage.sources)  # it has come alive
    stage = person.page.stage
    assert stage is not None
    person.wait(lambda: len(stage.sources[0].curve("mean")) == 1)
    editor = next(each for each in person.page.findChildren(ArtifactEditor) if each.place.path == "one")
    person.click(editor.button)
    popup = editor.finder.popup()
    assert popup is not None
    person.wait(popup.isVisible)
    assert editor.candidates.stringList() == [f"run:{run}/die" for run in reversed(made)]
    popup.hide()


def test_without_products_the_field_stays_empty_and_the_page_says_so(person: Person) -> None:
    person.open("look")
    person.wait(lambda: person.page.form.title("one") in person.page.bar.text)
    assert not person.page.form.shown("one")
