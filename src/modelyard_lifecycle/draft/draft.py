"""Draft the files of a project from a table."""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from .columns import Notes, OnStep
from .example_rows import choose_rows
from .names import snake_case
from .plan import Plan
from .source import Source, open_source
from .study import Study, study
from .verify import check_split, verify
from .wish import Wish
from .write_build import write_build
from .write_estimator import write_estimator
from .write_examples import write_examples
from .write_ingest import write_ingest
from .write_params import FEW_ROWS, Facts, write_params
from .write_readme import write_readmes
from .write_schema import write_schema

SAMPLE = "data/sample"
PARAMS = "params.yaml"


@dataclass(frozen=True)
class Draft:
    """A table that was read and studied; nothing is written yet."""

    source: Source
    found: Study
    schema: str
    ingest: str
    examples: str
    facts: Facts

    @property
    def notes(self) -> Notes:
        """What a person should know."""
        return self.found.notes


def place_of(source: Source) -> str:
    """Return where the project keeps the source: `data/sample/`, with a plain name."""
    name = snake_case(source.path.stem) or "rows"
    return f"{SAMPLE}/{name}" + ("" if source.is_folder else source.suffix)


def make_draft(path: Path, wish: Wish, today: date, on_step: OnStep) -> Draft:
    """Read a table, decide what each column becomes, and verify the decisions on all rows.

    Raises:
        UserError: the table or an option is wrong.
    """
    on_step(f"Reading {path}")
    source = open_source(path)
    found = study(source.read(), source, wish, on_step)
    schema, ingest = write_schema(found.plan), write_ingest(found, source, place_of(source))
    on_step("Validating all rows with the drafted schema")
    verified = verify(schema, ingest, source, place_of(source), found.notes)
    facts = _facts(found.plan, verified.good, today)
    share = 0.2 if facts.labelled < FEW_ROWS else 0.125
    check_split(verified, share, share)
    rows, clear = choose_rows(verified.good, found.plan)
    ordered = rows.select(*verified.schema.names, found.plan.target.column.name)
    return Draft(
        source, found, schema, ingest, write_examples(found.plan, ordered.to_dicts(), clear), facts
    )


def project_files(draft: Draft, package: str, params: str, estimator: str) -> dict[str, str]:
    """Return the drafted files by path in the project.

    Args:
        draft: a studied table.
        package: name of the project's package.
        params: `params.yaml` as it was generated.
        estimator: `models/estimator.py` as it was generated.
    """
    plan = draft.found.plan
    if plan.target.task == "regression":
        estimator = write_estimator(estimator)
    return {
        f"src/{package}/schema.py": draft.schema,
        f"src/{package}/data/ingest.py": draft.ingest,
        f"src/{package}/features/build.py": write_build(plan),
        f"src/{package}/models/estimator.py": estimator,
        "tests/examples.py": draft.examples,
        PARAMS: write_params(params, draft.facts),
        **write_readmes(plan, place_of(draft.source)),
    }


def _facts(plan: Plan, rows: pl.DataFrame, today: date) -> Facts:
    """Return what the settings depend on."""
    labels = rows[plan.target.column.name].drop_nulls()
    newest: Any = rows[plan.time].max() if plan.time else None
    day = newest.date() if isinstance(newest, datetime) else newest
    as_of = day + timedelta(days=1) if day else today
    spread: Any = labels.std() if plan.target.task == "regression" else 0.0
    shares = [] if spread else (labels.value_counts()["count"] / max(1, len(labels))).to_list()
    usual: Any = labels.median() if spread else labels.mode().sort()[0]
    loss = -sum(share * math.log(share) for share in shares)
    return Facts(plan, _feature_count(plan), as_of, len(labels), spread or 0.0, usual, loss)


def _feature_count(plan: Plan) -> int:
    used = [one for one in plan.fields if one.feature and one.name != plan.time]
    return sum(max(1, len(one.values)) for one in used) + 2 * bool(plan.time)
