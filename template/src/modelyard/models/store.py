"""Model files of the training library, in skops format: loading one runs no code."""

import zipfile
from pathlib import Path
from typing import Any

import skops.io

from ..console import UserError
from ..files import write_bytes

# parts of fitted estimators besides the types that skops trusts; making one runs no code of a file
PARTS = """
    _loss.link.HalfLogitLink _loss.link.IdentityLink _loss.link.Interval _loss.link.LogitLink
    _loss.link.LogLink _loss.link.MultinomialLogit _loss.loss.AbsoluteError
    _loss.loss.ExponentialLoss _loss.loss.HalfBinomialLoss _loss.loss.HalfGammaLoss
    _loss.loss.HalfMultinomialLoss _loss.loss.HalfPoissonLoss _loss.loss.HalfSquaredError
    _loss.loss.HalfTweedieLossIdentity _loss.loss.HuberLoss _loss.loss.PinballLoss
    calibration._CalibratedClassifier calibration._SigmoidCalibration
    calibration._TemperatureScaling ensemble._hist_gradient_boosting.binning._BinMapper
    ensemble._hist_gradient_boosting.predictor.TreePredictor
    feature_selection._univariate_selection.f_classif metrics._dist_metrics.EuclideanDistance64
    feature_selection._univariate_selection.f_regression metrics._scorer._PassthroughScorer
    gaussian_process._gpc._BinaryGaussianProcessClassifierLaplace gaussian_process.kernels.RBF
    gaussian_process.kernels.ConstantKernel gaussian_process.kernels.Product
    model_selection._split.KFold model_selection._split.StratifiedKFold
    multiclass._ConstantPredictor neighbors._ball_tree.BallTree neighbors._kd_tree.KDTree
    neural_network._stochastic_optimizers.AdamOptimizer tree._tree.Tree utils._bunch.Bunch
    neural_network._stochastic_optimizers.SGDOptimizer
"""
TRUSTED = {"numpy.dtype", *(f"sklearn.{name}" for name in PARTS.split())}


def to_bytes(model: Any) -> bytes:
    """Serialize a model to the bytes of a skops file."""
    return bytes(skops.io.dumps(model))


def from_bytes(content: bytes, name: str) -> Any:
    """Load a model from the bytes of a skops file.

    Args:
        content: the result of `to_bytes`.
        name: name of the file in error messages.

    Raises:
        UserError: the content is damaged, or has types that are not parts of an estimator of
            scikit-learn.
    """
    try:
        unknown = skops.io.get_untrusted_types(data=content)
        untrusted = [kind for kind in unknown if kind not in TRUSTED]
        if untrusted:
            raise UserError(f"{name} has untrusted types: {', '.join(untrusted)}")
        return skops.io.loads(content, trusted=unknown)
    except (zipfile.BadZipFile, KeyError, ValueError) as failure:
        raise UserError(f"{name} is not an intact skops file ({failure}); run: dvc repro") from None


def save(path: Path, model: Any) -> None:
    """Write a model atomically."""
    write_bytes(path, to_bytes(model))


def load(path: Path) -> Any:
    """Read a model.

    Raises:
        UserError: the file does not exist or is damaged.
    """
    if not path.is_file():
        raise UserError(f"{path} does not exist; run: dvc repro")
    return from_bytes(path.read_bytes(), str(path))
