"""Whether a declaration holds together. Checked when it is found, so that nobody meets the fault at work."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pydantic import BaseModel

from workbench import drawing, fields
from workbench.evidence import Experiment
from workbench.texts import T, Text
from workbench.tool import ArtifactKind, Exporter, Handle, Layer, Lead, Offer, Panel, Tool

Other = Offer | ArtifactKind | Exporter | Experiment
PANEL_KINDS = ("plot", "images", "table", "text")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NAME = re.compile(r"(?P<module>\.?[\w.]*):[A-Za-z_][\w.]*")


def faults_of_tool(tool: Tool, package: str) -> Iterator[Text]:
    """All that is wrong with a tool whose `params` are resolved; nothing where it is right."""
    yield from _id(tool.id)
    if not tool.run and not tool.view:
        yield T("it has neither run nor view.")
    if tool.live and not tool.run:
        yield T("it is live, but has nothing to run.")
    for name in (tool.run, tool.stacked, tool.view):
        yield from _name(name, package)
    yield from _defaults(tool.params)
    yield from _conditions(tool.params)
    yield from _panels(tool)
    yield from _presets(tool)
    yield from _repeated("action", (action.id for action in tool.actions))


def faults_of_other(declaration: Other, package: str) -> Iterator[Text]:
    """All that is wrong with a declaration that is not a tool."""
    if isinstance(declaration, Offer):
        yield from _id(declaration.id)
        yield from _defaults(declaration.params)
        if "kind" in declaration.params.model_fields:
            yield T("its parameters have a field kind, which is the host's.")
    if isinstance(declaration, Exporter | Experiment):
        yield from _id(declaration.id)
    if isinstance(declaration, Experiment):
        yield from _arms(declaration)
    yield from _name(_named(declaration), package)


def _arms(experiment: Experiment) -> Iterator[Text]:
    yield from _repeated("arm", (arm.name for arm in experiment.arms))
    if not experiment.arms:
        yield T("it has no arm.")


def _named(declaration: Other) -> str:
    if isinstance(declaration, Experiment):
        return declaration.verdict
    return declaration.write if isinstance(declaration, Exporter) else declaration.load


def _id(given: str) -> Iterator[Text]:
    if not _ID.fullmatch(given):
        yield T("{id} is no id: letters, digits, dot, dash and underscore make one.", id=repr(given))


def _name(name: str, package: str) -> Iterator[Text]:
    match = _NAME.fullmatch(name)
    if name and not match:
        yield T('{name} is not of the form "module:function".', name=name)
    elif match and match["module"] and not _exists(match["module"], package):
        yield T("{name} names a module that is not there.", name=name)


def _exists(module: str, package: str) -> bool:
    """Whether the file of a module is there; true where only importing something could tell."""
    absolute = importlib.util.resolve_name(module, package)
    parent = absolute.rpartition(".")[0]
    if absolute in sys.modules or (parent and parent not in sys.modules):
        return True
    return importlib.util.find_spec(absolute) is not None


def _defaults(model: type[BaseModel]) -> Iterator[Text]:
    for path, problem in fields.problems(model, {}, partial=True):
        yield T("the default of {field}: {problem}", field=path, problem=problem)


def _conditions(model: type[BaseModel]) -> Iterator[Text]:
    """`when` names fields of the same group, or whole paths."""
    known = {field.path for field in fields.walk(model)}
    for field in fields.walk(model):
        group = field.path.rpartition(".")[0]
        for name in field.flag("when") or ():
            if name not in known and f"{group}.{name}" not in known:
                yield T("{field} is shown when {name}, which does not exist.", field=field.path, name=name)


def _presets(tool: Tool) -> Iterator[Text]:
    yield from _repeated("preset", (preset.id for preset in tool.presets))
    for preset in tool.presets:
        for path, problem in fields.problems(tool.params, preset.values, partial=True):
            yield T("preset {preset}: {field}: {problem}", preset=preset.id, field=path, problem=problem)


def _panels(tool: Tool) -> Iterator[Text]:
    ids = [panel.id for panel in tool.panels]
    yield from _repeated("panel", ids)
    for name in re.split(r"[\s|/(),]+", tool.layout):
        if name and name not in ids:
            yield T("the layout names panel {panel}, which does not exist.", panel=name)
    known = {field.path: field for field in fields.walk(tool.params, lists=True)}
    for panel in tool.panels:
        for fault in _panel(panel, known):
            yield T("panel {panel}: {fault}", panel=panel.id, fault=fault)


def _panel(panel: Panel, known: Mapping[str, fields.Field]) -> Iterator[Text]:
    layers = [part for part in panel.parts if isinstance(part, Layer)]
    if panel.kind not in PANEL_KINDS:
        yield T("there is no kind {kind}; there are: {kinds}.", kind=panel.kind, kinds=", ".join(PANEL_KINDS))
    elif panel.kind == "plot" and not layers:
        yield T("a plot needs a layer.")
    elif panel.kind != "plot" and (layers or not panel.stream):
        yield T("a panel of {kind} names one stream and has no layers.", kind=panel.kind)
    if panel.kind != "table" and any(isinstance(part, Lead) for part in panel.parts):
        yield T("only a row of a table leads to another tool.")
    for layer in layers:
        yield from drawing.faults_of_style(layer)
    streams = {panel.stream, *(layer.stream for layer in layers)}
    for handle in (part for part in panel.parts if isinstance(part, Handle)):
        if handle.param not in known:
            yield T("a handle sets {field}, which does not exist.", field=handle.param)
        elif needed := drawing.fault_of_gesture(handle.gesture, known[handle.param].info, panel.kind):
            yield T("the gesture {gesture} cannot set {field}: it needs {what}.", gesture=handle.gesture,
                    field=handle.param, what=needed)  # fmt: skip
        if handle.of and handle.of not in streams:
            yield T("a handle picks from {stream}, which the panel does not show.", stream=handle.of)


def _repeated(what: str, ids: Iterable[str]) -> Iterator[Text]:
    for each, count in Counter(ids).items():
        if count > 1:
            yield T("{what} {id} is declared {count} times.", what=what, id=each, count=count)
