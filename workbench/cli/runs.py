"""`workbench runs [RUN] [--search …]`: the runs that are kept, those that fit, or one of them."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from workbench.cli.label import words
from workbench.cli.session import Session
from workbench.runs.index import Index
from workbench.runs.labels import read
from workbench.runs.reader import Reader
from workbench.runs.search import entry, search
from workbench.runs.workspace import Workspace
from workbench.texts import T, Text


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    parser.add_argument("run", nargs="?", metavar="RUN", help=say(T("show this run: an id, its beginning, or @last")))
    text = say(T("only those that fit: words, tag:x, is:starred, is:done, head.stages=3, loss<0.1; --search=-x: not x"))
    parser.add_argument("--search", metavar="QUERY", default="", help=text)
    parser.add_argument("--json", action="store_true", help=say(T("as one JSON object")))


def run(options: argparse.Namespace, session: Session) -> int:
    """See `workbench.cli.Command`."""
    workspace = Workspace(session.settings.workspace)
    return _show(options, session, workspace) if options.run else _list(options, session, workspace)


def _list(options: argparse.Namespace, session: Session, workspace: Workspace) -> int:
    index = Index(workspace)
    index.refresh()
    fits = search(options.search)
    rows = [row for row in index.list_runs() if fits(entry(row))]
    index.close()
    if options.json:
        session.print_json({"workspace": str(workspace.root), "runs": [asdict(row) for row in rows]})
        return 0
    for row in rows:
        created = time.strftime("%Y-%m-%d %H:%M", time.localtime(row.created))
        line = f"{row.id:<34} {session.say(T(row.state)):<12} {created}  {row.seconds:8.1f} s  {words(row.labels)}"
        session.print(line.rstrip())
    if not rows and options.search:
        session.print(session.say(T("No run fits “{query}”.", query=options.search)))
    elif not rows:
        session.print(session.say(T("No runs in {workspace} yet.", workspace=workspace.root)))
    return 0


def _show(options: argparse.Namespace, session: Session, workspace: Workspace) -> int:
    reader = Reader(workspace.find(options.run))
    found = _facts(reader)
    reader.close()
    if options.json:
        session.print_json(found)
        return 0
    for name, value in found.items():
        if isinstance(value, dict):
            session.print(f"{name}:")
            for key, each in value.items():
                session.print(f"  {key:<30} {each}")
        else:
            session.print(f"{name:<16} {value}")
    return 0


def _change(record: Mapping[str, Any]) -> dict[str, Any]:
    """What happened after how many steps: values that were set, an action, a roll-back, rates that were scaled."""
    told = {name: record[name] for name in ("values", "roll_back", "scale_rate") if name in record}
    action = {"action": record["stream"]} if record["kind"] == "action" else {}
    return {"step": record["step"], **action, **told}


def _facts(reader: Reader) -> dict[str, Any]:
    error = reader.error
    return {
        "run_id": reader.id,
        "tool": reader.tool,
        "status": reader.state,
        "seconds": reader.seconds,
        "labels": asdict(read(reader.folder)),
        "seed": reader.params.get("seed"),
        "device": reader.header.device,
        "threads": reader.header.threads,
        "group": reader.header.group or None,
        "links": [
            f"{each.relation} {each.run}" + ("" if each.step is None else f"@{each.step}") for each in reader.links()
        ],
        "params": reader.now,
        "changes": [_change(each) for each in reader.changes() if each["visible"]],
        "versions": reader.header.versions,
        "fingerprint": reader.facts.get("fingerprint"),
        "checkpoints": [each.step for each in reader.checkpoints()],
        "artifacts": {each["name"]: f"run:{reader.id}/{each['name']}@{each['step']}" for each in reader.artifacts()},
        "streams": reader.streams(),
        "metrics": reader.last(),
        "error": str(Text.from_json(error["text"])) if error else None,
    }
