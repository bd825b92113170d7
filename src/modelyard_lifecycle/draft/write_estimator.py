"""Write `models/estimator.py` for a regression: the template's classifiers become regressors."""

REPLACED = {
    "HistGradientBoostingClassifier": "HistGradientBoostingRegressor",
    "LGBMClassifier": "LGBMRegressor",
    "XGBClassifier": "XGBRegressor",
    "LogisticRegression(max_iter=1000, random_state=seed)": "Ridge(random_state=seed)",
    "import LogisticRegression": "import Ridge",
    "classifiers need `predict_proba`. The baseline": "both are regressors. The baseline",
    "y: class index of each row": "y: target value of each row",
}


def write_estimator(text: str) -> str:
    """Return an estimator module with regressors instead of the template's classifiers."""
    for old, new in REPLACED.items():
        text = text.replace(old, new)
    return text
