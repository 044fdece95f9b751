"""Putting together what plugins declare: what is wrong is left out and said, everything else is on offer."""

from __future__ import annotations

import logging
import operator
import types
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import pluggy
from pydantic import BaseModel, create_model
from pydantic.fields import FieldInfo

from workbench import __version__, checks
from workbench.evidence import VERDICT, Experiment
from workbench.loading import Interrupted
from workbench.params import Offered, OneOf
from workbench.registry import Found, FoundTool, Plugin, Problem, Registry
from workbench.texts import HOST, T, Text
from workbench.tool import ArtifactKind, Exporter, Offer, Tool

log = logging.getLogger(__name__)
M = TypeVar("M", bound=BaseModel)
Offers = Callable[[tuple[str, ...]], Sequence[type[BaseModel]]]


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

    def registry(
        self, plugins: Sequence[Plugin], managers: Mapping[str, pluggy.PluginManager], only: str | None = None
    ) -> Registry:
        """Everything that is right; each plugin with its tools and with all that is wrong. only: of the tools this."""
        tools = {VERDICT.id: FoundTool(VERDICT, HOST, HOST, __version__)}
        for found in self._tools:
            if only in (None, found.declaration.id):
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
            self._members[offer.id] = as_member(offer.params, offer.id, offer.title)
        yield from ()

    def _keep_tool(self, tools: dict[str, FoundTool], found: Found[Tool]) -> None:
        tool = found.declaration

        def check() -> Iterator[Text]:
            nonlocal tool
            tool = replace(tool, params=resolve(tool.params, self._members_of))
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
    except Interrupted:
        raise
    except BaseException as error:
        log.info("a declaration could not be checked", exc_info=True)
        return [Problem.of(error)]


def _repeated(found: Found[Any]) -> Problem:
    return Problem(T("the plugin {plugin} has declared this id before.", plugin=found.plugin))


def _undeclared(given: object) -> Problem:
    return Problem(T("{what} is no declaration.", what=type(given).__name__))


# ------------------------------------------------------------ what is offered, put into parameters


def resolve(model: type[M], offers: Offers) -> type[M]:
    """`model` with each `Offered` field turned into a variant of what is offered: in groups, variants, lists too.

    Raises TypeError if nothing is offered.
    """
    changed: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        annotation = _resolved(info.annotation, info.metadata, offers)
        if annotation is not None:
            new = FieldInfo.merge_field_infos(info, annotation=annotation)
            new.metadata = [each for each in info.metadata if not isinstance(each, Offered)]
            changed[name] = (annotation, new)
    if not changed:
        return model
    made: type[M] = create_model(model.__name__, __base__=model, __module__=model.__module__, **changed)
    made.__doc__ = model.__doc__
    return made


def _resolved(annotation: Any, metadata: Sequence[Any], offers: Offers) -> Any:
    """The annotation with what is offered in it; None where it has nothing to fill in."""
    wanted = next((each for each in metadata if isinstance(each, Offered)), None)
    if wanted is not None:
        members = tuple(offers(wanted.kinds))
        if not members:
            raise TypeError(T("no plugin offers {kinds}.", kinds=", ".join(wanted.kinds)))
        return Annotated[reduce(operator.or_, members), OneOf()]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        inner = resolve(annotation, offers)
        return inner if inner is not annotation else None
    return _resolved_inside(get_origin(annotation), get_args(annotation), offers)


def _resolved_inside(origin: Any, args: tuple[Any, ...], offers: Offers) -> Any:
    if origin is Annotated:
        inner = _resolved(args[0], args[1:], offers)
        rest = [each for each in args[1:] if not isinstance(each, Offered)]
        return Annotated[(inner, *rest)] if inner and rest else inner
    if origin not in (Union, types.UnionType, tuple, list):
        return None
    parts = [_resolved(each, (), offers) for each in args]
    if not any(parts):
        return None
    filled = tuple(new or old for new, old in zip(parts, args, strict=True))
    return origin[filled] if origin in (tuple, list) else reduce(operator.or_, filled)


def as_member(model: type[BaseModel], kind: str, title: str) -> type[BaseModel]:
    """`model` as the member `kind` of a variant."""
    members: dict[str, Any] = {"kind": (Literal[kind], kind)}
    made = create_model(model.__name__, __base__=model, __module__=model.__module__, **members)
    made.model_config = {**made.model_config, "title": title}
    return made
