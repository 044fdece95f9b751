"""No tool goes without the base test."""

from __future__ import annotations

import re
from pathlib import Path

from workbench.evidence import VERDICT
from workbench.jobs.start import Desk


def test_every_tool_has_the_base_test(desk: Desk) -> None:
    sources = [each.read_text("utf-8") for each in Path(__file__).parents[1].glob("workbench_*/test_*.py")]
    tested = {name for each in sources for name in re.findall(r'(?m)^    tool = "(.+)"$', each)}
    assert tested == set(desk.registry.tools) - {VERDICT.id}
