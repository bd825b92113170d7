"""The rules that the Kubernetes jobs must follow."""

from tests.infra.manifests import Thing, at, differing, records

JOB = {
    "spec.concurrencyPolicy": "Forbid",
    "spec.jobTemplate.spec.template.spec.restartPolicy": "Never",
}


def persistent_paths(objects: dict[str, Thing], pod: Thing) -> set[str]:
    """Return the paths of a job that are on its volume."""
    kept = {"claimName": at(objects["PersistentVolumeClaim"], "metadata.name")}
    claims = {one["name"] for one in pod["volumes"] if one.get("persistentVolumeClaim") == kept}
    mounts = at(pod, "containers.0.volumeMounts")
    return {one["mountPath"] for one in mounts if one["name"] in claims}


def pipeline(objects: dict[str, Thing]) -> list[str]:
    """Return the rules that the retraining job breaks."""
    job = objects["CronJob"]
    pod = at(job, "spec.jobTemplate.spec.template.spec")
    command = {"command": ["bash", "scripts/retrain.sh"], "workingDir": "/project"}
    return [
        *differing(job, JOB | {"spec.jobTemplate.spec.backoffLimit": 0}),
        *differing(pod["containers"][0], command),
        *differing(pod["initContainers"][0], {"workingDir": "/project", "command.0": "bash"}),
        *([] if persistent_paths(objects, pod) == {"/project"} else ["the project is lost"]),
        *records(pod, writable=False),
    ]


def reader(objects: dict[str, Thing]) -> list[str]:
    """Return the rules that a job breaks that only reads records."""
    job = objects["CronJob"]
    pod = at(job, "spec.jobTemplate.spec.template.spec")
    return [
        *differing(job, JOB | {"spec.jobTemplate.spec.backoffLimit": 0}),
        *([] if persistent_paths(objects, pod) == {"/project"} else ["the project is lost"]),
        *records(pod, writable=False),
    ]


def batch(objects: dict[str, Thing]) -> list[str]:
    """Return the rules that the batch job breaks."""
    job = objects["CronJob"]
    pod = at(job, "spec.jobTemplate.spec.template.spec")
    container = pod["containers"][0]
    kept = persistent_paths(objects, pod)
    command = ["python", "-m", "modelyard.serving.batch"]
    return [
        *differing(job, JOB),
        *differing(container, {"command": command}),
        *(f"{place} is lost" for place in container["args"] if place not in kept),
        *([] if len(container["args"]) == 2 else ["it needs INPUT and OUTPUT"]),
        *records(pod, writable=True),
    ]


JOBS = {"batch": batch, "pipeline": pipeline, "monitor": reader, "sync-records": reader}
