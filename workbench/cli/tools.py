"""`workbench tools`: what there is. Imports nothing heavy."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
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


_FEW = 3
"""Members of a variant that are named beside a field; of more their number is told."""


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
    shown: dict[str, list[fields.Field]] = {}
    for each in fields.walk(found.tool.params, lists=True):
        if not each.flag("hidden") and not (each.member and each.path.endswith(".kind")):
            shown.setdefault(each.path, []).append(each)
    whole = found.tool.params.model_construct()
    chosen = {path: _default(alike[0], whole) for path, alike in shown.items()}
    for path, alike in shown.items():
        each = _of(alike, chosen.get(path.rpartition(".")[0]))
        default = _default(each, whole)
        if default is not None:
            _line(path, default, each, [one.member for one in alike if one.member], session)


def _of(alike: Sequence[fields.Field], member: str | None) -> fields.Field:
    """Of the fields at one path that of the member which is the default, else the first."""
    return next((each for each in alike if each.member == member), alike[0])


def _line(path: str, default: str, each: fields.Field, members: Sequence[str], session: Session) -> None:
    """members: of a variant, those that have the field. N stands for the place of an element in its list."""
    path = path.replace(f".{each.member}.", ".N.") if each.member else path
    others = [name for name in members if name != each.member]
    whose = [each.member, f"+{len(others)}"] if len(others) > _FEW else [each.member, *others]
    kinds = fields.shape_of(each.info.annotation, each.info.metadata).models
    live = session.say(T("live")) if each.flag("live") else ""
    notes = ", ".join(filter(None, (*whose, each.flag("unit"), live, " | ".join(kinds))))
    title = session.say(each.info.title or "", each.domain) + (f" ({notes})" if notes else "")
    session.print(f"{'':<16} {f'{path}={default}':<36} {title}".rstrip())


def _default(field: fields.Field, whole: BaseModel) -> str | None:
    """A field's default as --set takes it; None for a group, whose own fields have theirs.

    whole: all defaults, where a group's may be others than its model's.
    """
    if field.info.is_required():
        return "…"
    value = _inside(whole, field)
    if isinstance(value, BaseModel):
        return getattr(value, "kind", None)
    plain = TypeAdapter(Any).dump_python(value, mode="json")
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _inside(whole: BaseModel, field: fields.Field) -> Any:
    holder = field.path.rpartition(".")[0]
    try:
        group = fields.get(whole, holder) if holder else whole
    except (AttributeError, IndexError):
        group = None
    if isinstance(group, BaseModel) and getattr(group, "kind", "") in ("", field.member):
        return fields.get(whole, field.path)
    return field.info.get_default(call_default_factory=True)


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
