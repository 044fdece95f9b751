"""Parameters as text that gives the same parameters again: a command, Python, a group's JSON. Without Qt."""

from __future__ import annotations

import json
import pprint
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from workbench import fields
from workbench.errors import UserError
from workbench.fields import ParameterError
from workbench.texts import T
from workbench.ui.forms import nested
from workbench.ui.forms.nested import Values, plain

_ONE = """from workbench import fields
from workbench.discovery import discover
from workbench.settings import Places, Settings

tool = discover(Places.of(), Settings()).tools[{tool!r}].tool
values = {values}
params = fields.validate(tool.params, values)
"""
_SWEEP = """from workbench import fields
from workbench.discovery import discover
from workbench.jobs.sweep import combinations, varied
from workbench.settings import Places, Settings

tool = discover(Places.of(), Settings()).tools[{tool!r}].tool
values = {values}
vary = {vary}
params = [fields.validate(tool.params, varied(tool.params, values, each)) for each in combinations(vary)]
"""
_NOTHING: Mapping[str, Sequence[str]] = {}


def as_command(tool: str, model: type[BaseModel], values: Mapping[str, Any], vary: Sequence[str] = ()) -> str:
    """`workbench run TOOL --set …` for a shell, with only what makes a difference.

    vary: `path=1,3` of a sweep. All that was set is named then: what makes no difference here may make one in a run.
    """
    settings = assignments(model, plain(values) if vary else differences(model, values))
    varied = [word for each in vary for word in ("--vary", each)]
    command = ["workbench", "sweep" if vary else "run", tool, *varied]
    return shlex.join([*command, *(["--set", *settings] if settings else [])])


def as_python(
    tool: str, model: type[BaseModel], values: Mapping[str, Any], vary: Mapping[str, Sequence[str]] = _NOTHING
) -> str:
    """A few lines that make the same parameters; with vary, the texts of a sweep by path, a list of all its runs'."""
    if vary:
        return _SWEEP.format(tool=tool, values=_code(plain(values)), vary=_code(dict(vary)))
    return _ONE.format(tool=tool, values=_code(differences(model, values)))


def _code(value: Any) -> str:
    return pprint.pformat(_lists(value), width=100, sort_dicts=False)


def differences(model: type[BaseModel], values: Mapping[str, Any]) -> Values:
    """The values without those that the fields would take anyway; all of them where they are not valid."""
    kept: Values = plain(values)
    wanted = _made(model, kept)
    if wanted is None:
        return kept
    for path, _ in nested.leaves(kept):
        if path.rpartition(".")[2] == "kind":
            continue
        without = plain(kept)
        nested.remove(without, path)
        if _made(model, without) == wanted:
            kept = without
    return _without_empty(model, kept, wanted)


def _without_empty(model: type[BaseModel], values: Values, wanted: Any) -> Values:
    """Groups and variants with nothing left in them that the model would make anyway."""
    for name in list(values):
        without = {key: each for key, each in values.items() if key != name}
        if _made(model, without) == wanted:
            values = without
    return values


def _made(model: type[BaseModel], values: Values) -> Any:
    """The parameters as plain values, so that arrays and models compare; None where they are wrong."""
    try:
        return _lists(plain(fields.validate(model, values)))
    except ParameterError:
        return None


# ------------------------------------------------------------------------------- command line


def assignments(model: type[BaseModel], values: Values) -> list[str]:
    """`path=text` for each value, as the command line reads them: to the same parameters, checked here."""
    wanted = _made(model, values)
    written: list[str] = []
    for name, value in values.items():
        fine = [f"{path}={text}" for path, text in _texts(name, value)]
        written += fine if _again(model, fine) == _made(model, {name: value}) else [f"{name}={_json(value)}"]
    if wanted is not None and _again(model, written) != wanted:
        return [f"{name}={_json(value)}" for name, value in values.items()]
    return written


def _texts(path: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict) and "kind" in value:
        rest = {name: each for name, each in value.items() if name != "kind"}
        return [(path, str(value["kind"])), *(found for name in rest for found in _texts(f"{path}.{name}", rest[name]))]
    if isinstance(value, dict) and value:
        return [found for name, each in value.items() for found in _texts(f"{path}.{name}", each)]
    return [(path, as_text(value))]


def as_text(value: Any) -> str:
    """A value as it stands after `--set name=`. A text that would be read as JSON is put into quotes."""
    if isinstance(value, str):
        return _json(value) if value[:1] in tuple('"[{') or value == "null" else value
    return _json(value)


def _again(model: type[BaseModel], settings: list[str]) -> Any:
    values: Values = {}
    try:
        for each in settings:
            path, _, text = each.partition("=")
            fields.assign(model, values, path, text)
    except ParameterError:
        return None
    return _made(model, values)


def _json(value: Any) -> str:
    return json.dumps(_lists(value), ensure_ascii=False)


def _lists(value: Any) -> Any:
    """Arrays as nested lists."""
    if isinstance(value, dict):
        return {name: _lists(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_lists(each) for each in value]
    return value.tolist() if hasattr(value, "tolist") else value


def jsonable(value: Any) -> Any:
    """Plain values, with arrays as nested lists."""
    return _lists(plain(value))


# ------------------------------------------------------------------------------- groups


def all_from_json(model: type[BaseModel], text: str) -> Values:
    """All parameters from a copied text. Raises UserError where they do not fit."""
    value = _read(text)
    if not isinstance(value, dict):
        raise UserError(T("What was copied is no group of parameters."))
    for field, problem in fields.problems(model, value):
        raise UserError(T("What was copied does not fit: {field}: {problem}", field=field, problem=problem))
    return value


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UserError(T("What was copied is no JSON: {why}.", why=error)) from error


def group_as_json(value: Any) -> str:
    """All values of a group, variant or list."""
    return json.dumps(_lists(plain(value)), ensure_ascii=False, indent=2)


def group_from_json(
    model: type[BaseModel], values: Values, path: str, text: str, put: Callable[[Values, str, Any], Values]
) -> Any:
    """The values that a copied text holds. Raises UserError where they are not for the group at `path`."""
    value = _read(text)
    before = set(fields.problems(model, values))
    for field, problem in fields.problems(model, put(values, path, value)):
        inside = field == path or field.startswith(f"{path}.")
        if inside and (field, problem) not in before:
            raise UserError(T("What was copied does not fit: {field}: {problem}", field=field, problem=problem))
    return value
