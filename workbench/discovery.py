"""Finding plugins: installed ones by their entry points, then the user's own from a folder.

Each is imported, asked and checked by itself: pluggy isolates nothing, so every plugin has a manager of its own, and
whatever is wrong with one is kept as a `Problem` of that plugin and stops nothing else.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from workbench import API_VERSION, hooks
from workbench.gathering import Gathering
from workbench.loading import PATIENCE, Interrupted, interruptible, watched
from workbench.registry import Found, FoundTool, Plugin, Problem, Registry, Source, State, load_object, notify
from workbench.settings import APP, Places, Settings
from workbench.texts import T

__all__ = ["Found", "FoundTool", "Plugin", "Problem", "Registry", "State", "discover", "load_object", "names", "notify"]

GROUP = "workbench.plugins"
log = logging.getLogger(__name__)


class UnfitError(Exception):
    """A plugin that is not for this host; its text says why."""


@dataclass(frozen=True)
class Candidate:
    """A plugin that was seen and not yet imported. load: gives the object with the hooks."""

    name: str
    module: str
    version: str
    source: Source
    path: Path | None
    load: Callable[[], Any]


@dataclass
class Loaded:
    """A plugin after it was asked, or why it was not."""

    plugin: Plugin
    manager: pluggy.PluginManager | None = None
    declarations: list[object] = field(default_factory=list)


def discover(
    places: Places,
    settings: Settings,
    safe_mode: bool = False,
    tool: str | None = None,
    late: Callable[[str], object] = lambda _: None,
) -> Registry:
    """All plugins and what they offer. Raises nothing for a plugin's fault: it is listed with the reason.

    tool: the only tool that is wanted; to complete and check all others takes a worker longer than to find them.
    late: is told, in a thread, the name of a plugin that is still being loaded after `loading.PATIENCE` seconds.
    """
    seen: set[str] = set()
    found: list[Loaded] = []
    gathering = Gathering()
    with interruptible():
        for candidate in _candidates(places):
            with watched(partial(_say_late, candidate.name, late)):
                found.append(_take(candidate, settings, safe_mode, candidate.name in seen))
            seen.add(candidate.name)
        for each in found:
            gathering.add(each.plugin, each.declarations)
        managers = {each.plugin.name: each.manager for each in found if each.manager}
        return gathering.registry([each.plugin for each in found], managers, tool)


def names(places: Places) -> list[str]:
    """The names of all plugins. None is imported: one that cannot be loaded can be disabled all the same."""
    return list(dict.fromkeys(each.name for each in _candidates(places)))


def _say_late(name: str, late: Callable[[str], object]) -> None:
    log.warning("plugin %s is still being loaded after %g seconds", name, PATIENCE)
    late(name)


# ------------------------------------------------------------------------------------- seeing


def _candidates(places: Places) -> Iterator[Candidate]:
    return chain(_installed(), _in_folder(places.plugins))


def _installed() -> Iterator[Candidate]:
    for entry in sorted(importlib.metadata.entry_points(group=GROUP), key=lambda each: each.name):
        own = entry.dist is not None and entry.dist.name == APP
        version = entry.dist.version if entry.dist else ""
        yield Candidate(entry.name, entry.module, version, "built-in" if own else "installed", None, entry.load)


def _in_folder(folder: Path) -> Iterator[Candidate]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith((".", "_")):
            continue
        if (path / "__init__.py").is_file() or path.suffix == ".py":
            name = path.name if path.is_dir() else path.stem
            yield Candidate(name, name, "", "folder", path, _Importer(path, name))


@dataclass(frozen=True)
class _Importer:
    """Imports a module of the user's folder, whose path goes last: nothing there can hide an installed module.

    What lies there may be a link to where it is written.
    """

    path: Path
    name: str

    def __call__(self) -> ModuleType:
        name, folder = self.name, str(self.path.parent)
        if not name.isidentifier():
            raise UnfitError(T("{name} is no name of a Python module.", name=repr(name)))
        if folder not in sys.path:
            sys.path.append(folder)
        importlib.invalidate_caches()
        module = importlib.import_module(name)
        file = getattr(module, "__file__", None) or "Python"
        if not _same(Path(file), self.path / "__init__.py" if self.path.is_dir() else self.path):
            raise UnfitError(T("Another module has the name {name}: {file}", name=name, file=file))
        return module


def _same(file: Path, ours: Path) -> bool:
    return file.exists() and file.samefile(ours)


# ------------------------------------------------------------------------------------- taking


def _take(candidate: Candidate, settings: Settings, safe_mode: bool, repeated: bool) -> Loaded:
    refused = _refused(candidate, settings, safe_mode, repeated)
    if refused:
        state, problems = refused
        return Loaded(_plugin(candidate, state, problems=problems))
    start = time.perf_counter()
    problems = []
    try:
        plugin = candidate.load()
        module = sys.modules[candidate.module]
        manager = _manager(module, plugin)
    except Interrupted:
        raise
    except BaseException as error:
        log.warning("plugin %s failed", candidate.name, exc_info=True)
        return Loaded(_plugin(candidate, "failed", start, [Problem.of(error)]))
    declared = list(_ask(manager, problems))
    found = _plugin(candidate, "failed" if problems and not declared else "ok", start, problems)
    file = candidate.path or (Path(module.__file__) if module.__file__ else None)
    package = module.__package__ or module.__name__
    version = candidate.version or str(getattr(module, "__version__", ""))
    return Loaded(replace(found, package=package, path=file, version=version), manager, declared)


def _refused(
    candidate: Candidate, settings: Settings, safe_mode: bool, repeated: bool
) -> tuple[State, list[Problem]] | None:
    if repeated:
        return "skipped", [Problem(T("Another plugin has the name {name}.", name=candidate.name))]
    if safe_mode and candidate.source != "built-in":
        return "skipped", [Problem(T("Not loaded in safe mode."))]
    return ("disabled", []) if candidate.name in settings.disabled_plugins else None


def _manager(module: ModuleType, plugin: Any) -> pluggy.PluginManager:
    """The plugin behind a manager of its own. Raises UnfitError, and pluggy's errors for hooks that are not ours."""
    wanted = getattr(module, "WORKBENCH_API", API_VERSION)
    if wanted != API_VERSION:
        raise UnfitError(T("It is written for API version {wanted}; this is {ours}.", wanted=wanted, ours=API_VERSION))
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(plugin)
    if not manager.get_hookcallers(plugin):
        raise UnfitError(T("It implements no hook."))
    manager.check_pending()
    return manager


def _ask(manager: pluggy.PluginManager, problems: list[Problem]) -> Iterator[object]:
    """What the plugin declares; what a generator gave before it failed is kept."""
    try:
        answers: Sequence[Iterable[object]] = manager.hook.workbench_declare()
        yield from chain.from_iterable(answers)
    except Interrupted:
        raise
    except BaseException as error:
        log.warning("workbench_declare failed", exc_info=True)
        problems.append(Problem.of(error))


def _plugin(candidate: Candidate, state: State, start: float = 0.0, problems: Iterable[Problem] = ()) -> Plugin:
    seconds = time.perf_counter() - start if start else 0.0
    name, module = candidate.name, candidate.module
    return Plugin(
        name, module, candidate.version, candidate.source, candidate.path, state, seconds, (), tuple(problems)
    )
