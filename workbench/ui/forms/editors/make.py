"""Which editor a kind gets."""

from __future__ import annotations

from workbench.ui.forms.editors.array import ArrayEditor
from workbench.ui.forms.editors.artifact import ArtifactEditor
from workbench.ui.forms.editors.base import Editor
from workbench.ui.forms.editors.choice import ChoiceEditor
from workbench.ui.forms.editors.number import NumberEditor
from workbench.ui.forms.editors.numbers import NumbersEditor
from workbench.ui.forms.editors.path import PathEditor
from workbench.ui.forms.editors.switch import SwitchEditor
from workbench.ui.forms.editors.text import JsonEditor, TextEditor
from workbench.ui.forms.editors.vector import VectorEditor
from workbench.ui.forms.hub import Hub
from workbench.ui.forms.place import Place

EDITORS: dict[str, type[Editor]] = {
    "number": NumberEditor,
    "integer": NumberEditor,
    "switch": SwitchEditor,
    "text": TextEditor,
    "choice": ChoiceEditor,
    "vector": VectorEditor,
    "numbers": NumbersEditor,
    "file": PathEditor,
    "folder": PathEditor,
    "path": PathEditor,
    "artifact": ArtifactEditor,
    "array": ArrayEditor,
    "json": JsonEditor,
}


def make_editor(hub: Hub, place: Place) -> Editor:
    """The editor of a place."""
    return EDITORS[place.kind.name](hub, place)
