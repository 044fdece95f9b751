"""What every tool must do, of the trainer of GANs."""

from __future__ import annotations

from workbench.testing.contract import ToolContract


class TestGan(ToolContract):
    tool = "gan"
    quick = {"data": "ring8", "steps": 12, "device": "cpu"}
    optional_streams = frozenset({"fixed", "fresh", "real", "time/images_per_second"})
    """Of images, where the ring is points; and a measurement for which it is over too soon."""
