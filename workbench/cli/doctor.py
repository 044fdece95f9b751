"""`workbench doctor`: what is found on this machine, what is wrong, what to do."""

from __future__ import annotations

import argparse
from typing import Any

from workbench.cli.session import Session
from workbench.doctor import examine, to_json
from workbench.texts import T

_MARKS = {"ok": "✓", "warn": "!", "fail": "✗"}


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    parser.add_argument("--json", action="store_true", help=say(T("as one JSON object")))


def run(options: argparse.Namespace, session: Session) -> int:
    """See `workbench.cli.Command`. Exit status 1 when something must be mended before the program works."""
    checks = examine(session.settings, session.registry)
    if options.json:
        session.print_json({"checks": to_json(checks)})
    else:
        for check in checks:
            session.print(f"{_MARKS[check.state]} {session.say(check.name)}: {session.say(check.found)}")
            if check.remedy:
                session.print(f"    {session.say(check.remedy)}")
    return 1 if any(check.state == "fail" for check in checks) else 0
