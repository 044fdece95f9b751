"""Qt's own words, in the window's language."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication

from workbench.ui.speech import Speech, read


@pytest.mark.usefixtures("qapp")
def test_qts_words_last_as_long_as_the_language() -> None:
    speech = Speech("en")
    speech.speak("zh_CN", read("zh_CN", ()))
    size = len(read("zh_CN", ()))
    crowd = [bytes([k % 256]) * size for k in range(50)]  # takes whatever place has become free
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    assert QCoreApplication.translate("QShortcut", "Space") == "空格"
    speech.end()
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
    assert len(crowd) == 50
