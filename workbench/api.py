"""All that a plugin's author imports.

A tool in thirty lines: a module with a hook that returns declarations (light: it is read at every start), and a
module with the job itself (imported in the worker, as heavy as it likes).

    # my_plugin/__init__.py
    from workbench.api import Layer, P, Panel, Params, Tool, hookimpl

    class Settings(Params):
        rate: float = P(1e-3, "Learning rate", gt=0, log=True, live=True)
        steps: int = P(2000, "Steps", ge=1)

    @hookimpl
    def workbench_declare():
        return [Tool("walk", "A random walk", Settings, run=".job:run",
                     panels=(Panel("cloud", parts=(Layer("points", "here"),)),))]

    # my_plugin/job.py
    import torch

    def run(params, context):
        x = torch.zeros(500, 2)
        context.track(x=x)
        for step in context.steps(params.steps):
            x += context.params.rate * torch.randn_like(x)
            context.scalars(spread=x.std())
            if context.wants("here"):
                context.points("here", x)
"""

from workbench.context import Context
from workbench.errors import Stop, Superseded, UserError
from workbench.evidence import Arm, Evidence, Experiment, Outcome, Verdict
from workbench.hooks import hookimpl
from workbench.params import Array, Artifact, File, Folder, Group, Offered, OneOf, P, Params
from workbench.statistics import Interval, interval, paired
from workbench.texts import Text, domain
from workbench.tool import (
    Action,
    ArtifactKind,
    Dataset,
    Declaration,
    Exporter,
    Handle,
    Layer,
    Panel,
    Preset,
    Tool,
)

__all__ = [
    "Action",
    "Arm",
    "Array",
    "Artifact",
    "ArtifactKind",
    "Context",
    "Dataset",
    "Declaration",
    "Evidence",
    "Experiment",
    "Exporter",
    "File",
    "Folder",
    "Group",
    "Handle",
    "Interval",
    "Layer",
    "Offered",
    "OneOf",
    "Outcome",
    "P",
    "Panel",
    "Params",
    "Preset",
    "Stop",
    "Superseded",
    "Text",
    "Tool",
    "UserError",
    "Verdict",
    "domain",
    "hookimpl",
    "interval",
    "paired",
]
