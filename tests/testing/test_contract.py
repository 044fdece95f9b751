"""The contract on the tools that tests bring along."""

from __future__ import annotations

from pathlib import Path

from workbench.testing.contract import ToolContract

PLUGINS = Path(__file__).parents[1] / "plugins"


class TestWalk(ToolContract):
    tool = "walk"
    plugins = (PLUGINS / "walker",)
    quick = {"steps": 20}


class TestLens(ToolContract):
    tool = "lens"
    plugins = (PLUGINS / "lens",)
    quick = {"size": 20}
    change = {"centre": [0.3, 0.0]}
    slow = {"work": 1_000_000}
