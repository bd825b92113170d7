"""Score what was published last with a candidate, and compare before anything is published."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ...canary_section import Canary
from ...command_line import parser
from ...console import UserError, run
from ...contract import Classes
from ...files import read_json
from ...params import read_params
from ...schema import SCHEMA
from ..check import Check, conclude
from ..judge import Answers, judged, score
from ..told import told

SHADOW = Path("build/canary/batch")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    reader = parser(str(__package__), __doc__, "data/raw scored --candidate candidate")
    reader.add_argument("input", help="what was scored last: a file, a folder, a pattern")
    reader.add_argument("published", type=Path, help="what came of it")
    reader.add_argument("--candidate", metavar="FOLDER", type=Path, required=True, help="a model's")
    return reader.parse_args()


def look(source: str, published: Path, candidate: Path, limits: Canary) -> list[Check]:
    """Score aside, and compare row by row.

    Raises:
        UserError: `published` was not made from `source`.
    """
    then = read_json(published / "manifest.json", "score it first, with the model in service")
    if failure := told("serving.batch", source, str(SHADOW), model=candidate):
        return [Check("it scores", failure, "yes", False)]
    now = read_json(SHADOW / "manifest.json", "the candidate's run left none")
    if then["inputs"] != now["inputs"]:
        raise UserError(
            f"{published} was not made from {source} as it is now; score it again first"
        )
    rejected = then["rejected"], now["rejected"]
    checks = [
        Check("it scores", "yes", "yes", True),
        Check("rows rejected", f"{rejected[1]:,}", f"{rejected[0]:,}", rejected[0] == rejected[1]),
    ]
    old, new = (parts(folder, told_of) for folder, told_of in ((published, then), (SHADOW, now)))
    return [
        *checks,
        same_rows(old, new),
        *judged(answers(old), answers(new), limits),
        *flips(old, new),
    ]


def parts(folder: Path, manifest: dict[str, Any]) -> pl.DataFrame:
    """Read the scored rows of a run, in their order."""
    files = [pl.read_parquet(folder / part["file"]) for part in manifest["parts"]]
    return pl.concat(files) if files else pl.DataFrame()


def same_rows(old: pl.DataFrame, new: pl.DataFrame) -> Check:
    """Ask whether both runs scored the same rows in the same order."""
    key = SCHEMA.key
    same = len(old) == len(new) and old[key].equals(new[key])
    return Check(f"the same {key}", "yes" if same else "no", "yes", same)


def answers(frame: pl.DataFrame) -> Answers:
    """Give the scores of a run; nobody waits for a single row of it."""
    named = [name for name in frame.columns if name not in (SCHEMA.key, "model_version")]
    scores = np.array([score(row) for row in frame.select(named).to_dicts()], np.float64)
    return Answers(scores.reshape(len(frame), -1), np.ones(len(frame), bool), np.array([]))


def flips(old: pl.DataFrame, new: pl.DataFrame) -> list[Check]:
    """Tell, for a class, how many decisions would be others; scores decide, this only informs."""
    if not isinstance(SCHEMA.target, Classes) or len(old) != len(new):
        return []
    share = np.mean(old["prediction"].to_numpy() != new["prediction"].to_numpy())
    return [Check("other decisions", f"{share:.2%}", "any", True)]


def main() -> None:
    """Give the verdict."""
    options, limits = arguments(), read_params().canary
    about = {"candidate": str(options.candidate), "published": str(options.published)}
    found = look(options.input, options.published, options.candidate, limits)
    conclude("batch", about, found)


if __name__ == "__main__":
    run(main)
