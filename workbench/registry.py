"""What was found: plugins, and what they declare. Records only; `workbench.discovery` fills them."""

from __future__ import annotations

import dataclasses
import difflib
import importlib
import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

import pluggy
from pydantic import ValidationError

from workbench import fields, tool
from workbench.errors import UserError
from workbench.evidence import Experiment
from workbench.texts import T, Text
from workbench.tool import ArtifactKind, Exporter, Offer, Tool

D_co = TypeVar("D_co", covariant=True)
log = logging.getLogger(__name__)
_HERE = Path(__file__).parent
_ASKING = frozenset({"pluggy", "pydantic", "importlib"})

Source = Literal["built-in", "installed", "folder"]
State = Literal["ok", "failed", "disabled", "skipped"]


@dataclass(frozen=True)
class Problem:
    """Something wrong with a plugin: one sentence, and the plugin's own lines of the traceback where there is one."""

    text: Text
    traceback: str = ""

    @classmethod
    def of(cls, error: BaseException) -> Problem:
        """An exception as a problem: one that was raised with a marked text is that text, and needs no traceback."""
        text = error.args[0] if error.args else ""
        if isinstance(text, Text):
            return cls(text)
        plain = Text(": ".join(filter(None, (type(error).__name__, str(error)))))
        return cls(_declared(error) if isinstance(error, ValidationError) else plain, _traceback(error))


def _declared(error: ValidationError) -> Text:
    """What is wrong with a declaration that could not be made, e.g. "Layer: kind: 'dots' is not one of …"."""
    made = getattr(tool, error.title, None)
    names = [each.name for each in dataclasses.fields(made)] if dataclasses.is_dataclass(made) else []
    first = error.errors()[0]
    at = [names[each] if isinstance(each, int) and n == 0 and each < len(names) else str(each)
          for n, each in enumerate(first["loc"])]  # fmt: skip
    return T("{record}: {field}: {problem}", record=error.title, field=".".join(at), problem=fields.sentence(first))


def _traceback(error: BaseException) -> str:
    """The traceback without the frames of what imported and asked the plugin."""
    whole = traceback.TracebackException.from_exception(error)
    each: traceback.TracebackException | None = whole
    while each is not None:
        own = [frame for frame in each.stack if not _of_host(frame.filename)]
        each.stack = traceback.StackSummary.from_list(own or each.stack)
        each = each.__cause__ or each.__context__
    return "".join(whole.format())


def _of_host(file: str) -> bool:
    """Whether a file is the host's, or of what it imports and asks plugins with."""
    path = Path(file)
    return file.startswith("<frozen") or _HERE in path.parents or bool(_ASKING & set(path.parts))


@dataclass(frozen=True)
class Plugin:
    """A plugin, loaded or not. package: the catalogue of its texts, and where relative names are looked up.

    state: ok (perhaps with problems in single declarations), failed, disabled (by the settings), skipped (safe mode,
    a repeated name). tools: the ids of those of its tools that are on offer.
    """

    name: str
    package: str
    version: str
    source: Source
    path: Path | None
    state: State
    load_seconds: float = 0.0
    tools: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Found(Generic[D_co]):
    """A declaration and whose it is."""

    declaration: D_co
    plugin: str
    package: str
    version: str


@dataclass(frozen=True)
class FoundTool(Found[Tool]):
    """A tool whose `params` are complete: every `Offered` field is a variant of what is offered."""

    @property
    def tool(self) -> Tool:
        """The declaration."""
        return self.declaration


@dataclass(frozen=True)
class Registry:
    """All that plugins offer, by id (artifact kinds by kind), in the order in which it was found."""

    plugins: tuple[Plugin, ...] = ()
    tools: Mapping[str, FoundTool] = field(default_factory=dict)
    offers: Mapping[str, Found[Offer]] = field(default_factory=dict)
    kinds: Mapping[str, Found[ArtifactKind]] = field(default_factory=dict)
    exporters: Mapping[str, Found[Exporter]] = field(default_factory=dict)
    experiments: Mapping[str, Found[Experiment]] = field(default_factory=dict)
    managers: Mapping[str, pluggy.PluginManager] = field(default_factory=dict)


def unknown_tool(registry: Registry, name: str) -> UserError:
    """What a person reads who asks for a tool that there is not: the nearest name, else those on offer."""
    offered = sorted(found.tool.id for found in registry.tools.values() if not found.tool.hidden)
    near = difflib.get_close_matches(name, registry.tools, 1)
    if near:
        text = T("There is no tool {name}; did you mean {near}?", name=name, near=near[0])
    else:
        text = T("There is no tool {name}; there are: {known}.", name=name, known=", ".join(offered) or "-")
    return UserError(text, remedy=T("`workbench tools` lists them, with the plugins that failed to load."))


def load_object(package: str, name: str) -> Any:
    """The object that "module:attribute" names; ".module:run" inside `package`, ":run" in `package` itself.

    Raises UserError for a malformed name, a module that cannot be imported and an attribute that is not there; any
    other error of the module's own is left as it is, with its traceback.
    """
    module, colon, attribute = name.partition(":")
    if not colon or not attribute:
        raise UserError(T('{name} is not of the form "module:function".', name=name))
    try:
        found = importlib.import_module(module, package) if module else importlib.import_module(package)
    except ImportError as error:
        text = T("{name} of {package} cannot be imported: {problem}", name=name, package=package, problem=error)
        raise UserError(text) from error
    try:
        return attrgetter(attribute)(found)
    except AttributeError:
        text = T("{module} has no {attribute}.", module=found.__name__, attribute=attribute)
        raise UserError(text) from None


def notify(registry: Registry, hook: str, **values: Any) -> None:
    """Tells every plugin of an event, e.g. "workbench_run_started"; one that fails is logged and stops nothing."""
    for name, manager in registry.managers.items():
        try:
            getattr(manager.hook, hook)(**values)
        except (Exception, SystemExit):
            log.exception("%s: %s failed", name, hook)
