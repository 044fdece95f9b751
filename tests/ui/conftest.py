"""Tests of the window draw into memory: no screen is needed."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
