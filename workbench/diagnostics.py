"""What somebody who helps needs to know, in one file: versions, findings, settings, plugins, the ends of the logs.

No runs, no data, no names of the person's files beyond what logs say; the home folder is written as ~.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import workbench
from workbench.doctor import examine, to_json
from workbench.registry import Plugin, Registry
from workbench.settings import APP, Places, Settings

LOGS = ("workbench.log", "workbench.log.1", "spare.log", "last-crash.txt")
_TAIL = 200_000
"""Bytes of each log that are taken."""


def bundle(places: Places, settings: Settings, registry: Registry, into: Path) -> Path:
    """Writes the bundle, a zip, and returns its path. Takes some seconds. Raises OSError where it cannot be written."""
    parts = dict(_parts(places, settings, registry))
    new = into.with_name(f".{into.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as file:
            for name, text in parts.items():
                file.writestr(name, without_home(text).encode("utf-8", "backslashreplace"))  # paths may be no text
        return new.replace(into)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def _parts(places: Places, settings: Settings, registry: Registry) -> Iterator[tuple[str, str]]:
    """Each part's name and text."""
    yield "versions.json", _as_json(versions())
    yield "doctor.json", _as_json({"checks": to_json(examine(settings, registry))})
    yield "plugins.json", _as_json({"plugins": [_plugin(each) for each in registry.plugins]})
    yield "settings.json", _as_json(settings.model_dump(mode="json"))
    yield "settings.toml", tail(places.settings_file)
    for name in LOGS:
        if (places.logs / name).is_file():
            yield f"logs/{name}", tail(places.logs / name)


def versions() -> dict[str, str]:
    """Of the program, of Python and the system, and of every package that the program asks for."""
    found = {
        "workbench": workbench.__version__,
        "python": sys.version,
        "system": platform.platform(),
        "cores": str(os.cpu_count()),
    }
    names = {re.split(r"[^\w.-]", each, maxsplit=1)[0] for each in metadata.requires(APP) or ()}
    for name in sorted(names):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def tail(file: Path, most: int = _TAIL) -> str:
    """The last bytes of a file as text; "" where there is none."""
    try:
        with file.open("rb") as stream:
            stream.seek(max(0, file.stat().st_size - most))
            return stream.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


def without_home(text: str) -> str:
    """The text with ~ for the home folder, as it is written in texts and in JSON."""
    home = str(Path.home())
    for each in dict.fromkeys((home, json.dumps(home)[1:-1])):
        if len(each) > 1:
            text = re.sub(rf"{re.escape(each)}(?![\w.-])", "~", text)
    return text


def _plugin(plugin: Plugin) -> dict[str, Any]:
    return {
        "name": plugin.name,
        "version": plugin.version,
        "source": plugin.source,
        "path": str(plugin.path or ""),
        "state": plugin.state,
        "load_seconds": plugin.load_seconds,
        "tools": list(plugin.tools),
        "problems": [{"text": str(each.text), "traceback": each.traceback} for each in plugin.problems],
    }


def _as_json(found: Mapping[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2)
