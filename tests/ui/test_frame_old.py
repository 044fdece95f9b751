"""A run that an older version of its tool made, opened in the window."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

from workbench import fields
from workbench.runs.lock import writer
from workbench.runs.recorder import Recorder
from workbench.runs.records import Header
from workbench.runs.workspace import Workspace
from workbench.ui.pages.runs.work import command

from .frame import Person, sitting

OLD = {"lr_g": 0.25, "lr_d": 0.5, "beta1": 0.0, "beta2": 0.9, "hold": 0.5, "final": 0.1, "ema": 0.9}


def made(person: Person, params: dict[str, Any]) -> str:
    """A run of the GAN trainer that is done."""
    head = Header("gan", "workbench_gan", "1", {"id": "gan"}, params, 0, "cpu", 1, {})
    folder = Workspace(person.window.host.session.settings.workspace).create(head)
    with writer(folder):
        recorder = Recorder(folder)
        recorder.set_state("done", seconds=1.0)
        recorder.close()
    return folder.name


def test_its_parameters_are_put_into_todays_words(qtbot: QtBot) -> None:
    with sitting(qtbot, light=False) as person:
        person.open("gan", "ring8")
        values = fields.record(fields.validate(person.page.tool.params, {"data": "ring8"}))
        person.window.open_run(made(person, {**values, "version": 1, "optimizer": OLD}))
        person.wait(lambda: person.page.stored)
        assert not person.page.form.problems()
        assert person.page.form.shown("optimizer.base.lr") == 0.25
        assert person.page.form.shown("optimizer.rate_d") == 2.0
        assert person.page.form.values()["version"] == 2
        (row,) = person.runs()
        assert "optimizer.base.lr=0.25" in command(person.window.host.registry, row)


def test_those_of_a_newer_version_are_refused_in_a_sentence(qtbot: QtBot) -> None:
    with sitting(qtbot, light=False) as person:
        person.open("gan", "ring8")
        before = person.page.form.values()
        values = fields.record(fields.validate(person.page.tool.params, {}))
        person.window.open_run(made(person, {**values, "version": 99}))
        person.wait(lambda: person.page.bar.isVisible() and person.page.stored)
        assert person.page.form.values() == before
