"""Measure how a project serves beside its peers; `benchmarks/README.md` says more.

Run `make demo` first, then: .venv/bin/python -m benchmarks.serving
"""

import argparse
import os
import sys
import time
from pathlib import Path

from benchmarks.serving import batch, claims, edge, page, rest, results
from benchmarks.serving.sides import ALL, NAMES, chosen
from benchmarks.serving.trained import Trained, trained

PARTS = {"rest": rest.measured, "batch": batch.measured, "edge": edge.measured}


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser("python -m benchmarks.serving", description=__doc__)
    parser.add_argument("--project", type=Path, default=Path("build/demo"), help="a trained one")
    parser.add_argument("--package", default="flight_delays", help="its package's name")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=[*PARTS])
    parser.add_argument("--peers", nargs="*", choices=NAMES, default=NAMES, help="beside ours")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8, 16])
    parser.add_argument("--rounds", type=int, default=7, help="of the REST servers")
    parser.add_argument("--seconds", type=float, default=1.0, help="of a server in a round")
    parser.add_argument("--rows", type=int, default=1_300_000, help="of the batch")
    parser.add_argument("--batch-rounds", type=int, default=3)
    parser.add_argument("--starts", type=int, default=15, help="of the edge bundle")
    parser.add_argument("--keep", action="store_true", help="as the figures of the documentation")
    return parser.parse_args()


def measure(part: str, options: argparse.Namespace, project: Trained) -> dict[str, object]:
    """Measure a part, and keep its figures if that was asked for."""
    start = time.monotonic()
    sides = chosen(ALL[part], options.peers)
    about = results.circumstances(sides, project)  # installs the peers first
    about["load_before"] = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
    found = about | PARTS[part](options, project)
    found["seconds"] = round(time.monotonic() - start)
    print(f"{part} took {found['seconds']} s\n", flush=True)
    if options.keep:
        results.keep(part, found)
    return found


def main() -> None:
    """Measure; exit 1 if a claim does not hold."""
    options = arguments()
    if options.keep and [*options.peers] != NAMES:
        sys.exit("--keep needs all peers: a table with some of them would mislead")
    project = trained(options.project, options.package)
    found = {part: measure(part, options, project) for part in options.parts}
    if options.keep:
        page.write(results.read())
    if misses := claims.missed(found):
        sys.exit("\n".join(misses))


if __name__ == "__main__":
    main()
