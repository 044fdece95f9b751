"""`workbench plugin enable|disable NAME`."""

from __future__ import annotations

import argparse
from typing import Any

from workbench import settings
from workbench.cli.session import Session
from workbench.discovery import names
from workbench.errors import UserError
from workbench.texts import T


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    parser.add_argument("act", choices=("enable", "disable"), help=say(T("what to do with it")))
    parser.add_argument("name", metavar="NAME", help=say(T("the plugin's name; `workbench tools --json` lists them")))


def run(options: argparse.Namespace, session: Session) -> int:
    """See `workbench.cli.Command`."""
    known = names(session.places)
    if options.name not in known:
        listed = ", ".join(known) or "-"
        raise UserError(T("There is no plugin {name}; there are: {known}.", name=options.name, known=listed))
    disabled = set(session.settings.disabled_plugins) - {options.name}
    if options.act == "disable":
        disabled.add(options.name)
    settings.change(session.places, disabled_plugins=tuple(sorted(disabled)))
    return 0
