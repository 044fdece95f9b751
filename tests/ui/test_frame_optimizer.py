"""A chain of stages set in the form of the window's page by mouse and keys; stopped in the middle, and gone on with."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from workbench.jobs.spec import ENDED
from workbench.testing.running import Ran, differences
from workbench.ui.forms.listing import Listing
from workbench.ui.jobs import Work

from .forms_sample import click, node, write
from .frame import Person, sitting

WANTED = ["accumulate", "decay", "adaptation", "piecewise", "lookahead", "average"]
HALT = 26
"""In the third micro-batch of a window of 4 and the second update of a cycle of 5."""


def stages(person: Person) -> Listing:
    found = node(person.page.form, "optimizer.stages")
    assert isinstance(found, Listing)
    return found


def kinds(person: Person) -> list[str]:
    return [each["kind"] for each in person.page.form.shown("optimizer.stages")]


def add(person: Person, title: str) -> None:
    """The plus sign, and an entry of its menu."""
    person.page.form.focus("optimizer.stages")
    click(stages(person).add)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    (action,) = [each for each in menu.actions() if each.text() == title]
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    person.page.form.complete()


def fills_in(person: Person) -> None:
    """50 steps, slow enough to be stopped; the chain: lookahead goes above the average, which is there already."""
    form = person.page.form
    for path, text in (("steps", "50"), ("batch", "2048")):
        write(form, path, text)
    for title in ("Lookahead", "Piecewise linear rate", "Layer adaptation", "Weight decay", "Gradient accumulation"):
        add(person, title)
    assert kinds(person) == ["accumulate", "adaptation", "decay", "piecewise", "average", "lookahead"]
    for place in (2, 5):
        grip = stages(person).elements()[place].grip
        grip.setFocus()
        QTest.keyClick(grip, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert kinds(person) == WANTED
    for path, text in (("0.batches", "4"), ("1.rate", "0.1"), ("4.every", "5")):
        write(form, f"optimizer.stages.{path}", text)


def trained(person: Person) -> int:
    stage = person.page.stage
    curve = stage.sources[0].curve("loss/d") if stage and stage.sources else None
    return int(curve["step"][-1]) if curve is not None and len(curve) else 0


def is_at(person: Person, step: int) -> bool:
    return trained(person) == step


def halts(person: Person) -> Work:
    """Pauses early and goes on step by step, then stops."""
    work = person.start()
    person.wait(lambda: work.job.state == "running", 60_000)
    person.click("pause")
    person.until("paused")
    person.qtbot.wait(600)  # scalars come twice a second
    if not trained(person):
        person.click("step")
        person.wait(lambda: trained(person))
    while (now := trained(person)) < HALT:
        person.click("step")
        person.wait(partial(is_at, person, now + 1))
    person.click("stop")
    person.until("stopped")
    return work


def goes_on(person: Person, deed: str) -> Work:
    """Starts a run, or goes on with the stopped one, to its end."""
    person.click(deed)
    person.until("queued", "running")
    person.wait(lambda: person.work.job.state in ENDED, 120_000)
    assert person.work.job.state == "done", person.work.job.error
    return person.work


def test_a_chain_set_in_the_form_goes_on_from_the_middle_to_the_last_bit(qtbot: QtBot) -> None:
    with sitting(qtbot, light=False) as person:
        person.open("gan", "ring8")
        fills_in(person)
        assert not person.page.form.problems()
        halted = halts(person)
        middle = Ran(halted.job, halted.job.spec.folder)
        for each in middle.optimizers():
            assert each["kinds"] in (WANTED, WANTED[:-1])  # nobody asks for an average of the discriminator
            assert (each["gradients"]["count"], each["updates"]) == (HALT % 4, HALT // 4)
        assert len(middle.optimizers()) == 2
        middle.close()
        resumed = goes_on(person, "again")
        assert resumed.job.run_id == halted.job.run_id
        whole = goes_on(person, "start")
        assert whole.job.run_id != halted.job.run_id
        ours, theirs = (Ran(each.job, each.job.spec.folder) for each in (resumed, whole))
        assert ours.scalars()["loss/g"]["step"][-1] == 50
        assert not differences(ours.scalars(), theirs.scalars())
        assert not differences(ours.tensors(), theirs.tensors())
        ours.close()
        theirs.close()
