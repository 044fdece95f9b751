"""The page of settings: a form over them, what the workspace takes of the disk, and a damaged file's repair."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, create_model
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from workbench.settings import Settings
from workbench.texts import HOST, T
from workbench.ui.bar import Bar
from workbench.ui.forms import Form
from workbench.ui.host import Host
from workbench.ui.named import named
from workbench.ui.pages.damage import Damage
from workbench.ui.pages.disk import Disk

SECTIONS = {
    "window": (T("Window"), ("language", "theme", "frame_rate")),
    "jobs": (
        T("Jobs"),
        (
            "device",
            "cpu_slots",
            "gpu_slots",
            "threads",
            "memory_gigabytes",
            "guard",
            "silence_seconds",
            "grace_seconds",
        ),
    ),
    "kept": (T("What is kept"), ("checkpoint_seconds", "checkpoints_kept", "cache_gigabytes")),
}
"""The groups of the form, by name: title and fields of `Settings`."""
ELSEWHERE = ("workspace", "disabled_plugins")
"""Settings that are no field of the form: a workspace is opened, a plugin is disabled on its page."""
_FORM, _SIDE = 620, 380
_PAUSE = 250
"""Milliseconds after the last keystroke: 1, 10 and 100 are not meant by whoever types 1000."""


def grouped() -> type[BaseModel]:
    """`Settings` as a model with a group for each section."""
    groups: dict[str, Any] = {}
    for name, (title, names) in SECTIONS.items():
        inside: dict[str, Any] = {each: _field(each) for each in names}
        group = create_model(name, __config__=Settings.model_config, __module__=Settings.__module__, **inside)
        groups[name] = group, Field(group(), title=title)
    return create_model("settings", __config__=Settings.model_config, __module__=Settings.__module__, **groups)


def _field(name: str) -> tuple[Any, Any]:
    info = Settings.model_fields[name]
    return info.annotation, info


def nested(now: Settings) -> dict[str, dict[str, Any]]:
    """What differs from the defaults, as the form has it."""
    set_ = now.model_dump(exclude_defaults=True)
    found = {name: {each: set_[each] for each in names if each in set_} for name, (_, names) in SECTIONS.items()}
    return {name: values for name, values in found.items() if values}


def _at_top(widget: QWidget) -> QWidget:
    """The widget in another, no taller than it need be."""
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widget)
    layout.addStretch(1)
    return holder


class SettingsPage(QWidget):
    """Made when it is first looked at. What is typed and right is taken and saved as soon as typing pauses."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("page-settings")
        self.host, self.preferences = host, host.preferences
        self.model = grouped()
        self.form = Form(self.model, HOST, host.speech.of(HOST), may_vary=False, turns=host.turns)
        self.disk = Disk(host)
        self.damage = Damage(host)
        self.bar = Bar(host.speech, host.theme)
        self.plugins, self.file = QPushButton(), named(QLabel(), "quiet")
        self._build()
        self._connect()
        self._take(frozenset(Settings.model_fields))

    # ------------------------------------------------------------------ both ways

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """What was just typed is not lost."""
        super().hideEvent(event)
        if self._typed.isActive():
            self._put()

    def _put(self) -> None:
        """What differs in the form from what holds is set."""
        self._typed.stop()
        if self.form.problems() or self.preferences.damage is not None:
            return
        changes = {
            name: value for name, value in self._wished().items() if value != getattr(self.preferences.now, name)
        }
        if changes:
            self.preferences.put(**changes)

    def _wished(self) -> Mapping[str, Any]:
        groups = self.model.model_validate(self.form.values()).model_dump()
        return {name: value for group in groups.values() for name, value in group.items()}

    def _take(self, _names: frozenset[str]) -> None:
        """A setting was changed, here or elsewhere: the form follows, unless it says the same."""
        now = self.preferences.now
        if self.form.problems() or any(getattr(now, name) != value for name, value in self._wished().items()):
            self.form.set_values(nested(now))
        self.form.setEnabled(self.preferences.damage is None)

    def _refused(self, _error: Exception) -> None:
        self.form.setEnabled(self.preferences.damage is None)

    def _mended(self, aside: Path) -> None:
        self.bar.say(T("The settings file was written anew; the damaged one is kept as {file}.", file=aside))

    # ------------------------------------------------------------------ its parts

    def _build(self) -> None:
        speech = self.host.speech
        title, note = named(QLabel(), "title"), named(QLabel(wordWrap=True), "quiet")
        speech.bind(title, "setText", T("Settings"))
        speech.bind(
            note,
            "setText",
            T(
                "What you change is saved at once. Language, theme, frame rate and slots take effect immediately, the "
                "others for jobs that begin from now on."
            ),
        )
        speech.bind(self.plugins, "setText", T("Plugins"))
        self.plugins.clicked.connect(self.host.commands.action("program.plugins").trigger)
        self.file.setText(str(self.host.session.places.settings_file))
        self.file.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = QHBoxLayout()
        for widget in (title, self.file):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.plugins)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 6)
        layout.addLayout(head)
        layout.addWidget(note)
        layout.addWidget(self.damage)
        layout.addLayout(self._columns(), 1)
        layout.addWidget(self.bar)

    def _columns(self) -> QHBoxLayout:
        """The form, and beside it the disk; neither grows wider than can be read."""
        self.form.setMaximumWidth(_FORM)
        side = QScrollArea(widgetResizable=True)
        side.setFrameShape(QFrame.Shape.NoFrame)
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side.setWidget(_at_top(self.disk))
        side.setMaximumWidth(_SIDE)
        columns = QHBoxLayout()
        columns.addWidget(self.form, 3)
        columns.addSpacing(16)
        columns.addWidget(side, 2)
        columns.addStretch(1)
        return columns

    def _connect(self) -> None:
        speech, theme = self.host.speech, self.host.theme
        self._typed = QTimer(self, singleShot=True, interval=_PAUSE)
        self._typed.timeout.connect(self._put)
        self.form.changed.connect(lambda _: self._typed.start())
        self.preferences.changed.connect(self._take)
        self.preferences.refused.connect(self._refused)
        self.preferences.mended.connect(self._mended)
        self.disk.said.connect(self.bar.say)
        speech.changed.connect(self.form.retranslate)
        theme.changed.connect(self.form.apply_theme)
        self.form.apply_theme(theme.dark)
