"""The documentation pages that the tests run, and the blocks that they leave out of each."""

from tests.checkout import ROOT

FIRST, OWN, STORY, WEEKS = (
    ROOT / "docs" / "tutorials" / f"{name}.md"
    for name in ("first-project", "your-own-data", "from-commit-to-production", "two-weeks")
)
WALKED = [
    "rest",
    "batch",
    "ray",
    "edge",
    "add-a-target",
    "monitor",
    "retrain",
    "register-and-roll-back",
    "canary",
    "raise-the-level",
    "start-with-cookiecutter",
]
HOW_TO = {name: ROOT / "docs" / "how-to" / f"{name}.md" for name in WALKED}
README = ROOT / "README.md"
PAGES = [README, FIRST, OWN, STORY, WEEKS, *HOW_TO.values()]
DIABETES = ROOT / "tests" / "projects" / "swap" / "diabetes"
LEFT_OUT = {
    "edge.md": ["scripts/image.sh edge x86_64"],
    "monitor.md": ["uv run modelyard sync-records reports/requests s3://bucket/records"],
    "canary.md": ["MODEL_DIR=candidate uv run modelyard serve --port 8001 &"],
    "register-and-roll-back.md": [],
    "from-commit-to-production.md": [],
    "two-weeks.md": [],
    "raise-the-level.md": ["$ uv run pytest"],
    "retrain.md": [],
    "start-with-cookiecutter.md": [
        "$ uvx --with copier cookiecutter https://YOUR-HOST/modelyard.git"
    ],
    "README.md": ["uvx copier copy https://YOUR-HOST/modelyard.git my-project", "make test"],
    "first-project.md": ["$ uv run pytest"],
    "your-own-data.md": ["$ uv run pytest -q"],
    "rest.md": [],
    "batch.md": [],
    "ray.md": [
        "RAY_AUTH_MODE=token RAY_AUTH_TOKEN=… RAY_USAGE_STATS_ENABLED=0 "
        "uv run ray start --block --address HEAD:6379",
        "kubectl create namespace flight-delays-ray",
    ],
    "add-a-target.md": ["$ uv run pytest"],
}
