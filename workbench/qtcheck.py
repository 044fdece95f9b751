"""Whether the installed Qt is one that works with this Python. Reads the package's metadata only, imports no Qt."""

from __future__ import annotations

import importlib.metadata
import sys

from workbench.errors import UserError
from workbench.texts import T, Text

DISTRIBUTION = "PySide6-Essentials"
GOOD = "6.11.3"
"""The version that the program is developed with."""

_DOCKING = T("it breaks undocking and docking of panels")
_NONE = T("it loses a reference to None in every call and so ends Python 3.11 after some thousands of them")
_EVERY_PYTHON = (99, 0)
_BAD: dict[str, tuple[Text, tuple[int, int]]] = {
    "6.11.0": (_DOCKING, _EVERY_PYTHON),
    "6.11.1": (_DOCKING, _EVERY_PYTHON),
    "6.12.0": (_NONE, (3, 12)),
}
"""By version: what is wrong with it, and the first Python that it does not harm."""


def installed() -> str:
    """The version of the installed Qt. Raises UserError where there is none."""
    try:
        return importlib.metadata.version(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        raise UserError(T("Qt is not installed."), remedy=_install()) from None


def check(version: str = "", python: tuple[int, int] = sys.version_info[:2]) -> str:
    """The version of the installed Qt. Raises UserError for none and for one that is known to be bad."""
    version = version or installed()
    reason, harmless_from = _BAD.get(version, (Text(""), (0, 0)))
    if python < harmless_from:
        text = T("Qt (PySide6) {version} cannot be used: {reason}.", version=version, reason=reason)
        raise UserError(text, remedy=_install())
    return version


def _install() -> Text:
    return T("Install another version: {command}", command=f'{sys.executable} -m pip install "{DISTRIBUTION}=={GOOD}"')
