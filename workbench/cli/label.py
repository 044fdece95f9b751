"""`workbench label RUN…`: a name, a star, tags, a note, all to be searched by `workbench runs --search`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from workbench.cli.session import Session
from workbench.errors import UserError
from workbench.runs import labels
from workbench.runs.labels import Labels
from workbench.runs.workspace import Workspace
from workbench.texts import T

_ADD = T("add this tag, or several with commas between them")
_REMOVE = T("take this tag away")


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    parser.add_argument("runs", nargs="+", metavar="RUN", help=say(T("an id, its beginning, or @last")))
    for name, text in (("--tag", _ADD), ("--untag", _REMOVE)):
        parser.add_argument(name, action="append", default=[], metavar="TAG", help=say(text))
    star = parser.add_mutually_exclusive_group()
    star.add_argument("--star", action="store_true", default=None, help=say(T("mark with a star")))
    star.add_argument("--unstar", dest="star", action="store_false", help=say(T("take the star away")))
    parser.add_argument("--title", metavar="TEXT", help=say(T("a name to show beside the id; “” for none")))
    parser.add_argument("--note", metavar="TEXT", help=say(T("a note, in place of the one before; “” for none")))


def run(options: argparse.Namespace, session: Session) -> int:
    """See `workbench.cli.Command`."""
    if not options.tag and not options.untag and options.star is options.title is options.note is None:
        text = T("Nothing was said of the run.")
        raise UserError(text, remedy=T("Add --tag, --untag, --star, --unstar, --title or --note."))
    workspace = Workspace(session.settings.workspace)
    for folder in [workspace.find(name) for name in options.runs]:
        session.print(f"{folder.name:<34} {words(labels.change(folder, _change(options)))}".rstrip())
    return 0


def words(said: Labels) -> str:
    """Labels on one line."""
    note = said.note.splitlines()[0] if said.note else ""
    return "  ".join(filter(None, ["★" if said.star else "", said.title, *(f"#{tag}" for tag in said.tags), note]))


def _change(options: argparse.Namespace) -> Callable[[Labels], Labels]:
    add, remove = (labels.split_tags(",".join(each)) for each in (options.tag, options.untag))
    plain = {name: getattr(options, name) for name in ("star", "title", "note") if getattr(options, name) is not None}
    return lambda before: replace(labels.with_tags(before, add, remove), **plain)
