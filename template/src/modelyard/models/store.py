"""Model files of the training library, in skops format: loading one runs no code.

Other types than scikit-learn's are named in `TRUSTED_TYPES` of `models/estimator.py`, or stored by
its `save(model, path)` and `load(path)`.

skops writes addresses in memory, times and the order of sets, and scikit-learn undefined bytes and
the number of threads. They are replaced, so that equal models are equal files on any machine.
"""

import hashlib
import json
import re
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
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
SCHEMA, THREADS = "schema.json", ("n_threads", "_n_threads")  # threads: of scikit-learn's objects
NAME = re.compile(r'("__id__": |"file": ")([\w-]+)')  # of an object: its address, or of its file
TRUSTED = {"numpy.dtype", *(f"sklearn.{name}" for name in PARTS.split())}
OWN = b"stored by models/estimator.py\n"  # first line of a file whose rest its `save` has written


def to_bytes(model: Any, estimator: Any = None) -> bytes:
    """Serialize a model to bytes, the same for equal models.

    Args:
        model: a fitted estimator.
        estimator: the project's module, with `TRUSTED_TYPES`, `save` and `load` if it has them.

    Raises:
        UserError: a type is neither part of scikit-learn nor trusted, and there is no `save`.
    """
    try:
        dumped = skops.io.dumps(model)
        unknown = untrusted(dumped, estimator)
    except Exception:  # a type that skops cannot take apart raises what it likes
        unknown = [f"{type(model).__module__}.{type(model).__name__}"]
    if not unknown:
        return canonical(dumped)
    if not hasattr(estimator, "save"):
        raise UserError(
            f"models/estimator.py: a model with the types {', '.join(unknown)} cannot be stored, "
            "allowed are types of scikit-learn; if loading the others runs no code of a file, add "
            f"TRUSTED_TYPES = {unknown}, else save(model, path) and load(path)"
        )
    with tempfile.TemporaryDirectory() as folder:
        estimator.save(model, Path(folder, "model"))
        return OWN + Path(folder, "model").read_bytes()


def untrusted(content: bytes, estimator: Any) -> list[str]:
    """List the types in a skops file that are not trusted."""
    trusted = TRUSTED | {*getattr(estimator, "TRUSTED_TYPES", ())}
    return [kind for kind in skops.io.get_untrusted_types(data=content) if kind not in trusted]


def canonical(content: bytes) -> bytes:
    """Write a skops file anew, with the same bytes for equal models."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        contents = {Path(name): archive.read(name) for name in archive.namelist()}
    schema, numbers = canonical_schema(contents.pop(Path(SCHEMA)))
    files = {f"{numbers[one.stem]}{one.suffix}": contents[one] for one in contents}
    result = BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for name, content in [*sorted(files.items()), (SCHEMA, schema)]:
            member = zipfile.ZipInfo(name)  # of 1980
            member.create_system = 3  # also on Windows
            archive.writestr(member, without_padding(content))
    return result.getvalue()


def canonical_schema(schema: bytes) -> tuple[bytes, dict[str, int]]:
    """Sort the sets, and number objects and files by first appearance; also return the numbers.

    Equal numbers and texts become one object: whether they are one in memory depends on the run.
    """
    numbers: dict[str, int] = {}

    def canonical(node: dict[str, Any]) -> dict[str, Any]:
        for name in THREADS:
            if node.get(name, {}).get("is_json"):
                node[name] = canonical(node[name] | {"content": "1"})
        if node.get("is_json"):
            node["__id__"] = int(hashlib.sha256(node["content"].encode()).hexdigest(), 16)
        elif node.get("__loader__") == "SetNode":
            node["content"].sort(key=lambda one: NAME.sub("", json.dumps(one)))
        return node

    text = json.dumps(json.loads(schema, object_hook=canonical), indent=2)
    text = NAME.sub(lambda one: one[1] + str(numbers.setdefault(one[2], len(numbers) + 1)), text)
    return text.encode(), numbers


def without_padding(content: bytes) -> bytes:
    """Clear the bytes between the fields of a structured array, which NumPy leaves undefined."""
    if not content.startswith(b"\x93NUMPY"):
        return content
    values = np.load(BytesIO(content), allow_pickle=False)
    if values.dtype.names is None:
        return content
    cleared = np.zeros(values.shape, values.dtype, "F" if values.flags.fnc else "C")
    for field in values.dtype.names:
        cleared[field] = values[field]
    return content[: len(content) - values.nbytes] + cleared.tobytes("A")


def from_bytes(content: bytes, name: str, estimator: Any = None) -> Any:
    """Load a model.

    Args:
        content: the result of `to_bytes`.
        name: name of the file in error messages.
        estimator: as for `to_bytes`.

    Raises:
        UserError: the content is damaged, or has types that are not trusted.
    """
    if content.startswith(OWN):
        return load_own(content[len(OWN) :], name, estimator)
    try:
        if unknown := untrusted(content, estimator):
            raise UserError(f"{name} has untrusted types: {', '.join(unknown)}")
        return skops.io.loads(content, trusted=skops.io.get_untrusted_types(data=content))
    except (zipfile.BadZipFile, KeyError, ValueError) as failure:
        raise UserError(f"{name} is not an intact skops file ({failure}); run: dvc repro") from None


def load_own(content: bytes, name: str, estimator: Any) -> Any:
    """Load what the project's `save` has written.

    Raises:
        UserError: `models/estimator.py` has no `load`.
    """
    if not hasattr(estimator, "load"):
        raise UserError(f"models/estimator.py has no load(path), which {name} requires")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "model").write_bytes(content)
        return estimator.load(Path(folder, "model"))


def save(path: Path, model: Any, estimator: Any = None) -> None:
    """Write a model atomically."""
    write_bytes(path, to_bytes(model, estimator))


def load(path: Path, estimator: Any = None) -> Any:
    """Read a model.

    Raises:
        UserError: the file does not exist or is damaged.
    """
    if not path.is_file():
        raise UserError(f"{path} does not exist; run: dvc repro")
    return from_bytes(path.read_bytes(), str(path), estimator)
