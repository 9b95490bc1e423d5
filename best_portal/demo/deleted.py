"""The demo's bin: what somebody entered twice and deleted, and a paper that was none."""

from enterprises.models import Document, DocumentKind, Job


def delete_some(people):
    """Enter two jobs again by mistake, each deleted by the one who noticed."""
    doubled = Job.objects.valid().order_by("-since", "-pk")[:2]
    for job, advisor in zip(doubled, people.team, strict=False):
        again = Job.objects.create(
            organisation=job.organisation,
            title=job.title,
            kind=job.kind,
            fte=job.fte,
            since=job.since,
        )
        again.withdraw(by=advisor)
    for paper in Document.objects.valid().filter(kind=DocumentKind.NOTICE).order_by("pk")[:1]:
        paper.withdraw(by=people.manager)
