"""The window: the only part of the host that knows Qt. It computes nothing and waits for nothing."""

import sys

from workbench.ui import overrides  # it brings PySide, and with it the module that is looked for below

_NAME, _ASKS = "shibokensupport.feature", "_mod_uses_pyside"


def _read_no_sources() -> None:
    """After every import, in whichever thread, PySide reads the imported module's whole source and keeps it, to know
    whether it uses PySide: that is for `from __feature__ import …` alone. Every module counts as one that may."""
    if hasattr(sys.modules.get(_NAME), _ASKS):
        setattr(sys.modules[_NAME], _ASKS, lambda _: True)


_read_no_sources()
overrides.guard()
