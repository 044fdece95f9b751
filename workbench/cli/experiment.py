"""`workbench experiment [ID]`: puts a statement to the test on this machine, and says whether it held."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Mapping
from typing import Any

from workbench.cli.desk import desk_of
from workbench.cli.session import Session
from workbench.cli.several import run_all
from workbench.errors import UserError
from workbench.evidence import Experiment
from workbench.experiments import find, group_of, plan_arms, plan_verdict
from workbench.registry import Found
from workbench.runs.reader import Reader
from workbench.statistics import numeral
from workbench.texts import T, Text


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    parser.add_argument("id", nargs="?", metavar="ID", help=say(T("the experiment; without it they are listed")))
    parser.add_argument("--quick", action="store_true", help=say(T("shorter runs, fewer of them")))
    parser.add_argument(
        "--continue", dest="again", action="store_true", help=say(T("where it was stopped: runs that are done count"))
    )
    parser.add_argument("--json", action="store_true", help=say(T("as one JSON object")))


def run(options: argparse.Namespace, session: Session) -> int:
    """See `workbench.cli.Command`. Exit status 0 when there is a verdict, whatever it says; 1 when a run failed."""
    if not options.id:
        if options.quick or options.again:
            raise UserError(
                T("--quick and --continue go with an experiment."),
                remedy=T("Name one: `workbench experiment` lists them."),
            )
        return _list(options, session)
    desk = desk_of(session, at_once=session.settings.cpu_slots)
    found = find(desk, options.id)
    command = shlex.join(["workbench", *sys.argv[1:]])
    arms = plan_arms(desk, found.declaration, options.quick, command, options.again)
    status = run_all(desk, [spec for arm in arms.values() for spec in arm.specs], session)
    if status:
        if options.json:
            outcome = "failed" if status == 1 else "stopped"
            _say_json(found, outcome, {"group": group_of(desk, arms)}, options, session)
        return status
    spec = plan_verdict(desk, found.declaration, arms, options.quick)
    status = run_all(desk, [spec], session)
    reader = Reader(spec.folder)
    _say(found, reader, options, session)
    reader.close()
    return status


def _list(options: argparse.Namespace, session: Session) -> int:
    experiments = session.registry.experiments
    if options.json:
        session.print_json({"experiments": [_about(each, session) for each in experiments.values()]})
        return 0
    for found in experiments.values():
        about = _about(found, session)
        session.print(f"{about['experiment']:<24} {about['statement']}")
        session.print(f"{'':<24} {about['source']}")
    return 0


def _about(found: Found[Experiment], session: Session) -> dict[str, Any]:
    said = {key: session.say(getattr(found.declaration, key), found.package) for key in ("statement", "source")}
    return {"experiment": found.declaration.id, **said}


def _say(found: Found[Experiment], reader: Reader, options: argparse.Namespace, session: Session) -> None:
    verdict = reader.facts.get("verdict")
    text = session.say(Text.from_json(verdict["text"]), found.package) if verdict else ""
    outcome = verdict["outcome"] if verdict else "failed"
    if options.json:
        judged = {"text": text, "numbers": reader.last(), "group": reader.header.group, "run_id": reader.id}
        _say_json(found, outcome, judged, options, session)
        return
    session.print(_about(found, session)["statement"])
    session.print(f"{session.say(T(outcome))}: {text}")
    for name, value in reader.last().items():
        session.print(f"  {name:<32} {numeral(value)}")


def _say_json(
    found: Found[Experiment], outcome: str, judged: Mapping[str, Any], options: argparse.Namespace, session: Session
) -> None:
    """outcome: of the verdict; where there is none, what became of the runs: failed or stopped."""
    nothing: dict[str, Any] = {"text": "", "numbers": {}, "run_id": None}
    session.print_json({**_about(found, session), "verdict": outcome, **nothing, **judged, "quick": options.quick})
