"""What a worker runs: one task for every job. Other modules of this name register their kinds."""

from django_tasks import task

from registry.services.jobs import run_job


@task()
def run(uid: str) -> None:
    """Do the work of one job, named by its uid."""
    run_job(uid=uid)
