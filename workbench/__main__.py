"""`python -m workbench`, the same as `workbench`: where a person stands is no place of modules."""

import sys
from importlib import import_module

if not sys.flags.safe_path:
    del sys.path[0]

sys.exit(import_module("workbench.cli").main())
