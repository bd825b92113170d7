"""A project with a DVC remote, and the trained project's results in it."""

import shutil
import subprocess
from pathlib import Path

from tests.checkout import commit
from tools.steps import environment

S3 = {"dvc_remote": "s3", "dvc_remote_url": "s3://store/flights"}
MADE = ("data", "features", "models", "reports", ".dvc/cache")


def with_results(rendered: Path, trained: Path, folder: Path) -> Path:
    """Copy a project to a folder, give it the trained project's results, and install it."""
    shutil.copytree(rendered, folder)
    for name in MADE:
        shutil.copytree(trained / name, folder / name, dirs_exist_ok=True)
    for name in ("dvc.lock", "params.yaml"):
        shutil.copy(trained / name, folder / name)
    commit(folder, "Trained")
    subprocess.run(["uv", "sync", "--quiet"], cwd=folder, env=environment(), check=True)
    return folder
