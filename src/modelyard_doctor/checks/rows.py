"""Check the rows: keys, values of each column, labels, splits."""

from collections.abc import Iterator

import polars as pl
from modelyard.console import UserError
from modelyard.data.prepare import clean, split
from modelyard.data.validate import judge
from modelyard.data.violations import Violation, cut
from modelyard.schema.columns import Text
from modelyard.schema.contract import Schema

from ..context import PARAMS, Context
from ..finding import Finding
from ..lines import line_of_name, line_of_setting
from ..suggest import suggest

MOST_ROWS = 2_000  # that are looked at after ingest
LEAST_PER_CLASS = 40  # of them, if the table has as many
MOST_LOST = 0.01  # share of the labelled rows that a key may drop


def sample_rows(rows: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return at most 2,000 evenly spaced rows, with some of each class, in their order."""
    number = pl.int_range(rows.height, eager=True)
    kept = {*number.gather_every(-(-rows.height // MOST_ROWS) or 1)}
    if schema.target.values:
        most = min(LEAST_PER_CLASS, MOST_ROWS // (2 * len(schema.target.values)))
        for value in schema.target.values:
            kept |= {*number.filter(rows[schema.target.name] == value).head(most)}
    surplus = len(kept) - MOST_ROWS
    rare = sorted(kept)
    if surplus > 0:  # of the most frequent labels
        labels = rows[schema.target.name].gather(rare)
        usual = labels.is_in(labels.mode().implode())
        dropped = {*pl.Series(rare).filter(usual.fill_null(True)).head(surplus)}
        rare = [one for one in rare if one not in dropped]
    return rows[rare]


def check_key(context: Context) -> Iterator[Finding]:
    """Yield a key that would drop more than 1 % of the labelled rows."""
    schema, rows = context.schema, context.raw
    assert schema is not None
    assert rows is not None
    labelled = rows.filter(pl.col(schema.target.name).is_not_null())
    total, different = labelled.height, labelled[schema.key].n_unique()
    lost = total - different
    if lost <= MOST_LOST * total:
        return
    others = [
        one.name
        for one in schema.columns
        if isinstance(one, Text) and one.required and labelled[one.name].n_unique() == total
    ]
    remedy = f"key={others[0]!r} is unique" if others else JOIN
    yield context.error(
        "key", "schema.py",
        f"{total:,} rows with a label, {different:,} different {schema.key}: "
        f"{lost:,} rows ({lost / total:.1%}) would be dropped",
        f"at most {MOST_LOST:.0%} of the rows with the key of an earlier row", remedy,
        line_of_name(context.root / context.path("schema.py"), schema.key),
    )  # fmt: skip


JOIN = "choose a column that identifies a row, or join several in ingest: pl.concat_str"


def check_schema(context: Context) -> Iterator[Finding]:
    """Yield the columns whose values break the schema; keep the valid rows of the sample."""
    schema, rows, params = context.schema, context.raw, context.params
    assert schema is not None
    assert rows is not None
    assert params is not None
    sample = sample_rows(rows, schema)
    try:
        verdict = judge(sample, schema)
    except UserError as refused:  # such as a timestamp with a time zone
        yield column_error(context, refused)
        return
    faults: dict[str, list[Violation]] = {}
    for one in verdict.faults:
        faults.setdefault(one.column, []).append(one)
    columns = [*schema.columns, schema.target.column]
    context.verdicts = [
        {"column": one.name, "type": one.kind, "invalid": len(faults.get(one.name, []))}
        for one in columns
    ]
    context.facts.append(f"schema: {len(columns) - len(faults)} of {len(columns)} columns fit")
    context.sample = clean(verdict.good, schema) if verdict.good.height else None
    if verdict.rejected.height <= params.data.max_rejected_share * sample.height:
        return
    for column in columns:
        if own := faults.get(column.name):
            values, number = rows[column.name], f"{len(own):,} of {sample.height:,} rows"
            shown = ", ".join(dict.fromkeys(cut(repr(one.found), 40) for one in own[:50]))
            yield context.error(
                "schema", "schema.py", f"{column.name}: {number}, such as {cut(shown, 60)}",
                column.rule(), suggest(column, values),
                line_of_name(context.root / context.path("schema.py"), column.name),
            )  # fmt: skip


def column_error(context: Context, refused: UserError) -> Finding:
    """Return the finding of a column that cannot be converted at all."""
    found = context.finding(
        "schema", refused, "data/ingest.py", "the schema's types", "convert it in ingest"
    )
    line = line_of_name(context.root / context.path("data/ingest.py"), "ingest")
    return context.error("schema", found.file, found.found, found.allowed, found.remedy, line)


def check_split(context: Context) -> Iterator[Finding]:
    """Yield labels that do not occur, and parts of the rows that would be empty."""
    schema, rows, params = context.schema, context.sample, context.params
    assert schema is not None
    assert rows is not None
    assert params is not None
    target = schema.target.name
    absent = [one for one in schema.target.values if one not in {*rows[target]}]
    line = line_of_name(context.root / context.path("schema.py"), *absent[:1], target)
    if not rows.height or absent or rows[target].n_unique() < 2:
        found = f"no valid row has the {target} {', '.join(absent)}"
        if not absent:
            found = f"{target} has the same value in every row, or none"
        allowed = "rows of each class" if schema.target.values else "labels that differ"
        remedy = "compare the classes with the labels that ingest returns"
        yield context.error("split", "schema.py", found, allowed, remedy, line)
        context.sample = None
        return
    shares = params.split
    try:
        parts = split(rows, schema, validation=shares.validation, test=shares.test)
    except UserError as refused:
        found = context.finding("split", refused, PARAMS, "rows in each part", SHARES).found
        line = line_of_setting(context.root / PARAMS, "split")
        yield Finding("split", PARAMS, found, "rows in each part", SHARES, line)
        return
    yield from missing_in_training(context, schema, parts["train"])


SHARES = "smaller shares of split.validation and split.test, or more days of rows"


def missing_in_training(context: Context, schema: Schema, train: pl.DataFrame) -> Iterator[Finding]:
    """Yield the classes that only occur after the training rows."""
    target = schema.target.name
    lost = [one for one in schema.target.values if one not in {*train[target]}]
    if lost and context.raw is not None and schema.time:
        newest = train[schema.time].max()
        older = context.raw.filter(pl.col(schema.time) <= newest)
        lost = [one for one in lost if not (older[target] == one).any()]
        if lost:
            yield context.error(
                "split", "schema.py", f"no training row has the {target} {', '.join(lost)}",
                "each class among the oldest rows, which are for training",
                "merge or remove the class, or use smaller shares in params.yaml: split",
                line_of_name(context.root / context.path("schema.py"), *lost),
            )  # fmt: skip
