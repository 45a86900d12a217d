"""``python -m cdk_epc``: the command line."""

from __future__ import annotations

import sys

from cdk_epc.cli import main

if __name__ == "__main__":
    sys.exit(main())
