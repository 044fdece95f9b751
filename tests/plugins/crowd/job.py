"""Every panel gets a curve."""

from workbench.api import Context

from . import NAMES, Crowded


def run(params: Crowded, context: Context) -> None:
    for step in context.steps(params.steps):
        context.scalars(**{f"{name}/x": params.first.rate * step for name in NAMES})
