"""Score what was published last with a candidate, and compare before anything is published."""

import os
import sys
from pathlib import Path
from typing import Any

import polars as pl

from ...console import UserError
from ...files import read_json
from ...params import read_params
from ...project import VARIABLE, Project
from ...schema.contract import Classes, Schema
from ..check import Check, conclude, works
from ..judge import Answers, as_scores, judged
from ..params import Canary
from ..subprocesses import attempt

SHADOW = Path("build/canary/batch")


def look(
    project: Project, source: str, published: Path, candidate: Path, limits: Canary
) -> list[Check]:
    """Score aside, and compare row by row.

    Raises:
        UserError: `published` was not made from `source`.
    """
    then = read_json(published / "manifest.json", "score it first, with the model in service")
    if failure := score_aside(project, source, candidate):
        return [works("it scores", failure)]
    now = read_json(SHADOW / "manifest.json", "the candidate's run left none")
    if then["inputs"] != now["inputs"]:
        raise UserError(
            f"{published} was not made from {source} as it is now; score it again first"
        )
    rejected = then["rejected"], now["rejected"]
    checks = [
        works("it scores"),
        Check("rows rejected", f"{rejected[1]:,}", f"{rejected[0]:,}", rejected[0] == rejected[1]),
    ]
    schema = project.schema
    old, new = (parts(folder, told_of) for folder, told_of in ((published, then), (SHADOW, now)))
    return [
        *checks,
        same_rows(old, new, schema.key),
        *judged(answers(old, schema.key), answers(new, schema.key), limits),
        *flips(old, new, schema),
    ]


def score_aside(project: Project, source: str, candidate: Path) -> str:
    """Score with a candidate into a folder of the canary's; say how it failed, if it did."""
    command = [sys.executable, "-m", "modelyard.serving.batch", source, str(SHADOW)]
    own = {"MODEL_DIR": str(candidate), VARIABLE: project.package}
    return attempt(command, os.environ | own)[1]


def parts(folder: Path, manifest: dict[str, Any]) -> pl.DataFrame:
    """Read the scored rows of a run, in their order."""
    files = [pl.read_parquet(folder / part["file"]) for part in manifest["parts"]]
    return pl.concat(files) if files else pl.DataFrame()


def same_rows(old: pl.DataFrame, new: pl.DataFrame, key: str) -> Check:
    """Ask whether both runs scored the same rows in the same order."""
    same = len(old) == len(new) and old[key].equals(new[key])
    return works(f"the same {key}", "" if same else "no")


def answers(frame: pl.DataFrame, key: str) -> Answers:
    """Give the scores of a run; nobody waits for a single row of it."""
    named = [name for name in frame.columns if name not in (key, "model_version")]
    return as_scores(frame.select(named).to_dicts())


def flips(old: pl.DataFrame, new: pl.DataFrame, schema: Schema) -> list[Check]:
    """Tell, for a class, how many decisions would be others; scores decide, this only informs."""
    if not isinstance(schema.target, Classes) or len(old) != len(new):
        return []
    others = int((old["prediction"] != new["prediction"]).sum())
    return [Check("other decisions", f"{others / max(1, len(old)):.2%}", "any", True)]


def compare(project: Project, source: str, published: Path, candidate: Path) -> None:
    """Compare, write the report, and end with the verdict's exit code."""
    about = {"candidate": str(candidate), "published": str(published)}
    found = look(project, source, published, candidate, read_params().section(Canary))
    conclude("batch", about, found)
