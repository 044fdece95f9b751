"""Declarations: what a tool is, what it runs and what it shows. Light, frozen, without Qt.

Each kind of thing that a plugin offers is a record here; all take keywords, in the order in which their fields stand
here. A run keeps its tool's declaration as JSON, so that it opens
when the plugin is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from workbench.params import Params
from workbench.texts import Text

_RECORD = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
Gesture = Literal["point", "vector", "bars", "knots", "mask", "select", "range", "level"]


@dataclass(frozen=True, config=_RECORD)
class Layer:
    """What a plot draws of a stream: `Layer("points", "walkers")` draws `context.points("walkers", …)`.

    kind: "scalars" (curves; stream may be the part before "/"), "lines", "points", "field", "arrows", "paths", "bars".
    style, by kind, `Layer("field", "height", {"map": "diverging"})`; what is not named is the theme's:

        all but field  colour ("red", "#d1603d" or the number of one of the theme's colours)
        all            label (what the legend says); corners (the three names of a panel with space="simplex")
        scalars        least (values that a curve needs to be shown)
        lines          dash (True: dashed)
        points         size (pixels), map and levels (low, high) of a column `colour` that holds fractions
        field          map ("viridis", "diverging", "grey"), levels (low, high), contours (how many; 0: none)
        arrows         dash, names (texts beside the tips)
        paths          dash, heads (a dot where each path has come to)

    A style that a kind does not have, or a value that means nothing, is a fault of the declaration.
    """

    kind: Literal["scalars", "lines", "points", "field", "arrows", "paths", "bars"]
    stream: str
    style: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, config=_RECORD)
class Handle:
    """The way back: a gesture in a panel sets a parameter. Panels are linked by naming the same parameter.

    gesture: "point", "vector", "bars", "knots", "mask", "select", "range" or "level". param: the parameter's dotted
    path (`stages.piecewise.knots`: of a list of variants, the first of that kind); a gesture can set one that holds

        point, vector  a pair of numbers, or a tuple of pairs
        knots          a tuple of pairs
        bars           a tuple of numbers
        range          a pair (low, high)
        level          a number
        select         an index; `of` is the stream that it picks from. In a table also a text, that of the row's first
                       cell, and in a text always: that of a link "#…"
        mask           `Annotated[Any, Array("bool", 2)]`
    """

    gesture: Gesture
    param: str
    of: str = ""


@dataclass(frozen=True, config=_RECORD)
class Lead:
    """From a row of a table to another tool, which is opened with parameters: by a button, Enter or a double click.

    tool: its id. title: what the button says. param: of that tool, takes the text of the row's first cell.
    artifact, takes: the name of an artifact of the run that is shown, and the parameter that takes it; missing: what is
    said of a run that has none.
    """

    tool: str
    title: str
    param: str
    artifact: str = ""
    takes: str = ""
    missing: str = ""


@dataclass(frozen=True, config=_RECORD)
class Panel:
    """A panel of images, table or text shows one stream; a plot has layers and handles on one canvas.

    kind: "plot", "images", "table" or "text". stream: what a panel of images, table or text shows. parts: `Layer`s,
    `Handle`s and, of a table, `Lead`s. title, help: texts; without a title the id is shown. space: "xy", or "simplex":
    a point (a, b) has the shares a, b and 1 - a - b. log: which axes are logarithmic, "", "x", "y" or "xy".

        Panel("loss", parts=(Layer("scalars", "loss"),), log="y")
        Panel("digits", "images", "samples", title="Samples")
    """

    id: str
    kind: str = "plot"
    stream: str = ""
    parts: tuple[Layer | Handle | Lead, ...] = ()
    title: Text | str = ""
    help: str = ""
    space: Literal["xy", "simplex"] = "xy"
    log: Literal["", "x", "y", "xy"] = ""


@dataclass(frozen=True, config=_RECORD)
class Action:
    """Something a person may ask of a running job; the job answers with `context.on(id, handler)`.

    params: a `Group` of what is asked beside it; the handler takes the fields by name.
    """

    id: str
    title: str = ""
    params: type[BaseModel] | None = None


@dataclass(frozen=True, config=_RECORD)
class Preset:
    """Named values. text: what to look for. The first preset of a tool is the sample that starts at once."""

    id: str
    title: str
    values: Mapping[str, Any]
    text: str = ""


@dataclass(frozen=True, config=_RECORD)
class Tool:
    """A tool: its parameters, what it runs and what it shows.

    run: "module:function"(params, context); ".train:run" is in the plugin's package, ":run" in the plugin itself.
    live: the same, evaluated again whenever a parameter changes. stacked: "module:function"([params…], [context…]),
    several runs trained as one batch. view: "module:Class", a `workbench.ui.widgets.View`. opens: patterns of the files
    that the view opens. layout: panels by id, `a | b / c`. result: the stream that `export --to csv` writes; columns:
    of one with many these alone. best: the scalar by which a checkpoint is the best, "-" before it for smallest. warm:
    modules that a spare worker imports beforehand.
    A stream that a panel names and the job never reports leaves its panel empty, and a `best` that it never reports
    means no best checkpoint: that depends on the parameters, so neither is a fault of the declaration
    (`workbench.testing.contract` finds both).
    threads: the most torch threads that are of use (0: as many as the host gives). hidden: not among the tools on
    offer.
    """

    id: str
    title: str
    params: type[Params]
    run: str = ""
    description: str = ""
    icon: str = ""
    live: bool = False
    stacked: str = ""
    view: str = ""
    opens: tuple[str, ...] = ()
    panels: tuple[Panel, ...] = ()
    layout: str = ""
    actions: tuple[Action, ...] = ()
    presets: tuple[Preset, ...] = ()
    result: str = ""
    columns: tuple[str, ...] = ()
    best: str = ""
    warm: tuple[str, ...] = ()
    threads: int = 0
    hidden: bool = False


@dataclass(frozen=True, config=_RECORD)
class Offer:
    """Something that parameters marked `Offered(kind)` can choose: a data set, a tokenizer, ….

    kind: what it is, e.g. "dataset/image"; whoever marks parameters with a kind says what its loaders return.
    load: "module:function"(params, context) -> an object with a `fingerprint` (SHA-256 of all that decides what it
    is: of a data set the decoded bytes).
    """

    id: str
    kind: str
    title: str
    load: str
    params: type[BaseModel]
    description: str = ""


@dataclass(frozen=True, config=_RECORD)
class ArtifactKind:
    """A kind of product, e.g. `model/generator`. load: "module:function"(path) -> the object."""

    kind: str
    title: str
    load: str


@dataclass(frozen=True, config=_RECORD)
class Exporter:
    """A way out of the run store. write: "module:function"(reader, path, streams) -> the paths written.

    path: a file or a folder to be made. It has the name that the person chose but lies in a folder of its own, from
    which the host moves what was written when `write` has returned; of what raises nothing is left. An OSError is said
    as one sentence.
    """

    id: str
    title: str
    write: str


Declaration = Tool | Offer | ArtifactKind | Exporter


def to_json(tool: Tool) -> dict[str, Any]:
    """A tool's declaration as plain JSON; parameter models become their JSON schema."""
    found: dict[str, Any] = TypeAdapter(Tool).dump_python(
        tool, mode="json", exclude={"params": True, "actions": {"__all__": {"params"}}}
    )
    found["params"] = tool.params.model_json_schema()
    for recorded, action in zip(found["actions"], tool.actions, strict=True):
        recorded["params"] = action.params.model_json_schema() if action.params else None
    return found


def panels_from_json(declaration: Mapping[str, Any]) -> tuple[Panel, ...]:
    """The panels of a recorded declaration."""
    return TypeAdapter(tuple[Panel, ...]).validate_python(declaration.get("panels", ()))
