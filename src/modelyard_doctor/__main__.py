"""Check the project in the working folder: `python -m modelyard_doctor [--json] [PACKAGE]`."""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # few rows: starting threads takes longer

OTHER_VERSION = "the project has another version of the runtime: run uv run modelyard doctor in it"


def main(words: list[str]) -> int:
    """Run all checks and print the report; return 1 if there is an error."""
    try:
        from modelyard.console import UserError

        from .report import lines
        from .run import examine
    except ImportError as failure:
        if "modelyard" not in str(failure):
            raise
        print(f"error: {failure}; {OTHER_VERSION}", file=sys.stderr)
        return 1
    packages = [word for word in words if word != "--json"]
    try:
        report = examine(Path.cwd(), *packages[:1])
    except UserError as refused:
        print(f"error: {refused}", file=sys.stderr)
        return 1
    if "--json" in words:
        print(json.dumps(report.record(), indent=2, ensure_ascii=False, default=str))
    else:
        print("\n".join(lines(report)))
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
