"""Rules for the Ray job, a kind that the Kubernetes schemas do not contain."""

import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.infra.kubernetes import NEEDED, POD
from tests.infra.manifests import Thing, at, differing
from tests.infra.tools import program

SCHEMA = Path(__file__).with_name("rayjob.schema.json")
CHECK = ("check-jsonschema>=0.39,<1", "check-jsonschema")
LEAST_RAY = (2, 52)  # supports tokens
HEAD, WORKERS = "headGroupSpec", "workerGroupSpecs.0"
JOB = {
    "spec.submissionMode": "HTTPMode",
    "spec.shutdownAfterJobFinishes": True,
    "spec.rayClusterSpec.authOptions.mode": "token",
    "spec.rayClusterSpec.headGroupSpec.rayStartParams.num-cpus": "0",
}
PROGRAM = ["python", "-m", "modelyard.serving.batch", "--engine", "ray"]
PROBES = {
    f"containers.0.{probe}.httpGet": {"path": "/api/local_raylet_healthz", "port": 52365}
    for probe in ("readinessProbe", "livenessProbe")
}


def written(text: str, folder: Path) -> None:
    """Write the job, its Pods and the other objects, each to a file."""
    folder.mkdir()
    for one in yaml.safe_load_all(text):
        if one["kind"] == "RayJob":
            (folder / "rayjob.yaml").write_text(yaml.safe_dump(one), "utf-8")
            for name, place in (("head", HEAD), ("worker", WORKERS)):
                template = at(one, f"spec.rayClusterSpec.{place}.template")
                about = template["metadata"] | {
                    "name": name,
                    "namespace": one["metadata"]["namespace"],
                }
                whole = {"apiVersion": "v1", "kind": "Pod"} | template | {"metadata": about}
                (folder / f"pod-{name}.yaml").write_text(yaml.safe_dump(whole), "utf-8")
        else:
            name = f"other-{one['kind']}-{one['metadata']['name']}.yaml".lower()
            (folder / name).write_text(yaml.safe_dump(one), "utf-8")


def documented(file: Path) -> bool:
    """Return whether the job has only fields that KubeRay documents, with their types."""
    command = [program(*CHECK), "--schemafile", str(SCHEMA), str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    print(done.stdout, done.stderr)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode == 0


def faults(text: str) -> list[str]:
    """Return the rules that the job and the objects around it break."""
    things = {(one["kind"], one["metadata"]["name"]): one for one in yaml.safe_load_all(text)}
    job = things["RayJob", "batch"]
    cluster = job["spec"]["rayClusterSpec"]
    head, worker = (at(cluster, f"{group}.template") for group in (HEAD, WORKERS))
    claim = {"spec.accessModes": ["ReadWriteMany"]}
    policy = {
        "spec.podSelector.matchLabels": at(head, "metadata.labels"),
        "spec.policyTypes": ["Ingress", "Egress"],
        "spec.ingress.0.from.0.podSelector.matchLabels": at(worker, "metadata.labels"),
        "spec.egress.0.to.0.podSelector.matchLabels": at(head, "metadata.labels"),
    }
    return [
        *differing(job, JOB),
        *(f for pod in (head, worker) for f in locked(pod["spec"])),
        *differing(things["PersistentVolumeClaim", "batch"], claim),
        *differing(things["ServiceAccount", "batch"], {"automountServiceAccountToken": False}),
        *differing(things.get(("NetworkPolicy", "batch-ray"), {}), policy),
        *(["the nightly job is there, too"] if ("CronJob", "batch") in things else []),
        *places(job["spec"]["entrypoint"].split(), head["spec"], worker["spec"]),
        *sizes(cluster),
    ]


def locked(pod: Thing) -> list[str]:
    """Return the unneeded privileges and the missing limits of a Pod."""
    mounts = {one["name"]: one["mountPath"] for one in pod["containers"][0]["volumeMounts"]}
    scratch = [mounts.get(one["name"]) for one in pod["volumes"] if "emptyDir" in one]
    settings = {one["name"]: one["value"] for one in at(pod, "containers.0.env")}
    wanted = {"HOME": "/tmp", "RAY_USAGE_STATS_ENABLED": "0"}
    return [
        *differing(pod, POD | PROBES | {"serviceAccountName": "batch"}),
        *(f"{path} is missing" for path in NEEDED if at(pod, path) is None),
        *differing(settings, wanted),
        *([] if scratch == ["/tmp"] else [f"scratch at {scratch}"]),
    ]


def places(entrypoint: list[str], head: Thing, worker: Thing) -> list[str]:
    """Return the paths that the run does not find, or should not be able to write to."""
    program, (source, output) = entrypoint[:-2], entrypoint[-2:]
    mounts = [{one["mountPath"]: one for one in at(pod, "containers.0.volumeMounts")}
            for pod in (head, worker)]  # fmt: skip
    images = {at(pod, "containers.0.image") for pod in (head, worker)}
    return [
        *([] if program == PROGRAM else ["program"]),
        *("the input is not read-only" for one in mounts if not at(one[source], "readOnly")),
        *(["the output is lost"] if at(mounts[0].get(output), "name") != "data" else []),
        *(
            ["a worker does not see the output, or can write it"]
            if not at(mounts[1].get(output), "readOnly")
            else []
        ),
        *(["head and workers differ in their image"] if len(images) > 1 else []),
    ]


def sizes(cluster: dict[str, Any]) -> list[str]:
    """Return the inconsistent numbers of a cluster."""
    version = tuple(map(int, cluster["rayVersion"].split(".")))[:2]
    group = at(cluster, WORKERS)
    limits = at(group, "template.spec.containers.0.resources")
    least, wanted, most = (group[f"{name}eplicas"] for name in ("minR", "r", "maxR"))
    return [
        *(["this Ray does not support tokens"] if version < LEAST_RAY else []),
        *([] if 1 <= least <= wanted <= most else ["workers"]),
        *([] if limits["requests"] == limits["limits"] else ["a worker may be evicted"]),
    ]
