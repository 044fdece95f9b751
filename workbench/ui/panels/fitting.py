"""Panels for streams that nobody declared."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Literal, get_args

from workbench.tool import Layer, Panel

_LAYERS = frozenset({"points", "field", "lines", "arrows", "paths", "bars"})
_KINDS = {"images": "images", "table": "table", "rows": "table", "text": "text"}
LayerKind = Literal["scalars", "lines", "points", "field", "arrows", "paths", "bars"]


def panels_for(streams: dict[str, str], series: Sequence[str], declared: Sequence[Panel]) -> list[Panel]:
    """The panels that fit the streams (name to kind) and scalars that no declared panel shows."""
    shown = {stream for panel in declared for stream in shown_by(panel)}
    patterns = [
        part.stream for panel in declared for part in panel.parts if isinstance(part, Layer) and not _framed(part)
    ]
    left = [name for name in series if not any(matches(name, pattern) for pattern in patterns)]
    curves = [_curves(group) for group in dict.fromkeys(name.split("/")[0] for name in left)]
    frames = [_fitted(stream, kind) for stream, kind in streams.items() if stream not in shown]
    return [*curves, *(panel for panel in frames if panel)]


def shown_by(panel: Panel) -> list[str]:
    """The streams of frames that a panel shows."""
    layers = [part.stream for part in panel.parts if isinstance(part, Layer) and _framed(part)]
    return [*([panel.stream] if panel.stream else []), *layers]


def matches(name: str, pattern: str) -> bool:
    """Whether a layer of scalars shows a series: its own name, its prefix before "/", a pattern, or "" for all."""
    return not pattern or name == pattern or name.startswith(f"{pattern}/") or fnmatchcase(name, pattern)


def _framed(layer: Layer) -> bool:
    return layer.kind != "scalars"


def _curves(group: str) -> Panel:
    return Panel(f"scalars:{group}", parts=(Layer("scalars", group),), title=group)


def _fitted(stream: str, kind: str) -> Panel | None:
    if kind in _KINDS:
        return Panel(f"stream:{stream}", _KINDS[kind], stream, title=stream)
    for layer in get_args(LayerKind):
        if layer == kind and kind in _LAYERS:
            return Panel(f"stream:{stream}", parts=(Layer(layer, stream),), title=stream)
    return None
