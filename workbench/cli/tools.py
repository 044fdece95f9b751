"""`workbench tools`: what there is. Imports nothing heavy."""

from __future__ import annotations

import argparse
import json
from typing import Any

from pydantic import BaseModel, TypeAdapter

from workbench import fields
from workbench.cli.session import Session
from workbench.registry import FoundTool, Plugin, unknown_tool
from workbench.texts import T
from workbench.tool import to_json


def arguments(parser: argparse.ArgumentParser, say: Any) -> None:
    """See `workbench.cli.Command`."""
    parser.add_argument("tool", nargs="?", metavar="TOOL", help=say(T("this tool alone, with its parameters")))
    parser.add_argument("--json", action="store_true", help=say(T("as one JSON object")))


def run(options: argparse.Namespace, session: Session) -> int:
    """See `workbench.cli.Command`."""
    if options.tool and options.tool not in session.registry.tools:
        raise unknown_tool(session.registry, options.tool)
    if options.json and options.tool:
        session.print_json(_tool_as_json(session.registry.tools[options.tool]))
        return 0
    if options.tool:
        _describe(session.registry.tools[options.tool], session)
        _parameters(session.registry.tools[options.tool], session)
        return 0
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
    whose = f"{found.plugin} {found.version}".strip()
    session.print(f"{tool.id:<16} {session.say(tool.title, found.package)}  ({whose})")
    if tool.description:
        session.print(f"{'':<16} {session.say(tool.description, found.package)}")
    for preset in tool.presets:
        session.print(f"{'':<16} --preset {preset.id:<14} {session.say(preset.title, found.package)}")


def _parameters(found: FoundTool, session: Session) -> None:
    """A line per parameter: its default as --set takes it, its title, and whether it may change while a job runs."""
    shown = {each.path: each for each in fields.walk(found.tool.params) if not each.flag("hidden")}
    shown = {path: each for path, each in shown.items() if not (each.member and path.endswith(".kind"))}
    for path, each in shown.items():
        default = _default(each)
        if default is None:
            continue
        live = session.say(T("live")) if each.flag("live") else ""
        notes = ", ".join(filter(None, (each.member, each.flag("unit"), live)))
        title = session.say(each.info.title or "", each.domain) + (f" ({notes})" if notes else "")
        session.print(f"{'':<16} {f'{path}={default}':<36} {title}".rstrip())


def _default(field: fields.Field) -> str | None:
    """A field's default as --set takes it; None for a group, whose own fields have theirs."""
    if field.info.is_required():
        return "…"
    value = field.info.get_default(call_default_factory=True)
    if isinstance(value, BaseModel):
        return getattr(value, "kind", None)
    plain = TypeAdapter(Any).dump_python(value, mode="json")
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


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


def _tool_as_json(found: FoundTool) -> dict[str, Any]:
    return {**to_json(found.tool), "plugin": found.plugin, "version": found.version}


def _as_json(session: Session) -> dict[str, Any]:
    tools = [_tool_as_json(found) for found in offered(session)]
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
