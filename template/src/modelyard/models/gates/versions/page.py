"""HTML page of the gate's report, `reports/gate.html`: checks, curves, importance of columns."""

from collections.abc import Iterator
from html import escape
from importlib.resources import files
from string import Template

import numpy as np

from ....schema.columns import Rows
from ...loss import mean_loss
from ...plots import BINS, calibration, calibration_pairs, roc
from ...scorer import Predictions, Scorer
from ..check import Check, table_row, verdict

MOST_ROWS, REPEATS = 1000, 5
Curves = dict[str, np.ndarray]
Models = dict[str, Scorer]


def page(version: str, checks: list[Check], models: Models, rows: Rows, y: np.ndarray) -> str:
    """Render the report about `candidate`, the first of the models, on the test set."""
    sample = np.linspace(0, len(y) - 1, min(len(y), MOST_ROWS)).astype(int)
    found = {name: importance(model, rows, y, sample) for name, model in models.items()}
    predicted = {name: model.predict(rows) for name, model in models.items()}
    return Template(files(__package__).joinpath("page.html").read_text("utf-8")).substitute(
        title=f"Gate: model {version}",
        verdict=escape(verdict(checks)),
        checks="\n".join(f"<tr><td>{'<td>'.join(map(escape, table_row(one)))}" for one in checks),
        rows=f"{len(y):,}",
        legend="".join(f'<li class="{name}">{name}' for name in models),
        charts="\n".join(charts(y, predicted, sample)),
        bin=f"{len(y) // BINS:,}",
        bars="\n".join(bars(found, [*rows])),
    )


def charts(y: np.ndarray, models: dict[str, Predictions], sample: np.ndarray) -> Iterator[str]:
    """Render ROC curves, or a sample of the predicted numbers; then the calibration curves."""
    pairs = {name: np.column_stack(calibration_pairs(y, one)) for name, one in models.items()}
    ends = (0.0, 1.0)
    if models["candidate"].target.task == "regression":
        ends = np.min([*pairs.values()]), np.max([*pairs.values()])
        taken = {name: pair[sample] for name, pair in pairs.items()}
        yield chart("Numbers", ("predicted", "actual"), taken, ends)
    else:
        curves = {name: roc(y, one).table.to_numpy() for name, one in models.items()}
        yield chart("ROC", ("false positive rate", "true positive rate"), curves, ends)
    bins = {name: calibration(*pair.T).table.to_numpy()[:, :2] for name, pair in pairs.items()}
    yield chart("Calibration", ("mean predicted", "mean actual"), bins, ends)


def chart(title: str, axes: tuple[str, str], curves: Curves, ends: tuple[float, float]) -> str:
    """Render curves, the first on top: the mean of all columns against the first of them."""
    (low, high), lines = ends, ""
    for name, values in reversed(curves.items()):
        pairs = np.column_stack([values[:, 0], np.nanmean(values[:, 1:], axis=1)])
        places = (100 * (pairs - low) / (high - low or 1)).round(1)
        points = " ".join(f"{x:g},{100 - y:g}" for x, y in places.tolist())
        lines += f'<polyline class="{name}" points="{points}"/>'
    texts = f'<text>{low:.4g}</text><text x="100">{high:.4g}</text><text x="50">'
    labels = "".join(f"<g>{texts}{axis}</text></g>" for axis in axes)
    return (
        f'<figure class="{title}"><figcaption>{title}</figcaption><svg viewBox="-8 -2 110 111" '
        f'role="img" aria-label="{title}"><use href="#axes"/>{labels}{lines}</svg></figure>'
    )


def bars(found: Curves, columns: list[str]) -> Iterator[str]:
    """Render the importance of each column, the greatest for the candidate first."""
    means, stds = np.mean([*found.values()], axis=2), np.std([*found.values()], axis=2)
    ends = np.stack([0 * means, means, means - stds, means + stds])
    places = (100 * (ends - ends.min()) / (np.ptp(ends) or 1)).round(1)
    for index in np.argsort(-means[0], kind="stable"):
        for model, name in enumerate(found):
            zero, end, least, most = places[:, model, index].tolist()
            yield (
                f'<tr class="{name}"><th>{escape(columns[index])} <small>{name}</small><td>'
                f'<svg viewBox="0 0 100 8" preserveAspectRatio="none"><path d="M{zero} 0H{end}V8'
                f'H{zero}z"/><path d="M{least} 4H{most}"/></svg>'
                f"<td>{means[model, index]:.4f} ± {stds[model, index]:.4f}"
            )


def importance(model: Scorer, rows: Rows, y: np.ndarray, sample: np.ndarray) -> np.ndarray:
    """Compute the permutation importance of each column as the increase in loss (Breiman 2001).

    Returns:
        The increase for each column and repeat [columns, REPEATS].
    """
    own, actual = {name: values[sample] for name, values in rows.items()}, y[sample]
    random = np.random.default_rng(0)

    def loss(other: Rows) -> float:
        return mean_loss(actual, model.predict(own | other).scores, model.target.task)

    whole = loss({})
    shuffled = ({name: random.permutation(own[name])} for name in own for _ in range(REPEATS))
    return np.array([loss(one) - whole for one in shuffled]).reshape(len(own), REPEATS)
