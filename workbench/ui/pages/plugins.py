"""The page of plugins: what was found, what became of it and why; each is enabled and disabled here."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.registry import Plugin
from workbench.texts import T, Text
from workbench.ui.bar import Bar, show_text
from workbench.ui.host import Host
from workbench.ui.named import named

_HEADS = (T("Plugin"), T("Version"), T("Source"), T("State"), T("Load time"), T("Tools"))
_SOURCES = {"built-in": T("built in"), "installed": T("installed"), "folder": T("plugins folder")}
_STATES = {"ok": T("loaded"), "failed": T("failed"), "disabled": T("disabled"), "skipped": T("not loaded")}
_NAME = Qt.ItemDataRole.UserRole


class PluginsPage(QWidget):
    """The plugins as this start found them. Enabling and disabling is kept in the settings, for the next start."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("page-plugins")
        self.host = host
        self.plugins = {(each.name, each.path): each for each in host.registry.plugins}
        self.tree = QTreeWidget()
        self.about = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.trace, self.toggle, self.folder = QPushButton(), QPushButton(), QPushButton()
        self.pending = named(QLabel(wordWrap=True), "quiet")
        self.bar = Bar(host.speech, host.theme)
        self._build()
        self._list()
        self._connect()
        for item in self._items()[:1]:
            self.tree.setCurrentItem(item)
        self.refresh()

    @property
    def current(self) -> Plugin | None:
        """The plugin that is selected."""
        item = self.tree.currentItem()
        return self.plugins[item.data(0, _NAME)] if item is not None else None

    def select(self, name: str) -> None:
        """Selects a plugin by its name."""
        for item in self._items():
            if item.data(0, _NAME)[0] == name:
                self.tree.setCurrentItem(item)

    # ------------------------------------------------------------------ what is shown

    def refresh(self, *_: object) -> None:
        """Says everything anew: in another language, another theme, after a change."""
        say, colours = self.host.speech.say, self.host.theme.colours
        self.tree.setHeaderLabels([say(each) for each in _HEADS])
        for item in self._items():
            plugin = self.plugins[item.data(0, _NAME)]
            for column, text in enumerate(self._row(plugin)):
                item.setText(column, text)
            bad = plugin.state == "failed" or plugin.problems
            item.setForeground(3, QBrush(QColor(colours.bad if bad else colours.text)))
        self._explain()

    def _row(self, plugin: Plugin) -> list[str]:
        say = self.host.speech.say
        seconds = f"{plugin.load_seconds * 1000:.0f} ms" if plugin.load_seconds else ""
        return [plugin.name, plugin.version, say(_SOURCES[plugin.source]), say(self._state(plugin)), seconds,
                ", ".join(map(self._tool, plugin.tools))]  # fmt: skip

    def _state(self, plugin: Plugin) -> Text:
        if plugin.state == "ok" and plugin.problems:
            return T("loaded, with problems")
        if self._wished(plugin) == (plugin.state == "disabled"):
            return T("enabled at the next start") if plugin.state == "disabled" else T("disabled at the next start")
        return _STATES[plugin.state]

    def _tool(self, id: str) -> str:
        found = self.host.registry.tools[id]
        return self.host.speech.say(found.tool.title, found.package)

    def _wished(self, plugin: Plugin) -> bool:
        """Whether the settings want it loaded."""
        return plugin.name not in self.host.preferences.now.disabled_plugins

    def _explain(self) -> None:
        """The selected plugin: where it lies, what is wrong with it, what can be done."""
        say, plugin = self.host.speech.say, self.current
        if plugin is None:
            return
        lines = [str(plugin.path)] if plugin.path else []
        lines += [say(each.text) for each in plugin.problems]
        self.about.setText("\n".join(lines) or say(T("It is not loaded.")))
        self.trace.setVisible(any(each.traceback for each in plugin.problems))
        self.toggle.setText(say(T("Disable {name}", name=plugin.name) if self._wished(plugin)
                                else T("Enable {name}", name=plugin.name)))  # fmt: skip
        changed = any(self._wished(each) == (each.state == "disabled") for each in self.plugins.values())
        self.pending.setText(say(T("Changes take effect at the next start.")) if changed else "")

    # ------------------------------------------------------------------ what can be done

    def _toggle(self) -> None:
        plugin = self.current
        if plugin is None:
            return
        disabled = set(self.host.preferences.now.disabled_plugins) ^ {plugin.name}
        self.host.preferences.put(disabled_plugins=tuple(sorted(disabled)))

    def _show_trace(self) -> None:
        if self.current is not None:
            found = "\n".join(each.traceback for each in self.current.problems if each.traceback)
            show_text(self.current.name, found, self)

    # ------------------------------------------------------------------ its parts

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.tree.topLevelItem(row) for row in range(self.tree.topLevelItemCount()))
        return [each for each in found if each is not None]

    def _list(self) -> None:
        with QSignalBlocker(self.tree):
            for key in self.plugins:
                QTreeWidgetItem(self.tree).setData(0, _NAME, key)

    def _connect(self) -> None:
        host = self.host
        self.tree.currentItemChanged.connect(lambda *_: self._explain())
        self.trace.clicked.connect(self._show_trace)
        self.toggle.clicked.connect(self._toggle)
        self.folder.clicked.connect(host.commands.action("help.folder").trigger)
        host.preferences.changed.connect(self.refresh)
        host.speech.changed.connect(self.refresh)
        host.theme.changed.connect(self.refresh)

    def _build(self) -> None:
        speech = self.host.speech
        title = named(QLabel(), "title")
        speech.bind(title, "setText", T("Plugins"))
        speech.bind(self.tree, "setAccessibleName", T("Plugins"))
        speech.bind(self.folder, "setText", T("Open the plugins folder"))
        speech.bind(self.trace, "setText", T("Traceback"))
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.folder)
        split = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        split.addWidget(self._table())
        split.addWidget(self._details())
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setSizes([420, 240])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 6)
        layout.addLayout(head)
        layout.addWidget(split, 1)
        layout.addWidget(self.bar)

    def _table(self) -> QTreeWidget:
        self.tree.setColumnCount(len(_HEADS))
        self.tree.setRootIsDecorated(False)
        self.host.theme.dress(self.tree, "roomy")
        self.tree.setAlternatingRowColors(True)
        self.tree.setUniformRowHeights(True)
        header = self.tree.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(len(_HEADS) - 1, QHeaderView.ResizeMode.Stretch)
        return self.tree

    def _details(self) -> QWidget:
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(self.about)
        row = QHBoxLayout()
        row.addWidget(self.toggle)
        row.addWidget(self.trace)
        row.addWidget(self.pending, 1)
        details = QWidget()
        layout = QVBoxLayout(details)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addLayout(row)
        layout.addWidget(area, 1)
        return details
