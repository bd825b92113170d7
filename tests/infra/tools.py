"""Programs from the package index, installed by uv in its cache."""

import subprocess
from functools import cache

WHERE = "import shutil, sys; print(shutil.which(sys.argv[1]))"


@cache
def program(requirement: str, name: str) -> str:
    """Return the path of a program of a package, so that uv resolves the package only once."""
    words = ["uv", "tool", "run", "--quiet", "--from", requirement, "python", "-c", WHERE, name]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return done.stdout.strip()
