"""A plugin as somebody writes it who has read nothing but the docstrings of `workbench.api`."""

from typing import Literal

from workbench.api import Action, Handle, Layer, P, Panel, Params, Preset, Tool, hookimpl


class Spins(Params):
    side: int = P(32, "Side", ge=4, le=256, help="So many spins lie along each side.")
    heat: float = P(2.27, "Temperature", gt=0, live=True)
    start: Literal["cold", "hot"] = P("hot", "Start")
    steps: int = P(200, "Sweeps", ge=1)


class Pond(Params):
    sources: tuple[tuple[float, float], ...] = P(((-0.5, 0.0), (0.5, 0.0)), "Sources")
    length: float = P(0.3, "Wavelength", ge=0.01)


SPINS = Tool(
    "spins", "Spins on a torus", Spins, run=".job:run", best="-energy",
    panels=(Panel("lattice", "images", "spins"), Panel("curve", parts=(Layer("scalars", "energy"),))),
    actions=(Action("turn", "Turn half of them"),),
    presets=(Preset("cold", "Cold", {"heat": 1.0, "start": "cold"}),),
)  # fmt: skip
POND = Tool(
    "pond", "Waves on a pond", Pond, run=".pond:run", live=True,
    panels=(Panel("pond", parts=(Layer("field", "height", {"map": "diverging"}), Handle("point", "sources"))),),
)  # fmt: skip


@hookimpl
def workbench_declare() -> list[Tool]:
    return [SPINS, POND]
