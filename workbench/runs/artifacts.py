"""Which products of runs there are, to choose from."""

from __future__ import annotations

from workbench.errors import UserError
from workbench.runs.reader import Reader
from workbench.runs.workspace import Workspace

MOST = 200
"""Runs that are looked through, the newest."""


def references(workspace: Workspace, kind: str) -> list[str]:
    """`run:ID/NAME` of every artifact of a kind, those of the newest run first; a run that is damaged has none."""
    found: list[str] = []
    for folder in workspace.folders()[:MOST]:
        try:
            made = Reader(folder).artifacts()
        except UserError:
            continue
        found += dict.fromkeys(f"run:{folder.name}/{each['name']}" for each in reversed(made) if each["kind"] == kind)
    return found
