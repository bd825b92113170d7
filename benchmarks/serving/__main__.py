"""Compare the serving targets of a project with other servers; see `benchmarks/README.md`.

Run `make demo` first, then: .venv/bin/python -m benchmarks.serving
"""

import argparse
import os
import sys
import time
from pathlib import Path

from benchmarks.serving import batch, claims, edge, page, rest, results
from benchmarks.serving.sides import ALL, NAMES, chosen
from benchmarks.serving.trained import Trained, find_trained

PARTS = {"rest": rest.measure, "batch": batch.measure, "edge": edge.measure}


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser("python -m benchmarks.serving", description=__doc__)
    parser.add_argument("--project", type=Path, default=Path("build/demo"), help="trained project")
    parser.add_argument("--package", default="flight_delays", help="name of its package")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=[*PARTS])
    parser.add_argument("--peers", nargs="*", choices=NAMES, default=NAMES, help="peers to measure")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8, 16])
    parser.add_argument("--rounds", type=int, default=7, help="rounds of the REST servers")
    parser.add_argument("--seconds", type=float, default=1.0, help="seconds per server and round")
    parser.add_argument("--rows", type=int, default=1_300_000, help="rows of the batch")
    parser.add_argument("--batch-rounds", type=int, default=3)
    parser.add_argument("--starts", type=int, default=15, help="starts of the edge bundle")
    parser.add_argument("--keep", action="store_true", help="store the results and their page")
    return parser.parse_args()


def measure(part: str, options: argparse.Namespace, project: Trained) -> dict[str, object]:
    """Measure a part, and store its results if requested."""
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
    """Measure; exit with 1 if a claim does not hold."""
    options = arguments()
    if options.keep and [*options.peers] != NAMES:
        sys.exit("--keep requires all peers, a table of some of them would be misleading")
    project = find_trained(options.project, options.package)
    found = {part: measure(part, options, project) for part in options.parts}
    if options.keep:
        page.write(results.read())
    if misses := claims.missed(found):
        sys.exit("\n".join(misses))


if __name__ == "__main__":
    main()
