"""`python -m workbench`, the same as `workbench`."""

import sys

from workbench.cli import main

sys.exit(main())
