"""Products of runs that a form's fields can take: the newest fills a field that needs one, a click lists them all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from workbench import fields
from workbench.params import Artifact
from workbench.runs.artifacts import references
from workbench.ui.forms import Form
from workbench.ui.host import Host


class Picking(QObject):
    """Reads in a lane what runs have made."""

    def __init__(self, form: Form, host: Host) -> None:
        super().__init__(form)
        self._form, self._host = form, host
        form.picking.connect(self.offer)

    def offer(self, kind: str) -> None:
        """Lists the artifacts of a kind."""
        self._read([kind], lambda: None)

    def fill(self, then: Callable[[], object]) -> None:
        """Fills empty fields that need an artifact with the newest, then calls `then`; at once where none is empty."""
        empty = {path: kind for path, kind in _needed(self._form.model) if not self._form.shown(path)}
        if empty:
            self._read(list(dict.fromkeys(empty.values())), partial(self._put, empty, then))
        else:
            then()

    def _put(self, empty: dict[str, str], then: Callable[[], object]) -> None:
        for path, kind in empty.items():
            known = self._form.hub.candidates(kind)
            if known and not self._form.shown(path):
                self._form.put(path, known[0])
        then()

    def _read(self, kinds: list[str], then: Callable[[], object]) -> None:
        workspace = self._host.desk().workspace
        self._host.background.do(
            lambda: {kind: references(workspace, kind) for kind in kinds}, partial(self._take, then), lane="picking"
        )

    def _take(self, then: Callable[[], object], found: dict[str, list[str]]) -> None:
        for kind, known in found.items():
            self._form.set_artifacts(kind, known)
        then()


def _needed(model: Any) -> list[tuple[str, str]]:
    """Fields that need an artifact, with its kind; not those of variants, which may not be chosen."""
    return [
        (field.path, mark.kind)
        for field in fields.walk(model)
        for mark in field.info.metadata
        if isinstance(mark, Artifact) and field.info.is_required() and not field.member
    ]
