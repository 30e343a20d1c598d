"""Where the npm packages stand that a running system uses."""

import os
from pathlib import Path


def packages() -> Path:
    """Give their folder: DIJKWACHT_NODE_MODULES, else where `dijkwacht assets` puts them in the home."""
    home = Path(os.environ.get("DIJKWACHT_HOME") or "var").absolute()
    return Path(os.environ.get("DIJKWACHT_NODE_MODULES") or home / "frontend" / "node_modules")
