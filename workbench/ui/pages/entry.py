"""A tool's parameters on their way: from the form or a panel's handle to each other, to the job, into the draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from workbench import fields
from workbench.ui.pages.values import flat, full, located

if TYPE_CHECKING:
    from workbench.ui.pages.tool import ToolPage

_DRAFT = 400
"""Milliseconds after the last keystroke until what was typed is remembered: it survives a crash."""


class Entry(QObject):
    """Fills a page's form at first, and passes on what is set in it."""

    def __init__(self, page: ToolPage) -> None:
        super().__init__(page)
        self.page, self.tool, self.form = page, page.tool, page.form
        self._draft = f"draft/{page.tool.id}"
        self._fill()
        self._later = QTimer(self, singleShot=True, interval=_DRAFT)
        self._later.timeout.connect(self._keep_draft)
        self.form.changed.connect(self._changed)
        self.form.typed.connect(self._later.start)
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

    def show(self) -> dict[str, Any] | None:
        """Tells the handles what is set. Returns all parameters; None while something is wrong in them."""
        values = self.form.values()
        everything = full(self.tool.params, values)
        self.page.docks.set_values(dict(flat(everything or values)))
        return everything

    def _changed(self, path: str) -> None:
        """A field was set ("": all of them), in the form or by a handle: handles and job are told.

        A live tool takes any parameter, at once; a long job those marked live, at its next step.
        """
        everything, work = self.show(), self.page.work
        self._explain_preset()
        if everything is None or work is None or work.ended:
            return
        if self.tool.live:
            names = [path.partition(".")[0]] if path else [each for each in everything if each != "version"]
            work.job.set(**{name: everything[name] for name in names})
        elif path in fields.live_paths(self.tool.params):
            work.job.set(**{path: dict(flat(everything)).get(path)})

    def _handled(self, path: str, value: Any) -> None:
        """A handle in a panel set a parameter."""
        values = self.form.values()
        self.form.put(located(full(self.tool.params, values) or values, path), value)

    def _explain_preset(self) -> None:
        """What to look for, while the values are those of a preset."""
        text = next((each.text for each in self.tool.presets if each.id == self.form.preset), "")
        self.page.about.setVisible(bool(text))
        self.page.host.speech.bind(self.page.about, "spell", text, self.page.found.package)

    def _keep_draft(self) -> None:
        self.page.host.remembered.put(self._draft, self.form.draft())
