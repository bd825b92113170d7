"""Make the pictures of the documentation from a generated project, or check the pipeline's.

Run: .venv/bin/python -m tools.pictures [--check]

A full run trains a project in build/pictures, replays three months of requests, and takes
screenshots with Chromium. --check redraws the pipeline from template/dvc.yaml.jinja and the figures
of the last run (docs/pictures/pipeline.json), and exits 1 if docs/pictures/pipeline.svg differs.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from tools import demo
from tools.pipeline_picture import PACKAGE, draw
from tools.steps import StepFailed, Steps

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "build" / "pictures"
FOLDER = ROOT / "docs" / "pictures"
PICTURE, FIGURES = FOLDER / "pipeline.svg", FOLDER / "pipeline.json"
LAST_DAY = "2013-12-02"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFLINE = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
SCHEMES = {"light": "1", "dark": "0"}
SIZE, LARGEST_PNG = "1000,1145", 150_000


def pipeline() -> str:
    """Return `dvc.yaml` as the template renders it for the example."""
    template = ROOT / "template" / "dvc.yaml.jinja"
    return template.read_text("utf-8").replace("{{ package_name }}", PACKAGE)


def read(file: Path) -> Any:
    """Read a JSON file."""
    return json.loads(file.read_text("utf-8"))


def measure(project: Path) -> dict[str, list[str]]:
    """Return the result of each stage, line by line, from the files of a trained project."""
    models, parts = project / "models", ("train", "validation", "test")
    rows = {name: count(project / f"data/processed/{name}.parquet") for name in parts}
    trials, metrics = read(models / "trials.json"), read(models / "metrics.json")
    size = (models / "candidate.onnx").stat().st_size
    return {
        "ingest": [f"{count(project / 'data/raw/rows.parquet'):,} rows"],
        "prepare": [f"{rows[name]:,} {name} rows" for name in parts],
        "features": [f"{len(read(project / 'features/spec.json')['features'])} features"],
        "train": [f"{len(trials['trials'])} trials, best by {trials['by']}"],
        "export": [f"candidate: {size // 1000} kB"],
        "evaluate": ["Validation set", *compared(metrics["validation"])],
        "gate": [
            "Test set: " + ("accepted" if metrics["accepted"] else "refused"),
            *compared(metrics["test"]),
        ],
    }


def count(file: Path) -> int:
    """Return the number of rows of a Parquet file."""
    return int(pl.scan_parquet(file).select(pl.len()).collect().item())


def compared(metrics: dict[str, dict[str, float]]) -> list[str]:
    """Return the ROC AUC of candidate and baseline, a line each."""
    return [f"{name}: roc_auc {metrics[name]['roc_auc']:.3f}" for name in ("candidate", "baseline")]


def outdated(dvc_yaml: str) -> str:
    """Return why the committed pipeline picture does not show a `dvc.yaml`; empty if it does."""
    try:
        drawn = draw(dvc_yaml, read(FIGURES))
    except KeyError as stage:
        return f"{FIGURES.name} has no figure of stage {stage}"
    return "" if PICTURE.read_text("utf-8") == drawn else f"{PICTURE.name} is out of date"


def screenshot(steps: Steps, page: Path, scheme: str, size: str, picture: Path) -> None:
    """Take a screenshot of a page in a light or dark scheme.

    Raises:
        StepFailed: there is no browser, or the picture is too large for the repository.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise StepFailed("screenshot: Chromium not found; install it: apt-get install chromium")
    with TemporaryDirectory() as profile:
        settings = [
            *(f"--user-data-dir={profile}", f"--window-size={size}", "--hide-scrollbars"),
            f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}",
        ]
        command = [browser, *OFFLINE, *settings, f"--screenshot={picture}", page.as_uri()]
        steps.run(f"{scheme} page", command, picture.parent)
    if picture.stat().st_size > LARGEST_PNG:
        raise StepFailed(f"screenshot: {picture.name} has more than {LARGEST_PNG:,} bytes")


def make(steps: Steps) -> None:
    """Train a project and write all pictures."""
    demo.remove_earlier_demo(PROJECT)
    demo.generate(steps, PROJECT)
    steps.run("train", ["uv", "run", "dvc", "repro"], PROJECT)
    steps.run("replay", ["uv", "run", "modelyard", "replay", "--until", LAST_DAY], PROJECT)
    monitor = ["sh", "-c", f"AS_OF={LAST_DAY} uv run modelyard monitor || test $? = 10"]
    steps.run("monitor", monitor, PROJECT)
    FOLDER.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(measure(PROJECT), indent=2) + "\n", "utf-8")
    PICTURE.write_text(draw((PROJECT / "dvc.yaml").read_text("utf-8"), read(FIGURES)), "utf-8")
    report = PROJECT / "reports" / "monitoring" / "report.html"
    for scheme in SCHEMES:
        screenshot(steps, report, scheme, SIZE, FOLDER / f"monitoring-{scheme}.png")
    screenshot(steps, report, "light", "390,1800", PROJECT / "reports" / "narrow.png")


def main() -> None:
    """Make the pictures; with --check only compare the pipeline's, and exit 1 if it differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    try:
        if not parser.parse_args().check:
            make(Steps())
        elif reason := outdated(pipeline()):
            raise StepFailed(f"{reason}; run: python -m tools.pictures")
    except StepFailed as failure:
        sys.exit(f"error: {failure}")


if __name__ == "__main__":
    main()
