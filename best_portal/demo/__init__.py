"""Invented Berlin: demo data built through the domain's own verbs, the same at every run.

Every person is a Muster or a Beispiel and every figure is made up, also for the years 2002–2007.
"""

from django.db import connection

from best_portal.demo.people import People
from best_portal.demo.projects import Projects
from best_portal.demo.reports import write_reports
from best_portal.demo.work import do_the_work

__all__ = ["build"]


def build(*, today, with_work, say):
    """Make people, projects and grants, and with `with_work` everything they did until `today`.

    `say` is called with one English sentence per step.
    """
    people = People.make()
    say("People are there.")
    projects = Projects.make(people, today)
    say("Projects and grants are there.")
    if not with_work:
        return
    for project in projects:
        logged = do_the_work(project, people, today)
        say(f"{project.key}: {logged} consultations logged.")
    with connection.cursor() as cursor:
        # The planner has not seen the new rows yet, and the reports ask for all of them.
        cursor.execute("ANALYZE")
    write_reports(people, today, say)
