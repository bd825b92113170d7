"""The same model under `mlflow models serve`: `python rest_mlflow.py MODEL.skops PORT`.

Runs on a Python that has mlflow, skops and the project's version of scikit-learn.
"""

import os
import sys
import tempfile
from pathlib import Path

import mlflow.sklearn
import skops.io

content = Path(sys.argv[1]).read_bytes()
model = skops.io.loads(content, trusted=skops.io.get_untrusted_types(data=content))
folder = Path(tempfile.mkdtemp(), "model")
mlflow.sklearn.save_model(
    model, folder, serialization_format="cloudpickle", pip_requirements=["mlflow", "scikit-learn"]
)
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
serve = ["mlflow", "models", "serve", "-m", str(folder), "-p", sys.argv[2]]
os.execvp("mlflow", [*serve, "--env-manager", "local", "--workers", "1"])
