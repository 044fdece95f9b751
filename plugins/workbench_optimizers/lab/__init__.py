"""The laboratory: paths of derived optimizers over surfaces in the plane."""

from __future__ import annotations

from typing import Any

from workbench.api import Handle, Layer, Panel, Preset, Tool

from .params import MOST, Lab

BESIDE = tuple(Layer("paths", f"beside/{k}", {"colour": k}) for k in range(1, MOST + 1))
PANELS = (
    Panel(
        "plane",
        parts=(
            Layer("field", "depth", {"map": "grey", "contours": 12}),
            *BESIDE,
            Layer("paths", "chain", {"colour": 0}),
            Layer("paths", "slow", {"colour": 7, "label": "Slow weights", "dash": True, "heads": False}),
            Layer("paths", "average", {"colour": 8, "label": "Average", "dash": True, "heads": False}),
            Layer("arrows", "step", {"colour": 3, "label": "The step that is taken apart"}),
            Handle("point", "start"),
            Handle("select", "at", of="chain"),
        ),
        title="Paths",
        help="Drag the start. Click a place on the chain's path: its step is taken apart. Dashed: what lookahead and "
        "average keep. The lower the surface, the brighter: −log(1 + height above the lowest).",
    ),
    Panel(
        "basins",
        parts=(
            Layer("field", "map", {"contours": 0}),
            Layer("points", "minima", {"colour": "white", "size": 6}),
            Handle("point", "start"),
        ),
        title="Where each start ends",
        help="One batch of starts under the chain. The number of the minimum that is reached, the lowest first, 0 for "
        "none; or evaluations with a slope above a thousandth of the usual one; or log(1 + height) at the end.",
    ),
    Panel(
        "parts",
        parts=(Layer("arrows", "parts"),),
        title="One step, stage by stage",
        help="Arrow after arrow: the base's own step, then what each stage adds to it.",
    ),
    Panel(
        "above",
        parts=(Layer("lines", "above"), Layer("scalars", "end", {"least": 2})),  # each end is in the table of variants
        title="Height above the lowest minimum",
        log="y",
    ),
    Panel(
        "ratios",
        parts=(Layer("lines", "ratios"),),
        title="Trust ratio",
        help="‖θ‖/‖h‖, where there is layer adaptation.",
        log="y",
    ),
    Panel(
        "rates",
        parts=(Layer("lines", "rates"),),
        title="Effective rate",
        help="What the base's direction h is multiplied by: γ, ρ(t), the trust ratio and factors by name.",
    ),
    Panel(
        "schedule",
        parts=(Layer("lines", "schedule"), Handle("knots", "optimizer.stages.piecewise.knots")),
        title="Schedule ρ(t)",
        help="Drag the knots of the stage piecewise; a double click adds one, the right button removes it.",
    ),
    Panel("variants", "table", "variants", title="Variants"),
    Panel("notes", "text", "notes", title="Notes"),
)


def _chain(base: dict[str, Any], *stages: dict[str, Any]) -> dict[str, Any]:
    return {"base": base, "stages": list(stages)}


STRONG = {"kind": "decay", "rate": 1.5}
HEAVY = {"kind": "sgd", "lr": 0.003, "momentum": 0.8}
ADAM = {"kind": "adam", "lr": 0.05}
DECAY, LAMB, AHEAD = {"kind": "decay", "rate": 0.05}, {"kind": "adaptation"}, {"kind": "lookahead"}
PRESETS = (
    Preset(
        "valley",
        "Lookahead in a valley",
        {},
        "Rosenbrock's valley: the chain (blue) and its base alone start together. The dashed ghost is the slow "
        "weights, which the fast ones return to at every fifth update. Drag the start.",
    ),
    Preset(
        "schedule",
        "Warm-up and decay of the rate",
        {
            "surface": "beale",
            "start": [-1.5, 2.0],
            "optimizer": _chain(
                {"kind": "adam", "lr": 0.2}, {"kind": "piecewise", "knots": [[0, 0.0], [100, 1.0], [400, 0.05]]}
            ),
        },
        "Drag the knots of the schedule and watch the path follow; the base alone keeps its rate.",
    ),
    Preset(
        "lamb",
        "Layer adaptation: LAMB",
        {
            "surface": {"kind": "quadratic", "condition": 100.0},
            "start": [2.5, 1.5],
            "optimizer": _chain({**ADAM, "lr": 0.02}, DECAY, LAMB, {"kind": "piecewise", "knots": [[0, 1], [500, 0]]}),
            "compare": "without",
            "at": 5,
        },
        "Each step is as long as the rate times ‖θ‖, so it shrinks near the origin. Move decay below adaptation: the "
        "notes say why it differs. The arrows take one step apart.",
    ),
    Preset(
        "noisy",
        "Noise: accumulation and lookahead",
        {
            "surface": {"kind": "quadratic", "condition": 10.0},
            "start": [-2.5, 2.0],
            "noise": {"sd": 4.0},
            "optimizer": _chain(
                {"kind": "sgd", "lr": 0.08}, {"kind": "accumulate", "batches": 4}, AHEAD,
                {"kind": "average", "decay": 0.98},
            ),
            "compare": "without",
        },
        "All variants meet the same noise. Without accumulation or lookahead the path shakes more.",
    ),
    Preset(
        "lazy",
        "Rows that rest",
        {
            "surface": {"kind": "quadratic", "condition": 2.0},
            "start": [-2.0, 2.5],
            "noise": {"both": 0.0},
            "optimizer": _chain(ADAM, {"kind": "lazy"}),
        },
        "Each evaluation has a gradient in x or in y alone, as of one word's row. Lazy moves only that row: steps run "
        "along the axes; Adam alone goes on moving both.",
    ),
    Preset(
        "basins",
        "Which minimum?",
        {"surface": "rastrigin", "start": [-3.4, 2.2], "optimizer": _chain(HEAVY)},
        "Momentum carries starts over ridges: the map shows in which of the many minima each of 40,000 starts ends.",
    ),
    Preset(
        "saddle",
        "Off a saddle",
        {"surface": "saddle", "start": [2.0, 0.0002], "optimizer": _chain({"kind": "sgd", "lr": 0.05}, STRONG)},
        "Nearly on the ridge: decay pulls back to the saddle, the base alone leaves it.",
    ),
    Preset(
        "formula",
        "A formula of your own",
        {"surface": {"kind": "formula"}, "start": [2.0, 2.0], "optimizer": _chain(ADAM)},
        "Type any height over x and y; what is wrong with it is said at the field.",
    ),
)  # fmt: skip

LAB = Tool(
    id="optimizers",
    title="Laboratory of optimizers",
    params=Lab,
    run=".lab.draw:run",
    live=True,
    description="Paths of any optimizer with its stages over a surface in the plane, beside its variants, from a start "
    "that is dragged.",
    panels=PANELS,
    layout="(plane, basins) | (above, ratios, rates / schedule, parts / variants, notes)",
    presets=PRESETS,
    result="variants",
    warm=("torch", "torch._dynamo"),
    threads=1,  # operations on the map take some ten microseconds: too short to be shared
)
