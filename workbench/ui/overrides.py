"""What a method of ours that Qt calls raises is an exception, and not the end of the program."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any

from PySide6.QtCore import QObject


def guard() -> None:
    """From here on every class that is derived from one of Qt's is guarded, a plugin's and pyqtgraph's too.

    Before Python 3.12 an exception that was raised in C (a missing key, an object that Qt has destroyed) has no
    instance until something of Python's handles it. PySide takes what leaves an override within a call from Python for
    an instance, and crashes.
    """
    if sys.version_info < (3, 12):
        QObject.__init_subclass__ = classmethod(_guarded)  # type: ignore[assignment, method-assign]


def _guarded(cls: type[QObject], /, **keywords: Any) -> None:
    super(QObject, cls).__init_subclass__(**keywords)
    for name, method in list(vars(cls).items()):
        if type(method) is FunctionType and _is_qts(cls, name):
            setattr(cls, name, _handled(method))


def _is_qts(cls: type, name: str) -> bool:
    """Whether a class of Qt's has a method of this name."""
    bases = (vars(base) for base in cls.__mro__[1:] if base.__module__.startswith("PySide6."))
    return any(name in found and not isinstance(found[name], FunctionType) for found in bases)


def _handled(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(*arguments: Any, **keywords: Any) -> Any:
        try:
            return method(*arguments, **keywords)
        finally:  # what passes through here has an instance
            pass

    return call
