"""`workbench tools`: what there is. Imports nothing heavy."""

from __future__ import annotations

import argparse
from typing import Any

from workbench.cli.session import Session
from workbench.registry import FoundTool, Plugin
from workbench.texts import T
from workbench.tool import to_json


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    parser.add_argument("--json", action="store_true", help=say(T("as one JSON object")))


def run(options: argparse.Namespace, session: Session) -> int:
    """See `workbench.cli.Command`."""
    if options.json:
        session.print_json(_as_json(session))
        return 0
    for found in offered(session):
        _describe(found, session)
    for plugin in session.registry.plugins:
        _report(plugin, session)
    return 0


def offered(session: Session) -> list[FoundTool]:
    """The tools that are not hidden."""
    return [found for found in session.registry.tools.values() if not found.tool.hidden]


def _describe(found: FoundTool, session: Session) -> None:
    tool = found.tool
    session.print(f"{tool.id:<16} {session.say(tool.title, found.package)}  ({found.plugin} {found.version})")
    if tool.description:
        session.print(f"{'':<16} {session.say(tool.description, found.package)}")
    for preset in tool.presets:
        session.print(f"{'':<16} --preset {preset.id:<14} {session.say(preset.title, found.package)}")


def _report(plugin: Plugin, session: Session) -> None:
    if plugin.state == "disabled":
        session.print(session.say(T("The plugin {name} is disabled.", name=plugin.name)))
    for problem in plugin.problems:
        said = T("The plugin {name} {version} ({source}): {problem}", **_who(plugin), problem=problem.text)
        session.print(session.say(said))
        for line in problem.traceback.splitlines():
            session.print("    " + line)


def _who(plugin: Plugin) -> dict[str, str]:
    return {"name": plugin.name, "version": plugin.version, "source": plugin.source}


def _as_json(session: Session) -> dict[str, Any]:
    tools = [{**to_json(found.tool), "plugin": found.plugin, "version": found.version} for found in offered(session)]
    plugins = [
        {
            **_who(plugin),
            "state": plugin.state,
            "path": str(plugin.path or ""),
            "load_seconds": plugin.load_seconds,
            "tools": plugin.tools,
            "problems": [{"text": session.say(each.text), "traceback": each.traceback} for each in plugin.problems],
        }
        for plugin in session.registry.plugins
    ]
    return {"tools": tools, "plugins": plugins}
