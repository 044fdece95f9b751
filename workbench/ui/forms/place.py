"""Where a field stands in a form: its path, its kind, and what people read about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from workbench.fields import domain_of
from workbench.texts import LANGUAGES, Text, translate
from workbench.ui.forms.kinds import Kind, flags_of, kind_of_field


@dataclass(frozen=True)
class Place:
    """A field, or an element of a list (then it has a number for a title)."""

    path: str
    kind: Kind
    title: Text
    help: Text
    domain: str
    flags: Mapping[str, Any] = field(default_factory=dict)

    @property
    def group(self) -> str:
        """The path of what it is in."""
        return self.path.rpartition(".")[0]

    @property
    def in_list(self) -> bool:
        """Whether it is an element of a list, or in one."""
        return any(name.isdigit() for name in self.path.split("."))

    @property
    def words(self) -> str:
        """What the search looks through: the path, title and help in every language."""
        texts = [translate(each, language) for each in (self.title, self.help) for language in LANGUAGES]
        return " ".join((self.path, *texts)).casefold()

    def element(self, index: int) -> Place:
        """The place of a list's element."""
        flags = {name: self.flags[name] for name in ("live", "unit") if name in self.flags}
        return Place(f"{self.path}.{index}", self.kind.items[0], Text(str(index + 1)), Text(""), self.domain, flags)


def places(
    model: type[BaseModel], prefix: str = "", domain: str = "", live: bool = False, in_list: bool = False
) -> Iterator[Place]:
    """The places of a model's fields, save those that are never shown.

    live: all of them are. in_list: none of them is live for itself, a job takes the list as a whole.
    """
    variant = "kind" in model.model_fields and model.model_fields["kind"].title is None
    for name, info in model.model_fields.items():
        if name == "version" or (name == "kind" and variant) or flags_of(info).get("hidden"):
            continue
        own = domain or domain_of(model)
        title = Text(info.title or name.replace("_", " ").capitalize(), domain=own)
        flags = {**flags_of(info), "live": live or (bool(flags_of(info).get("live")) and not in_list)}
        yield Place(prefix + name, kind_of_field(info), title, Text(info.description or "", domain=own), own, flags)
