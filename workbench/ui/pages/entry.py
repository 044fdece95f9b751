"""A tool's parameters on their way: from the form or a panel's handle to each other, to the job, into the draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from workbench import fields
from workbench.ui.pages.values import flat, full, located

if TYPE_CHECKING:
    from workbench.ui.pages.tool import ToolPage

_DRAFT = 200
"""Milliseconds after a keystroke until what was typed is remembered: it survives a crash."""


class Entry(QObject):
    """Fills a page's form at first, and passes on what is set in it."""

    def __init__(self, page: ToolPage) -> None:
        super().__init__(page)
        self.page, self.tool, self.form = page, page.tool, page.form
        self._draft = f"draft/{page.tool.id}"
        self._everything: dict[str, Any] | None = None
        """All parameters as they were last; None where something was wrong in them."""
        self.for_next = False
        """Whether something was set for the next run while the job that is shown waited: it is not that job's form."""
        self._fill()
        self._later = QTimer(self, singleShot=True, interval=_DRAFT)
        self._later.timeout.connect(self._keep_draft)
        self.form.changed.connect(self._changed)
        (self.form.changed if self.tool.live else self.form.finished).connect(self._send)
        self.form.typed.connect(self._remember)
        page.docks.edited.connect(self._handled)

    def _fill(self) -> None:
        """What was typed when the window was last open, else the first preset."""
        draft = self.page.host.remembered.get(self._draft, None, dict)
        self.form.set_tool(self.tool, fill=draft is None)
        if draft is not None:
            self.form.restore_draft(draft)
        self._explain_preset()

    def take(self, params: Mapping[str, Any]) -> None:
        """Puts a run's parameters into the form, as this version has them. Raises UserError for a newer version's."""
        self.form.set_values(fields.migrated(self.tool.params, params))
        self.for_next = False

    def show(self) -> None:
        """Tells the handles what is set."""
        values = self.form.values()
        self._everything = full(self.tool.params, values)
        self.page.docks.set_values(dict(flat(self._everything or values)))

    def _changed(self, _path: str) -> None:
        """A field was set ("": all of them), in the form or by a handle: handles are told, at every key."""
        self.for_next |= not self.tool.live and not self.page.controls.situation.running
        self.show()
        self._explain_preset()

    def _send(self, path: str) -> None:
        """Tells the job. A live tool takes any parameter, at every key; a long job those marked live, at its next step,
        and only once they are written: on the way to 0.0035 it would train with 0.003. While it waits for a slot the
        form is the next one's, and stays so if something was set in it."""
        its_own = self.page.controls.situation.running and not self.for_next
        works = self.page.steered if self.tool.live or its_own else []
        if self._everything is None or not works:
            return
        told = _whole(self._everything, path) if self.tool.live else self._may_change(self._everything, path)
        for work in works if told else ():
            work.job.set(**told)

    def _may_change(self, everything: Mapping[str, Any], path: str) -> dict[str, Any]:
        """What is set and may change while a job runs: of a group that takes its defaults, all of it."""
        values, live = dict(flat(everything)), fields.live_paths(self.tool.params)
        return {each: values[each] for each in live & values.keys() if f"{each}.".startswith(f"{path}.")}

    def _handled(self, path: str, value: Any) -> None:
        """A handle in a panel set a parameter."""
        values = self.form.values()
        self.form.put(located(full(self.tool.params, values) or values, path), value)

    def _explain_preset(self) -> None:
        """What to look for, while the values are those of a preset."""
        text = next((each.text for each in self.tool.presets if each.id == self.form.preset), "")
        self.page.about.setVisible(bool(text))
        self.page.host.speech.bind(self.page.about, "spell", text, self.page.found.package)

    def _remember(self) -> None:
        if not self._later.isActive():  # not begun again at every key: who goes on typing is kept too
            self._later.start()

    def _keep_draft(self) -> None:
        self.page.host.remembered.put(self._draft, self.form.draft())


def _whole(everything: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The parameter that a path lies in; all of them without one."""
    names = [path.partition(".")[0]] if path else [each for each in everything if each != "version"]
    return {name: everything[name] for name in names}
