"""Opening an address in the person's browser: off the GUI thread, for it starts a program."""

from __future__ import annotations

import webbrowser
from functools import partial

from workbench.texts import T
from workbench.ui.background import Background
from workbench.ui.bar import Bar


def browse(background: Background, bar: Bar, address: str) -> None:
    """Opens it; where there is no browser, the bar says the address, to be copied."""

    def tell(opened: bool) -> None:
        if not opened:
            bar.say(T("No browser could be opened. The address: {address}", address=address), bad=True)

    background.do(partial(webbrowser.open, address), tell, lane="browser")
