"""The three ways in which a job ends early."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.texts import Text


class UserError(Exception):
    """One clear line for a person, without a traceback: what was wrong, what to do, at which field.

    text and remedy are marked texts (`T("No file {path}.", path=p)`) or plain English; field is a dotted path.
    """

    def __init__(self, text: str, remedy: str = "", field: str = "") -> None:
        super().__init__(text)
        self.text = text if isinstance(text, Text) else Text(text)
        self.remedy = remedy if isinstance(remedy, Text) else Text(remedy)
        self.field = field

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.text, self.remedy, self.field)

    def to_json(self) -> dict[str, Any]:
        """As it lies in a run's record."""
        return {
            "type": type(self).__name__,
            "text": self.text.to_json(),
            "remedy": self.remedy.to_json(),
            "field": self.field,
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> UserError:
        """The error of a record."""
        return UserError(Text.from_json(record["text"]), Text.from_json(record["remedy"]), record["field"])


class Stop(BaseException):
    """Raised at a step boundary; not an Exception, so that `except Exception` cannot swallow a cancel."""


class Superseded(Stop):
    """A live tool's parameters have changed: this evaluation is no longer wanted."""
