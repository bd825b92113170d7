"""The model saved by MLflow and served by `mlflow models serve`: `python rest_mlflow.py PORT`."""

import os
import sys
import tempfile
from pathlib import Path

import mlflow.pyfunc

HERE = Path(__file__).absolute().parent
os.chdir(tempfile.mkdtemp())
mlflow.pyfunc.save_model(
    "model", python_model=str(HERE / "mlflow_model.py"), pip_requirements=["mlflow", "onnxruntime"]
)
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
serve = ["mlflow", "models", "serve", "-m", "model", "-h", "127.0.0.1", "-p", sys.argv[1]]
os.execvp("mlflow", [*serve, "--env-manager", "local", "--workers", "1"])
