"""`workbench doctor`: what is found on this machine, what is wrong, what to do."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workbench.cli.session import Session
from workbench.diagnostics import bundle
from workbench.doctor import examine, to_json
from workbench.errors import UserError
from workbench.texts import T

_MARKS = {"ok": "✓", "warn": "!", "fail": "✗"}


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    parser.add_argument("--json", action="store_true", help=say(T("as one JSON object")))
    text = T("write a diagnostics bundle instead, for somebody who helps")
    parser.add_argument("--bundle", metavar="FILE.zip", type=Path, help=say(text))


def run(options: argparse.Namespace, session: Session) -> int:
    """See `workbench.cli.Command`. Exit status 1 when something must be mended before the program works."""
    if options.bundle is not None:
        return _bundle(options.bundle, session)
    checks = examine(session.settings, session.registry)
    if options.json:
        session.print_json({"checks": to_json(checks)})
    else:
        for check in checks:
            session.print(f"{_MARKS[check.state]} {session.say(check.name)}: {session.say(check.found)}")
            if check.remedy:
                session.print(f"    {session.say(check.remedy)}")
    return 1 if any(check.state == "fail" for check in checks) else 0


def _bundle(file: Path, session: Session) -> int:
    try:
        session.print(str(bundle(session.places, session.settings, session.registry, file)))
    except OSError as error:
        text = T("The bundle {file} cannot be written: {problem}.", file=file, problem=error.strerror or str(error))
        raise UserError(text, remedy=T("Choose another folder.")) from None
    return 0
