"""What is kept in the repository is written by us, or data whose licence stands beside it: nothing that is built."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILT = {".whl", ".gz", ".zip", ".tar", ".so", ".pyc", ".mo", ".jar", ".exe", ".min.js", ".map"}
LARGEST = 500_000  # bytes: the lock of the development requirements has 400,000


def kept() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    return sorted(name for name in listed.stdout.decode().split("\0") if name)


@pytest.mark.skipif(not kept(), reason="this is no checkout of git")
def test_no_built_file_is_kept():
    built = [name for name in kept() if any(name.endswith(end) for end in BUILT)]
    large = [name for name in kept() if (ROOT / name).is_file() and (ROOT / name).stat().st_size > LARGEST]
    assert (built, large) == ([], [])
