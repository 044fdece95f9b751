"""All that a plugin's author imports. Read this page, then `help(workbench.api.Context)`, and of the declarations
those that are needed: `Tool`, `Panel`, `Layer` (with its styles), `Handle` (with the gestures), `Lead` (from a table's
row to another tool), `P` for parameters.
`help(workbench.api)` shows pydantic's inside too; `print(workbench.api.__doc__)` is this page alone.

A plugin is a package with a hook that returns declarations (light: it is read at every start) and modules that do the
work (imported where it is done, as heavy as they like). Put the folder `my_plugin`, or a link to it, into the user's
plugins folder (`~/.local/share/kexue-workbench/plugins/` on Linux), or offer an installed package by an entry point in
the group `workbench.plugins`. `workbench tools` lists it, or says what is wrong with it.

**A job** takes long and reports as it goes. `workbench run walk --set steps=500` runs it and keeps what it reports.

    # my_plugin/__init__.py
    from workbench.api import Handle, Layer, P, Panel, Params, Tool, hookimpl

    class Walk(Params):
        rate: float = P(1e-3, "Learning rate", gt=0, log=True, live=True)
        steps: int = P(2000, "Steps", ge=1)

    WALK = Tool("walk", "A random walk", Walk, run=".job:run",
                panels=(Panel("cloud", parts=(Layer("points", "here"),)),))

    # my_plugin/job.py
    import torch

    def run(params, context):
        x = torch.zeros(500, 2)
        context.track(x=x)                                  # all that checkpoint, resume and fork need
        for step in context.steps(params.steps):            # between two steps: pause, stop, save, changed parameters
            x += context.params.rate * torch.randn_like(x)  # in place, for what is tracked is this tensor; the newest
                                                            # value of a parameter, `params` holds those of the start
            context.scalars(spread=x.std())                 # curves get a panel by themselves
            if context.wants("here"):                       # what is computed only to be seen stands behind this,
                with context.aside():                       # and draws no random numbers from training
                    context.points("here", x)

**A live tool** is evaluated again, newest parameters win, whenever one changes. It needs neither loop nor `track`; its
worker stays, so that what its module holds (a loaded model, frozen noise) is there next time. Long loops call
`context.sync()`, which ends an evaluation that is not wanted any more. Run on the command line it is a run like any.

    # my_plugin/__init__.py, continued
    class Waves(Params):
        source: tuple[float, float] = P((0.0, 0.0), "Source")
        length: float = P(0.3, "Wavelength", gt=0)

    WAVES = Tool("waves", "Waves", Waves, run=".look:run", live=True,
                 panels=(Panel("pond", parts=(Layer("field", "height"), Handle("point", "source"))),))

    @hookimpl
    def workbench_declare():
        return [WALK, WAVES]

    # my_plugin/look.py
    import numpy as np

    def run(params, context):
        x, y = np.meshgrid(np.linspace(-1, 1, 200), np.linspace(-1, 1, 200))
        distance = np.hypot(x - params.source[0], y - params.source[1])
        context.field("height", np.cos(2 * np.pi * distance / params.length), (-1, 1), (-1, 1))

Names of parameters that the host knows: `steps` (a resumed run may have more of them), `seed` (every tool has it; the
host seeds Python, numpy and torch with it), `device` ("auto", "cpu", "cuda:0"), `lr` and `lr_…` (lowered when a run
diverges), `optimizer` (a `workbench.ml.optim.params.Optimizer`: base and stages), `document` and `revision` (of a tool
with a view: the window fills in the file that is open and its state, saved). A group may say what its values mean
together (`Group.remarks`), offer some (`Group.examples`) and write them as Python (`Group.as_python`): the form shows
it. A view is a widget with a document, edited beside the panels: `workbench.ui.widgets.View`. What `Context` offers
stands there; what may be declared, with `Tool`, `Offer`, `ArtifactKind`, `Exporter` and `Experiment`.
`help(workbench.testing.contract)` says how a tool gets its tests.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.context import Context
    from workbench.errors import Stop, Superseded, UserError
    from workbench.evidence import Arm, Evidence, Experiment, Outcome, Verdict, judged
    from workbench.hooks import hookimpl
    from workbench.params import (
        Array,
        Artifact,
        Begins,
        Example,
        File,
        FileOrFolder,
        Folder,
        Group,
        Offered,
        OneOf,
        P,
        Params,
        Phased,
        Remark,
    )
    from workbench.statistics import Interval, interval, paired
    from workbench.texts import Text, domain
    from workbench.tool import (
        Action,
        ArtifactKind,
        Declaration,
        Exporter,
        Handle,
        Layer,
        Lead,
        Offer,
        Panel,
        Preset,
        Tool,
    )
else:
    _NAMES = {
        "context": "Context",
        "errors": "Stop Superseded UserError",
        "evidence": "Arm Evidence Experiment Outcome Verdict judged",
        "hooks": "hookimpl",
        "params": "Array Artifact Begins Example File FileOrFolder Folder Group Offered OneOf P Params Phased Remark",
        "statistics": "Interval interval paired",
        "texts": "Text domain",
        "tool": "Action ArtifactKind Declaration Exporter Handle Layer Lead Offer Panel Preset Tool",
    }
    _HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}

    def __getattr__(name):
        """A name is imported when it is asked for: a process that only counts does without the declarations."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(f"workbench.{_HOMES[name]}"), name)
        return found

    def __dir__():
        """What `help` looks through."""
        return sorted(_HOMES)


__all__ = [
    "Action",
    "Arm",
    "Array",
    "Artifact",
    "ArtifactKind",
    "Begins",
    "Context",
    "Declaration",
    "Evidence",
    "Example",
    "Experiment",
    "Exporter",
    "File",
    "FileOrFolder",
    "Folder",
    "Group",
    "Handle",
    "Interval",
    "Layer",
    "Lead",
    "Offer",
    "Offered",
    "OneOf",
    "Outcome",
    "P",
    "Panel",
    "Params",
    "Phased",
    "Preset",
    "Remark",
    "Stop",
    "Superseded",
    "Text",
    "Tool",
    "UserError",
    "Verdict",
    "domain",
    "hookimpl",
    "interval",
    "judged",
    "paired",
]
