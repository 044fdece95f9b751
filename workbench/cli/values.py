"""Parameters on the command line: a preset, a file, and `--set name=value` over both."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench import fields
from workbench.errors import UserError
from workbench.runs.facts import RunFacts
from workbench.texts import T
from workbench.tool import Tool


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """`--preset`, `--params` and `--set`."""
    parser.add_argument("--preset", metavar="ID", default="", help=say(T("start from these values")))
    parser.add_argument("--params", metavar="FILE", help=say(T("start from the values of a JSON file")))
    parser.add_argument(
        "--set", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help=say(T("change parameters"))
    )


def given(options: argparse.Namespace, tool: Tool) -> dict[str, Any]:
    """The values that these options name, not yet checked. Raises UserError."""
    values = {**_preset(tool, options.preset), **_file(options.params)}
    for path, text in changes(options.set).items():
        fields.assign(tool.params, values, path, text)
    return values


def expect_tool(folder: Path, tool: str) -> None:
    """Raises UserError where the run in `folder` is of another tool than the one that was named."""
    run = RunFacts(folder)
    try:
        found = run.tool
    finally:
        run.close()
    if found != tool:
        text = T("Run {run} is of the tool {found}, not of {tool}.", run=folder.name, found=found, tool=tool)
        raise UserError(text, remedy=T("Leave the tool out: the run says which it is."))


def changes(texts: Sequence[str]) -> dict[str, str]:
    """`name=value` texts by name, parents first. Raises UserError for one of another form."""
    return fields.parents_first(dict(map(_split, texts)))


def _split(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UserError(T("{text} is not of the form name=value.", text=text))
    return name, value


def _preset(tool: Tool, name: str) -> dict[str, Any]:
    if not name:
        return {}
    found = {preset.id: preset for preset in tool.presets}
    if name not in found:
        known = ", ".join(found) or "-"
        raise UserError(T("{tool} has no preset {name}; it has: {known}.", tool=tool.id, name=name, known=known))
    return json.loads(json.dumps(dict(found[name].values)))  # type: ignore[no-any-return] # a deep copy


def _file(name: str | None) -> dict[str, Any]:
    if not name:
        return {}
    try:
        found = json.loads(Path(name).read_text("utf-8-sig"))  # some editors put a mark before the text
    except OSError as error:
        raise UserError(T("{file} cannot be read: {why}.", file=name, why=error.strerror)) from error
    except (ValueError, RecursionError) as error:
        raise UserError(T("{file} is no JSON: {why}.", file=name, why=error)) from error
    if not isinstance(found, dict):
        raise UserError(T("{file} must hold one JSON object.", file=name))
    return found
