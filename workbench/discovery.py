"""Finding plugins: installed ones by their entry points, then the user's own from a folder."""

from __future__ import annotations

from workbench.registry import (
    Found,
    FoundTool,
    Plugin,
    Problem,
    Registry,
    load_object,
    notify,
)
from workbench.settings import Places, Settings

__all__ = ["Found", "FoundTool", "Plugin", "Problem", "Registry", "discover", "load_object", "notify"]


def discover(places: Places, settings: Settings, safe_mode: bool = False) -> Registry:
    """All plugins and what they offer. Raises nothing for a plugin's fault: it is listed with the reason."""
    raise NotImplementedError(places, settings, safe_mode)
