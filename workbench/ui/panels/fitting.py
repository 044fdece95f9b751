"""Panels for streams that nobody declared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Literal, get_args

from workbench.texts import T
from workbench.tool import Layer, Panel

_LAYERS = frozenset({"points", "field", "lines", "arrows", "paths", "bars"})
_KINDS = {"images": "images", "table": "table", "rows": "table", "text": "text"}
LayerKind = Literal["scalars", "lines", "points", "field", "arrows", "paths", "bars"]
RESULTS = "results"
"""The panel of scalars that have one value each: no curve could be seen."""
_USUAL = {
    "accuracy": T("Accuracy"), "angles": T("Angles"), "error": T("Error"), "eval": T("Evaluation"),
    "gradient": T("Gradient"), "grad": T("Gradient"), "images": T("Images"), "loss": T("Loss"),
    "lr": T("Learning rate"), "memory": T("Memory"), "metrics": T("Metrics"), "norm": T("Norm"),
    "points": T("Points"), "progress": T("Progress"), "rows": T("Rows"), "samples": T("Samples"),
    "score": T("Score"), "scores": T("Scores"), "table": T("Table"), "test": T("Test"), "text": T("Text"),
    "time": T("Measurements"), "train": T("Training"), "valid": T("Validation"),
}  # fmt: skip
"""Names of streams that say the same in every tool."""
_NUMBERED = re.compile(r"(.+)[_/](\d+)")


def panels_for(streams: Mapping[str, str], series: Mapping[str, int], declared: Sequence[Panel]) -> list[Panel]:
    """The panels that fit the streams (name to kind) and scalars (name to number of values) that no declared panel
    shows: a curve for each prefix, and one table of those that have a single value."""
    shown = {stream for panel in declared for stream in shown_by(panel)}
    patterns = [pattern for panel in declared for pattern in scalars_of(panel)]
    left = [name for name in series if not any(matches(name, pattern) for pattern in patterns)]
    curves = [_curves(group) for group in dict.fromkeys(name.split("/")[0] for name in left if series[name] > 1)]
    single = [name for name in left if series[name] == 1]
    frames = [_fitted(stream, kind) for stream, kind in streams.items() if stream not in shown and not _inner(stream)]
    return [*curves, *([_results(single)] if single else []), *(panel for panel in frames if panel)]


def reported(panel: Panel, streams: Iterable[str], series: Iterable[str]) -> bool:
    """Whether the panel shows one of these streams of frames or scalars."""
    wanted = scalars_of(panel)
    return not set(shown_by(panel)).isdisjoint(streams) or any(
        matches(name, pattern) for name in series for pattern in wanted
    )


def scalars_of(panel: Panel) -> list[str]:
    """What the panel's layers of scalars name."""
    return [part.stream for part in panel.parts if isinstance(part, Layer) and not _framed(part)]


def pretty(stream: str) -> str:
    """A stream's name as a title: a text where every tool means the same by it, else the name itself; a number after
    "/" stays one."""
    group, _, place = stream.rpartition("/")
    if group and place.isdigit():
        return T("{title} {number}", title=pretty(group), number=place)
    return _USUAL.get(stream.lower()) or stream.replace("_", " ")


def spoken(name: str, say: Callable[[str], str]) -> str:
    """A series' name in the language of `say`, as catalogues hold it: all of it, else without the number at its end,
    which follows ("real_2" as "real")."""
    said = say(name)
    numbered = _NUMBERED.fullmatch(name)
    if said == name and numbered:
        return f"{say(numbered[1])} {numbered[2]}".replace("_", " ")
    return said.replace("_", " ") if said == name else said


def shown_by(panel: Panel) -> list[str]:
    """The streams of frames that a panel shows."""
    layers = [part.stream for part in panel.parts if isinstance(part, Layer) and _framed(part)]
    return [*([panel.stream] if panel.stream else []), *layers]


def matches(name: str, pattern: str) -> bool:
    """Whether a layer of scalars shows a series: its own name, its prefix before "/", a pattern, or "" for all."""
    return not pattern or name == pattern or name.startswith(f"{pattern}/") or fnmatchcase(name, pattern)


def _inner(stream: str) -> bool:
    """Whether the host itself keeps it: results of `context.map`, for a resumed run."""
    return stream.startswith("map/")


def _framed(layer: Layer) -> bool:
    return layer.kind != "scalars"


def _curves(group: str) -> Panel:
    return Panel(f"scalars:{group}", parts=(Layer("scalars", group, {"least": 2}),), title=pretty(group))


def _results(names: Sequence[str]) -> Panel:
    return Panel(RESULTS, RESULTS, parts=tuple(Layer("scalars", name) for name in names), title=T("Results"))


def _fitted(stream: str, kind: str) -> Panel | None:
    if kind in _KINDS:
        return Panel(f"stream:{stream}", _KINDS[kind], stream, title=pretty(stream))
    for layer in get_args(LayerKind):
        if layer == kind and kind in _LAYERS:
            return Panel(f"stream:{stream}", parts=(Layer(layer, stream),), title=pretty(stream))
    return None
