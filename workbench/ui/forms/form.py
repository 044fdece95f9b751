"""The form of a tool's parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from typing import Any, TypeVar

from pydantic import BaseModel
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from workbench.errors import UserError
from workbench.texts import Text
from workbench.tool import Tool
from workbench.ui import fonts
from workbench.ui.forms import copying, nested, vary
from workbench.ui.forms.banner import Banner
from workbench.ui.forms.body import Body
from workbench.ui.forms.build import make_node
from workbench.ui.forms.group import Group
from workbench.ui.forms.growth import Growth
from workbench.ui.forms.help import HelpLine
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.listing import Listing
from workbench.ui.forms.nested import plain
from workbench.ui.forms.node import Retranslated
from workbench.ui.forms.toolbar import Toolbar
from workbench.ui.parts import paint_later, repaint
from workbench.ui.turns import Turns

K = TypeVar("K")


class Form(QWidget):
    """Edits the parameters of a model.

    It holds only what was set, so that what the data or a preset decides goes on being decided; the other fields show
    what they will take. say: translates, `say(text, domain)` or `say(text)`. domain: the plugin's package.
    may_vary: whether fields can be given several values, for a sweep. turns: in which rows are made; its own without.
    changed: the path of a field that a person changed, "" for all. finished: the same, but what is being written into a
    line comes once it is written. typed: `draft()` has changed. drawing: the array at
    this path shall be drawn in its panel. picking: the candidates of an artifact's kind are looked at.
    """

    changed = Signal(str)
    finished = Signal(str)
    typed = Signal()
    drawing = Signal(str)
    picking = Signal(str)

    def __init__(
        self,
        model: type[BaseModel],
        domain: str,
        say: Callable[[str, str], str] | Callable[[str], str],
        parent: QWidget | None = None,
        *,
        may_vary: bool = True,
        turns: Turns | None = None,
    ) -> None:
        super().__init__(parent)
        self.model, self.domain = model, domain
        self._turns = turns = turns or Turns()
        self.hub = Hub(model, say, turns, self)
        self.hub.maker, self.hub.may_vary = make_node, may_vary
        self.toolbar, self.banner, self.help = Toolbar(self.hub, domain), Banner(self.hub), HelpLine(self.hub)
        self.area, self.body = QScrollArea(), Body(self.hub, model, domain)
        self.dressing = Growth(turns, self)
        self._tool: Tool | None = None
        self._preset = ""
        for lettered in (self.toolbar, self.help):
            fonts.wear(lettered)
        self._lay_out()
        self._connect()
        self.refresh()
        self._order()

    def _lay_out(self) -> None:
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.body)
        for each in (self.area.viewport(), self.body):
            each.installEventFilter(self)
        policy = self.area.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.area.setSizePolicy(policy)
        self.area.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 6, 6, 6)
        box.setSpacing(5)
        for each in (self.toolbar, self.banner, self.area, self.help):
            box.addWidget(each, int(each is self.area))
        self.setMinimumWidth(260)

    def _connect(self) -> None:
        hub, bar = self.hub, self.toolbar
        hub.refreshed.connect(self.refresh)
        hub.edited.connect(self._edited)
        hub.refused.connect(lambda _, text: self.banner.say(hub.say(text)))
        hub.finished.connect(self.finished)
        for mine, its in ((self.typed, hub.typed), (self.drawing, hub.drawing), (self.picking, hub.picking)):
            its.connect(mine)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._order)
        hub.rebuilt.connect(self._later.start)
        hub.moved.connect(self.focus)
        bar.preset.connect(self.apply_preset)
        bar.searched.connect(self.search)
        bar.advanced.connect(self.show_advanced)
        bar.asked.connect(self._do)
        self.dressing.done.connect(self.update)

    # ------------------------------------------------------------------ values

    def values(self) -> dict[str, Any]:
        """What was set, nested, for `fields.validate`."""
        found: dict[str, Any] = plain(self.hub.state.values)
        return found

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Takes these values instead of those that were set; none is varied any more."""
        self.hub.vary.clear()
        self.hub.state.replace(values)
        self.hub.check("", now=True)

    def put(self, path: str, value: Any) -> None:
        """Sets one field, as a handle in a panel does."""
        self.hub.put(path, value)

    def reset(self, path: str = "") -> None:
        """Lets a field, a group or all fields take their defaults."""
        self.hub.put_default(path)

    def shown(self, path: str) -> Any:
        """What a field shows: what was set, else what it will take."""
        return self.hub.state.shown(path)

    def title(self, path: str) -> str:
        """What a field is called, in the person's language; its path where there is none."""
        way = self.body.way_to(path)
        return self.hub.say(way[-1].place.title) if way else path

    def problems(self) -> list[tuple[str, Text]]:
        """Everything that is wrong, by field; sweeps' values too."""
        self.hub.settle()
        varied = [(path, self.hub.vary_fault(path)) for path in self.hub.varied()]
        return [*self.hub.faults(), *((path, text) for path, text in varied if text)]

    def vary(self) -> dict[str, list[str]]:
        """The values of the fields that are varied, as `jobs.sweep.plan` takes them; wrong ones are left out."""
        return {
            path: vary.texts_of(path, text) for path, text in self.hub.varied().items() if not self.hub.vary_fault(path)
        }  # fmt: skip

    def set_artifacts(self, kind: str, references: list[str]) -> None:
        """The candidates for parameters that take an artifact of this kind."""
        self.hub.artifacts[kind] = list(references)
        self.refresh()

    # ------------------------------------------------------------------ what survives a crash

    def draft(self) -> dict[str, Any]:
        """All that was typed, right or wrong, as JSON."""
        state = self.hub.state
        return {
            "values": copying.jsonable(state.values),
            "aside": copying.jsonable(state.aside),
            "vary": dict(self.hub.vary),
            "preset": self._preset,
            "advanced": self.hub.advanced,
        }

    def restore_draft(self, draft: Mapping[str, Any]) -> None:
        """Takes back what `draft` gave; what is not understood is left out."""
        state = self.hub.state
        values, aside, varied = (draft.get(name) for name in ("values", "aside", "vary"))
        state.replace(values if isinstance(values, dict) else {})
        for path in [path for path, _ in state.wrong if path and not self._exists(path)]:
            nested.remove(state.values, path)  # of an older version of the tool: nobody could mend it
        state.aside = _of_texts(plain(aside), dict)
        self.hub.vary = _of_texts(varied, str) if self.hub.may_vary else {}
        self.show_advanced(bool(draft.get("advanced")))
        preset = str(draft.get("preset", ""))
        self.hub.check("", now=True)
        self._show_preset(preset)

    def _exists(self, path: str) -> bool:
        try:
            self.hub.state.kind_at(path)
        except (KeyError, IndexError):
            return False
        return True

    # ------------------------------------------------------------------ presets, tool

    def set_tool(self, tool: Tool, fill: bool = True) -> None:
        """Offers the tool's presets and its command. fill: with the first preset."""
        self._tool = tool
        self.toolbar.offer(tool.presets)
        if fill and tool.presets:
            self.apply_preset(tool.presets[0].id)

    def apply_preset(self, id: str) -> None:
        """Takes a preset's values; what has no default and is not among them, as chosen files, stays.

        Raises KeyError for one that the tool does not have.
        """
        presets = self._tool.presets if self._tool else ()
        found = {preset.id: preset for preset in presets}[id]
        self.set_values(self._with_chosen(found.values))
        self._show_preset(id)

    def _with_chosen(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A preset's values, and what was chosen of what has no default."""
        fields = self.model.model_fields
        chosen = {name: value for name, value in self.values().items() if name in fields and fields[name].is_required()}
        return {**chosen, **values}

    def _show_preset(self, id: str) -> None:
        self._preset = id
        self.toolbar.show_preset(id)

    def _matching_preset(self) -> str:
        """The preset by which all fields would take what they take now, "" for none."""
        presets, state = self._tool.presets if self._tool else (), self.hub.state
        return next((each.id for each in presets if state.comes_of(self._with_chosen(each.values))), "")

    @property
    def preset(self) -> str:
        """The preset whose values these are, "" when something was changed since."""
        return self._preset

    def as_command(self) -> str:
        """The command that runs the tool with these parameters, all of a sweep if some are varied."""
        tool, written = self._tool.id if self._tool else "TOOL", self.hub.varied()
        varied = [vary.argument(path, written[path]) for path in self.vary()]
        return copying.as_command(tool, self.model, self.values(), varied)

    def as_python(self) -> str:
        """Python that makes these parameters, those of all runs of a sweep if some are varied."""
        return copying.as_python(self._tool.id if self._tool else "TOOL", self.model, self.values(), self.vary())

    # ------------------------------------------------------------------ how it looks

    def set_running(self, running: bool) -> None:
        """While a job runs, only live fields may be changed; they are marked."""
        if running == self.hub.running:
            return
        self.hub.running = running
        self.refresh()

    def retranslate(self) -> None:
        """Says everything in the language that `say` now speaks, part by part."""
        for lettered in (self.toolbar, self.help, *self.body.inner()):
            self.dressing.want(partial(fonts.wear, lettered))
        for part in self._every_part():
            self.dressing.want(part.retranslate)
        for then in (self.refresh, self._arrange):
            self.dressing.want(then)

    def apply_theme(self, dark: bool) -> None:
        """Light or dark, part by part."""
        self.hub.dark = dark
        for part in self._every_part():
            self.dressing.want(part.recolour)

    def _every_part(self) -> list[Retranslated]:
        return [*self.body.every_part(), self.toolbar, self.banner, self.help]

    def search(self, text: str) -> None:
        """Shows only fields whose title (in either language), help or path holds all the words."""
        self.hub.sought = text.strip()
        self.refresh()

    def show_advanced(self, on: bool) -> None:
        """Shows advanced fields too."""
        self.hub.advanced = on
        self.toolbar.switch.setChecked(on)
        self.refresh()

    def complete(self) -> None:
        """Makes now what else would be made between other events."""
        self.area.show()
        self.hub.growth.finish()
        self.dressing.finish()
        self._later.stop()
        self._order()
        for _ in range(4):  # a layout tells only the one above it, and that one in its turn
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self.area.setUpdatesEnabled(True)

    def focus(self, path: str) -> None:
        """Brings a field into view and gives it the focus."""
        self.complete()
        chain = self.body.way_to(path)
        if not chain:
            return
        if any(each.place.flags.get("advanced") for each in chain):
            self.show_advanced(True)
        self.toolbar.search.clear()
        self.search("")
        for each in chain[:-1]:
            each.unfold()
        stop = next((each for each in chain[-1].stops() if not each.isHidden() and each.isEnabled()), None)
        if stop is not None:
            self.area.ensureWidgetVisible(chain[-1])
            stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Shows what is set and taken, what is wrong, and what is to be seen."""
        self.body.refresh()
        unclaimed = self.body.claim(self.hub.faults())
        self.body.note(self._notes())
        self.body.show_up()
        unseen = [fault for each in self.body.every() if each.isHidden() for fault in each.faults]
        said = [f"{path}: {self.hub.say(text)}" if path else self.hub.say(text) for path, text in unclaimed + unseen]
        self.banner.say("\n".join(dict.fromkeys(said)))
        self.toolbar.show_counts(self.body.advanced_count(), self.hub.running)

    def _notes(self) -> dict[str, str]:
        """What is remarked at each field; of several together in full at the last, where the others point to."""
        found: dict[str, list[str]] = {}
        for remark in self.hub.state.remarks:
            *others, last = remark.fields
            titles = ", ".join(map(self.title, others))
            text = self.hub.say(remark.text)
            found.setdefault(last, []).append(f"⇄ {titles}: {text}" if others else text)
            for each in others:
                found.setdefault(each, []).append(f"⇄ {self.title(last)}")
        return {path: "\n".join(texts) for path, texts in found.items()}

    def _edited(self, path: str) -> None:
        self._show_preset("" if path else self._matching_preset())
        self.changed.emit(path)

    # ------------------------------------------------------------------ layout

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The room for fields is another: later than the form's own where it was hidden, and by a scroll bar. Or they
        need another: a sentence has come at one of them, a part was folded."""
        if event.type() == QEvent.Type.Resize and watched is self.area.viewport():
            self._arrange()
        elif event.type() == QEvent.Type.Resize and watched is self.body:  # placing and painting each take their time
            paint_later(self.area, self._turns)
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Files may have come and gone meanwhile. Fields that were never seen are placed in a turn of their own."""
        super().showEvent(event)
        QTimer.singleShot(0, self.area, self.area.show)
        self.hub.presence.again()
        if not self.updatesEnabled():
            self.dressing.want(partial(repaint, self))

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Shown again, it is painted in a turn of its own."""
        super().hideEvent(event)
        self.setUpdatesEnabled(False)

    def _arrange(self) -> None:
        width = self.area.viewport().width()
        self.body.arrange(width, self.body.title_width(width))

    def _order(self) -> None:
        """The tab key goes from top to bottom, through what was made later too."""
        self._arrange()
        stops = [*self.toolbar.stops(), *self.body.stops()]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    # ------------------------------------------------------------------ the menu

    def _do(self, what: str) -> None:
        doings: dict[str, Callable[[], Any]] = {
            "command": lambda: QGuiApplication.clipboard().setText(self.as_command()),
            "python": lambda: QGuiApplication.clipboard().setText(self.as_python()),
            "copy": lambda: QGuiApplication.clipboard().setText(copying.group_as_json(self.hub.state.taken)),
            "paste": self.paste,
            "reset": self.reset,
            "fold": lambda: self._fold_all(False),
            "unfold": lambda: self._fold_all(True),
        }
        doings[what]()

    def paste(self) -> None:
        """Takes all values from the clipboard; says why where they do not fit."""
        text = QGuiApplication.clipboard().text()
        try:
            value = copying.all_from_json(self.model, text)
        except UserError as error:
            self.banner.say(self.hub.say(error.text))
        else:
            self.set_values(value)

    def _fold_all(self, shown: bool) -> None:
        for each in self.body.every():
            if isinstance(each, Group | Listing):
                each.heading.fold.setChecked(shown)


def _of_texts(found: Any, kind: type[K]) -> dict[str, K]:
    """Of what was remembered those entries that are of this kind."""
    return {name: each for name, each in found.items() if isinstance(each, kind)} if isinstance(found, dict) else {}
