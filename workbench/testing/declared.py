"""The texts of declarations: all that a window or a command line shows of a tool before it runs."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from workbench import fields
from workbench.params import Params
from workbench.registry import Found, FoundTool, Registry
from workbench.tool import Layer, Lead, Panel, Tool

Marked = tuple[str, str]
"""A catalogue and a text."""


def declared_texts(registry: Registry) -> Iterator[Marked]:
    """Every text that plugins declare, and those of the parameters that every tool has."""
    common = set(_of_model(Params))
    yield from common
    shared = {text for _, text in common}
    for domain, text in _of_plugins(registry):
        if text and text not in shared:
            yield domain, text


def _of_plugins(registry: Registry) -> Iterator[Marked]:
    for found in registry.tools.values():
        yield from _of_tool(found)
    for offer in registry.offers.values():
        yield offer.package, offer.declaration.title
        yield offer.package, offer.declaration.description
        yield from _of_model(offer.declaration.params)
    for kind in registry.kinds.values():
        yield kind.package, kind.declaration.title
    for exporter in registry.exporters.values():
        yield exporter.package, exporter.declaration.title
    for experiment in registry.experiments.values():
        yield experiment.package, experiment.declaration.statement
        yield experiment.package, experiment.declaration.source


def _of_tool(found: FoundTool | Found[Tool]) -> Iterator[Marked]:
    tool = found.declaration
    own = [tool.title, tool.description]
    own += [text for panel in tool.panels for text in (panel.title, panel.help)]
    own += [text for panel in tool.panels for text in _labels(panel)]
    leads = [part for panel in tool.panels for part in panel.parts if isinstance(part, Lead)]
    own += [text for lead in leads for text in (lead.title, lead.missing)]
    own += [text for preset in tool.presets for text in (preset.title, preset.text)]
    own += [action.title for action in tool.actions]
    yield from ((found.package, text) for text in own)
    for model in (tool.params, *(action.params for action in tool.actions if action.params)):
        yield from _of_model(model)


def _labels(panel: Panel) -> Iterator[str]:
    """What legends call layers; a number alone is the same in every language."""
    for part in panel.parts:
        label = part.style.get("label", "") if isinstance(part, Layer) else ""
        if not str(label).isdigit():
            yield str(label)


def _of_model(model: type[BaseModel]) -> Iterator[Marked]:
    """Titles and helps of fields, and the titles of a variant's members; those of lists too."""
    for field in fields.walk(model):
        yield field.domain, field.info.title or ""
        yield field.domain, field.info.description or ""
        shape = fields.shape_of(field.info.annotation, field.info.metadata)
        for member in shape.models.values():
            if member.model_config.get("title"):
                yield fields.domain_of(member), str(fields.title_of(member))
            if shape.many:
                yield from _of_model(member)
