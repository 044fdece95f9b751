"""Putting together what plugins declare: what is wrong is left out and said, everything else is on offer."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pluggy
from pydantic import BaseModel

from workbench import __version__, checks, fields
from workbench.evidence import VERDICT, Experiment
from workbench.registry import Found, FoundTool, Plugin, Problem, Registry
from workbench.texts import HOST, T, Text
from workbench.tool import ArtifactKind, Exporter, Offer, Tool

log = logging.getLogger(__name__)


class Gathering:
    """Declarations of all plugins, in the order in which they were found: the first of an id keeps it."""

    def __init__(self) -> None:
        self._tools: list[Found[Tool]] = []
        self._offers: dict[str, Found[Offer]] = {}
        self._kinds: dict[str, Found[ArtifactKind]] = {}
        self._exporters: dict[str, Found[Exporter]] = {}
        self._experiments: dict[str, Found[Experiment]] = {}
        self._members: dict[str, type[BaseModel]] = {}
        self._problems: defaultdict[str, list[Problem]] = defaultdict(list)

    def add(self, plugin: Plugin, declarations: Iterable[object]) -> None:
        """Takes what one plugin declares; tools wait until all that they can choose is known."""
        for each in declarations:
            match each:
                case Tool():
                    self._tools.append(Found(each, plugin.name, plugin.package, plugin.version))
                case Offer():
                    self._keep(self._offers, each.id, each, plugin)
                case ArtifactKind():
                    self._keep(self._kinds, each.kind, each, plugin)
                case Exporter():
                    self._keep(self._exporters, each.id, each, plugin)
                case Experiment():
                    self._keep(self._experiments, each.id, each, plugin)
                case _:
                    self._say(plugin.name, "workbench_declare", [_undeclared(each)])

    def registry(self, plugins: Sequence[Plugin], managers: Mapping[str, pluggy.PluginManager]) -> Registry:
        """Everything that is right; each plugin with its tools and with all that is wrong."""
        tools = {VERDICT.id: FoundTool(VERDICT, HOST, HOST, __version__)}
        for found in self._tools:
            self._keep_tool(tools, found)
        completed = [self._completed(plugin, tools.values()) for plugin in plugins]
        declared = (self._offers, self._kinds, self._exporters, self._experiments)
        return Registry(tuple(completed), tools, *declared, managers)

    def _keep(self, known: dict[str, Any], id: str, declaration: Any, plugin: Plugin) -> None:
        faults = _found(lambda: checks.faults_of_other(declaration, plugin.package))
        if not faults and isinstance(declaration, Offer):
            faults = _found(lambda: self._join(declaration))
        if id in known:
            faults.append(_repeated(known[id]))
        self._say(plugin.name, f"{type(declaration).__name__} {id}", faults)
        if not faults:
            known[id] = Found(declaration, plugin.name, plugin.package, plugin.version)

    def _join(self, offer: Offer) -> Iterator[Text]:
        if offer.id not in self._members:
            self._members[offer.id] = fields.as_member(offer.params, offer.id, offer.title)
        yield from ()

    def _keep_tool(self, tools: dict[str, FoundTool], found: Found[Tool]) -> None:
        tool = found.declaration

        def check() -> Iterator[Text]:
            nonlocal tool
            tool = replace(tool, params=fields.resolve(tool.params, self._members_of))
            return checks.faults_of_tool(tool, found.package)

        faults = _found(check)
        if tool.id in tools:
            faults.append(_repeated(tools[tool.id]))
        self._say(found.plugin, f"Tool {tool.id}", faults)
        if not faults:
            tools[tool.id] = FoundTool(tool, found.plugin, found.package, found.version)

    def _members_of(self, kinds: tuple[str, ...]) -> list[type[BaseModel]]:
        return [self._members[each] for each, found in self._offers.items() if found.declaration.kind in kinds]

    def _completed(self, plugin: Plugin, tools: Iterable[FoundTool]) -> Plugin:
        if plugin.state in ("disabled", "skipped"):
            return plugin
        own = tuple(found.tool.id for found in tools if found.plugin == plugin.name)
        return replace(plugin, tools=own, problems=(*plugin.problems, *self._problems[plugin.name]))

    def _say(self, plugin: str, name: str, faults: Iterable[Problem]) -> None:
        for fault in faults:
            text = T("{name}: {fault}", name=name, fault=fault.text)
            self._problems[plugin].append(Problem(text, fault.traceback))


def _found(check: Callable[[], Iterable[Text]]) -> list[Problem]:
    """What a check finds; a declaration on which the check itself fails is at fault too."""
    try:
        return [Problem(text) for text in check()]
    except Exception as error:
        log.info("a declaration could not be checked", exc_info=True)
        return [Problem.of(error)]


def _repeated(found: Found[Any]) -> Problem:
    return Problem(T("the plugin {plugin} has declared this id before.", plugin=found.plugin))


def _undeclared(given: object) -> Problem:
    return Problem(T("{what} is no declaration.", what=type(given).__name__))
