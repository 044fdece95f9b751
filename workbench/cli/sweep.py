"""`workbench sweep TOOL --vary seed=0:5 --vary head.stages=1,3`: many runs, one group."""

from __future__ import annotations

import argparse
import shlex
import sys
from typing import Any

from workbench.cli import values
from workbench.cli.compare import rows_of, show_arms
from workbench.cli.desk import desk_of
from workbench.cli.session import Session
from workbench.cli.several import run_all
from workbench.jobs.sweep import new_group, parse_vary, plan
from workbench.runs.compare import compare
from workbench.runs.index import Row
from workbench.texts import T


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    parser.add_argument("tool", metavar="TOOL", help=say(T("the tool's id; `workbench tools` lists them")))
    parser.add_argument(
        "--vary", action="append", required=True, metavar="NAME=A,B|A:B", help=say(T("values of a parameter"))
    )
    values.arguments(parser, say)
    parser.add_argument("--group", default="", metavar="NAME", help=say(T("the group of the runs")))
    parser.add_argument("--json", action="store_true", help=say(T("as one JSON object")))


def run(options: argparse.Namespace, session: Session) -> int:
    """See `workbench.cli.Command`. Exit status 1 when a run failed, 130 when it was interrupted."""
    desk = desk_of(session, at_once=session.settings.cpu_slots)
    tool = desk.tool(options.tool).tool
    group = options.group or new_group(tool.id)
    vary: dict[str, list[str]] = {}
    for path, texts in map(parse_vary, options.vary):
        vary.setdefault(path, []).extend(texts)
    command = shlex.join(["workbench", *sys.argv[1:]])
    specs = plan(desk, tool.id, values.given(options, tool), vary, group=group, preset=options.preset, command=command)
    status = run_all(desk, specs, session)
    rows = rows_of([group], desk.workspace)
    if options.json:
        session.print_json({"group": group, "runs": [_as_json(row) for row in rows]})
    else:
        session.print(session.say(T("Group {group}", group=group)))
        show_arms(compare(rows), session)
    return status


def _as_json(row: Row) -> dict[str, Any]:
    return {"run_id": row.id, "status": row.state, "params": row.params, "seconds": row.seconds, "metrics": row.last}
