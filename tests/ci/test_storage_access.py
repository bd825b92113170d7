"""GitLab jobs get access to a cloud's storage without keys, if its variables exist."""

import json
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import google.auth
import pytest
import yaml

from tests.checkout import TEMPLATE
from tests.ci.files import ACCESS, HOSTS, commands, not_scripts

TOKENS = {"AWS_ID_TOKEN": "aws", "GCP_ID_TOKEN": "gcp", "AZURE_ID_TOKEN": "azure"}
ALLOWED = {"train", "monitor", "drill", "deliver"}
POOL = "projects/7/locations/global/workloadIdentityPools/ci/providers/gitlab"
GCP = {"GCP_PROVIDER": POOL, "GCP_SERVICE_ACCOUNT": "robot@example.iam.gserviceaccount.com"}
KEYS = [
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "AZURE_FEDERATED_TOKEN_FILE",
]


def gitlab_jobs() -> dict[str, Any]:
    """Return all jobs, hidden ones included."""
    files = (TEMPLATE / ".gitlab").glob("*.yml")
    return {name: job for one in files for name, job in yaml.safe_load(one.read_text()).items()}


def exported(folder: Path, **variables: str) -> dict[str, str]:
    """Run the commands before a job's script; return the environment in which it then runs."""
    lines = gitlab_jobs()[".storage"]["before_script"]
    clean = {"PATH": os.environ["PATH"], "TMPDIR": str(folder)} | TOKENS | variables
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join([*lines, "env"])],
        env=clean, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({"AWS_ROLE_ARN": "arn:aws:iam::1:role/ci", "AWS_REGION": "eu-west-1"}, KEYS[0]),
        ({"AZURE_CLIENT_ID": "client", "AZURE_TENANT_ID": "tenant"}, KEYS[2]),
    ],
)
def test_the_clouds_library_finds_the_token_that_only_the_job_can_read(
    variables: dict[str, str], name: str, tmp_path: Path
) -> None:
    found = exported(tmp_path, **variables)
    file = Path(found[name])
    assert file.read_text("utf-8") == name.split("_")[0].lower()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [key for key in KEYS if key in found] == [name]
    assert found.get("AWS_DEFAULT_REGION") == variables.get("AWS_REGION")


def test_googles_library_exchanges_the_token_for_the_service_account(tmp_path: Path) -> None:
    found = exported(tmp_path, **GCP)
    file = Path(found[KEYS[1]])
    about = json.loads(file.read_text("utf-8"))
    credentials, _ = google.auth.load_credentials_from_file(str(file))  # type: ignore[no-untyped-call]
    assert credentials.service_account_email == GCP["GCP_SERVICE_ACCOUNT"]
    assert credentials.retrieve_subject_token(None) == "gcp"
    assert gitlab_jobs()[".storage"]["id_tokens"]["GCP_ID_TOKEN"]["aud"] == (
        "https:" + about["audience"].replace(POOL, "${GCP_PROVIDER}")
    )
    assert [key for key in KEYS if key in found] == [KEYS[1]]


def test_without_variables_of_a_cloud_nothing_is_written_or_set(tmp_path: Path) -> None:
    found = exported(tmp_path)
    assert [key for key in KEYS if key in found] == []
    assert [*tmp_path.iterdir()] == []


def test_the_same_jobs_get_access_on_both_hosts_and_proposed_code_gets_none() -> None:
    jobs = gitlab_jobs()
    on_gitlab = {name for name, job in jobs.items() if job.get("extends") == ".storage"}
    own = {name for name, job in jobs.items() if "id_tokens" in job or "before_script" in job}
    github = {one.stem for one in HOSTS["github"] if "id-token: write" in one.read_text("utf-8")}
    assert (on_gitlab, own, github) == (ALLOWED, {".storage"}, ALLOWED)


def test_both_hosts_read_the_same_variables() -> None:
    text = (TEMPLATE / ".github" / "workflows" / "train.yml").read_text("utf-8")
    script = "\n".join(gitlab_jobs()[".storage"]["before_script"])
    names = ("AWS_ROLE_ARN", "AWS_REGION", *GCP, "AZURE_CLIENT_ID")
    assert [name for name in names if f"vars.{name}" not in text or name not in script] == []


def test_only_commands_that_give_access_may_stand_beside_scripts() -> None:
    lines = commands(TEMPLATE / ".gitlab" / "train.yml")
    assert [bool(ACCESS.fullmatch(one)) for one in lines].count(True) == 3
    assert not_scripts(['if [ -n "${AWS_ROLE_ARN-}" ]; then uv run pytest; fi']) != []
