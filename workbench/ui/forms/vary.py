"""The values that a field takes one after the other in a sweep: read and checked as on the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from workbench import fields
from workbench.errors import UserError
from workbench.jobs.sweep import parse_vary, varied
from workbench.texts import T, Text

MOST_CHECKED = 24
"""So many values are checked while they are typed; the others when the sweep is planned."""


def texts_of(path: str, text: str) -> list[str]:
    """`1, 3` or `0:5` as single texts. Raises UserError."""
    _, found = parse_vary(f"{path}={text.strip().replace('，', ',')}")
    return [each.strip() for each in found]


def begin(path: str, text: str) -> str:
    """A single text as the values that a field is varied over, to write others beside."""
    if not text or _readable(path, text) == [text]:
        return text
    return f"[{text}]" if text[0] in "[{" else json.dumps([text], ensure_ascii=False)


def argument(path: str, text: str) -> str:
    """`path=…` that gives the command line the same values. Raises UserError."""
    texts = texts_of(path, text)
    ways = (text.strip(), ",".join(texts), json.dumps(texts, ensure_ascii=False))
    return next(written for way in ways if parse_vary(written := f"{path}={way}")[1] == texts)


def fault(model: type[BaseModel], values: Mapping[str, Any], path: str, vary: Mapping[str, str]) -> Text | None:
    """What is wrong with the values that a field is varied over, None if nothing is.

    Each is checked beside the first values of the other fields that are varied: a run of the sweep will have these.
    """
    try:
        texts = texts_of(path, vary[path]) if vary[path].strip() else []
    except UserError as error:
        return error.text
    if not texts:
        return T("give values: 1, 3, 10 or 0:5.")
    known = fields.problems(model, values)
    beside = {other: found[0] for other, text in vary.items() if (found := _readable(other, text))}
    faults = (_fault_of(model, values, path, {**beside, path: each}, known) for each in texts[:MOST_CHECKED])
    return next(filter(None, faults), None)


def _readable(path: str, text: str) -> list[str]:
    """The single texts, none where they cannot be read."""
    try:
        return texts_of(path, text)
    except UserError:
        return []


def _fault_of(
    model: type[BaseModel],
    values: Mapping[str, Any],
    path: str,
    texts: Mapping[str, str],
    known: Sequence[tuple[str, Text]],
) -> Text | None:
    """What is wrong at the field in one run, or newly with what it is in."""
    try:
        found = fields.problems(model, varied(model, values, texts))
    except UserError as error:
        return error.text
    for field, problem in found:
        around = not field or f"{path}.".startswith(f"{field}.")
        if f"{field}.".startswith(f"{path}.") or (around and (field, problem) not in known):
            return problem
    return None
