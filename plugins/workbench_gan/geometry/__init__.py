"""The article's drawing, alive: a feature, the weights that score it, what each projects away and what is left."""

from __future__ import annotations

from typing import Annotated

from workbench.api import Begins, Handle, Layer, P, Panel, Params, Preset, Tool, domain

T = domain("workbench_gan")

Coordinate = Annotated[float, P(..., ge=-100, le=100)]
Vector = tuple[Coordinate, Coordinate]


class Geometry(Params):
    """A feature and the weights of a cascade, in the plane."""

    v: Vector = P((1.5, 1.2), "Feature v", help="Drag its tip.")
    w: tuple[Annotated[Vector, Begins((-1.0, 1.0))], ...] = P(
        ((1.6, 0.2), (0.9, 1.3)),
        "Weights w",
        help="One for each stage: drag the tips, add stages, change their order.",
        min_length=1,
        max_length=8,
    )
    orthonormal: bool = P(
        False,
        "Orthonormal weights",
        help="Each weight loses what those before it span, and has length 1: then no stage meets a part twice.",
    )


GEOMETRY = Tool(
    id="gan-geometry",
    warm=("torch",),
    title="Cascading rejection in the plane",
    params=Geometry,
    run=".geometry.draw:run",
    live=True,
    description="Scores a feature by one weight, rejects what that weight saw, and scores the rest by the next.",
    panels=(
        Panel(
            "plane",
            parts=(
                Layer("paths", "drops", {"dash": True, "label": "Taken away"}),
                Layer("arrows", "weights", {"label": "Weights"}),
                Layer("arrows", "projections", {"label": "Projections"}),
                Layer("arrows", "rejections", {"label": "What is left"}),
                Layer("arrows", "feature", {"label": "Feature"}),
                Handle("vector", "v"),
                Handle("vector", "w"),
            ),
            title="In the plane",
            help="Dashed: what each stage takes away, at a right angle to what it leaves.",
        ),
        Panel(
            "scores",
            parts=(Layer("bars", "scores"),),
            title="Score of each stage",
            help="The inner product at each stage.",
        ),
        Panel(
            "left",
            parts=(Layer("bars", "left"),),
            title="Left of the feature",
            help="The share of its squared length that remains after each stage.",
        ),
        Panel(
            "angles",
            "table",
            "cosines",
            title="Cosines between the weights",
            help="A stage is orthogonal to the weight just before it, in general not to earlier ones.",
        ),
    ),
    layout="plane | (scores / left / angles)",
    presets=(
        Preset(
            "two",
            "Two weights",
            {},
            "Drag v along the first weight: the second score falls to nothing, for nothing is left to score.",
        ),
        Preset(
            "right",
            "At right angles",
            {"w": [[1.5, 0.0], [0.0, 1.5]]},
            "Orthogonal weights see everything: two stages leave nothing of v.",
        ),
        Preset(
            "three",
            "Three weights",
            {"w": [[1.6, 0.2], [0.9, 1.3], [-1.0, 0.8]]},
            "A third weight in two dimensions scores again what the first has seen: v₃ is not orthogonal to w₁.",
        ),
    ),
)
