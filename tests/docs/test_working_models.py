"""The page on models has the table of a run, and the table finds what is refused."""

from sklearn.linear_model import LogisticRegression

from tools import working_models
from tools.working_models import MISSING, MODELS, PAGE, Model, X, verdict


class Stranger(LogisticRegression):  # type: ignore[misc]
    """An estimator of a type that skops does not know."""


def test_the_page_has_the_table_of_a_run() -> None:
    assert working_models.page() == PAGE.read_text("utf-8")


def test_at_least_fifteen_estimators_of_scikit_learn_and_two_libraries_are_tried() -> None:
    names = [model.name for model in MODELS]
    assert sum("LightGBM" not in name and "XGBoost" not in name for name in names) >= 15
    assert (
        sum("XGBoost" in name for name in names) == sum("LightGBM" in name for name in names) == 2
    )


def test_a_model_that_cannot_be_stored_is_refused_with_words() -> None:
    told = verdict(Model("stranger", False, Stranger), X)
    assert told.startswith("refused: models/estimator.py: a model with the types ")


def test_a_model_that_cannot_take_missing_values_is_refused_with_words() -> None:
    linear = next(model.make()[-1] for model in MODELS if model.name == "`LogisticRegression`")
    assert verdict(Model("linear", False, lambda: linear), X) == "works"
    assert "contains NaN" in verdict(Model("linear", False, lambda: linear), MISSING)
