"""`workbench compare GROUP|RUN…`: metrics of runs side by side, mean and 95 % interval over seeds."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from workbench.cli.session import Session
from workbench.errors import UserError
from workbench.evidence import VERDICT
from workbench.runs.compare import Arm, bands, compare
from workbench.runs.index import Index, Row
from workbench.runs.reader import Reader
from workbench.runs.workspace import Workspace
from workbench.texts import T


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    parser.add_argument("of", nargs="+", metavar="GROUP|RUN", help=say(T("a group, or two runs and more")))
    parser.add_argument(
        "--curve", metavar="NAME", help=say(T("with --json: this scalar along the steps, with its band"))
    )
    parser.add_argument("--json", action="store_true", help=say(T("as one JSON object")))


def run(options: argparse.Namespace, session: Session) -> int:
    """See `workbench.cli.Command`."""
    if options.curve and not options.json:
        raise UserError(T("--curve is part of what --json says."), remedy=T("Add --json."))
    rows = rows_of(options.of, Workspace(session.settings.workspace))
    if len(rows) < 2:
        raise UserError(T("One run cannot be compared."), remedy=T("Name a group, or two runs and more."))
    if options.curve and not any(options.curve in row.last for row in rows):
        raise UserError(T("Run {run} has no metric {name}.", run=rows[0].id, name=options.curve))
    arms = compare(rows)
    if options.json:
        session.print_json({"arms": [_as_json(arm, rows, options.curve) for arm in arms]})
    else:
        show_arms(arms, session)
    return 0


def rows_of(names: Sequence[str], workspace: Workspace) -> list[Row]:
    """The runs that are named, by group or by run. Raises UserError for a name that is neither."""
    index = Index(workspace)
    try:
        index.refresh()
        rows = index.list_runs()
    finally:
        index.close()
    found: dict[str, Row] = {}
    for name in names:
        members = [row for row in rows if row.group == name and row.tool != VERDICT.id]
        folder = None if members else workspace.find(name)
        found |= {row.id: row for row in members or [row for row in rows if row.folder == folder]}
    return sorted(found.values(), key=lambda row: row.created)


def show_arms(arms: Sequence[Arm], session: Session) -> None:
    """A table, an arm a column: first the parameters that differ, then every metric."""
    head = ["", *(f"{number} (n={len(arm.runs)})" for number, arm in enumerate(arms, 1))]
    differ = [[path, *(_short(arm.params[path]) for arm in arms)] for path in arms[0].params]
    names = dict.fromkeys(name for arm in arms for name in arm.metrics)
    metrics = [[name, *(str(arm.metrics.get(name, "-")) for arm in arms)] for name in names]
    lines = [head, *differ, *metrics]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        session.print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _short(value: Any) -> str:
    return "-" if value is None else str(value)


def _as_json(arm: Arm, rows: Sequence[Row], curve: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "params": arm.params,
        "runs": arm.runs,
        "metrics": {name: asdict(each) for name, each in arm.metrics.items()},
    }
    if curve:
        readers = [Reader(row.folder) for row in rows if row.id in arm.runs]
        found["curve"] = bands(readers, curve).tolist()
        for reader in readers:
            reader.close()
    return found
