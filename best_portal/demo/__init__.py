"""Invented Berlin: demo data built through the domain's own verbs, the same at every run.

Every person is a Muster or a Beispiel and every figure is made up, also for the years 2002–2007.
"""

from django.db import connection

from best_portal.demo.aid import grant_aid
from best_portal.demo.areas import describe_areas
from best_portal.demo.awards import award_to_enterprises
from best_portal.demo.books import keep_books
from best_portal.demo.confirmations import ask_for_confirmations, wish_to_be_erased
from best_portal.demo.declined import decline_requests
from best_portal.demo.deleted import delete_some
from best_portal.demo.directory import fill_the_directory
from best_portal.demo.duplicates import file_twice
from best_portal.demo.groups import teach_groups
from best_portal.demo.handovers import hand_over_cases
from best_portal.demo.hours import keep_hours
from best_portal.demo.life import pass_to_funders
from best_portal.demo.local_work import build_forums
from best_portal.demo.money import bring_lists
from best_portal.demo.neighbourhood import act_in_the_neighbourhood
from best_portal.demo.papers import hand_in_papers
from best_portal.demo.participants import admit_participants
from best_portal.demo.partners import work_with_partners
from best_portal.demo.people import People
from best_portal.demo.projects import Projects
from best_portal.demo.promises import make_promises
from best_portal.demo.reports import write_reports
from best_portal.demo.sizes import declare_sizes
from best_portal.demo.visits import go_from_door_to_door
from best_portal.demo.waiting import fill_the_waiting_list
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
        if project.covers(today):
            fill_the_waiting_list(project, people)
    describe_areas(projects[-1], people, today)
    teach_groups(projects[-1], people, today)
    say("Training in groups was held, and more is announced.")
    admit_participants(projects[-1], people, today)
    say("Participants answered their questionnaires.")
    declare_sizes(projects[-1], today)
    award_to_enterprises(projects[-1], today)
    bring_lists(people, today)
    hand_in_papers(people, today)
    say("Papers of organisations are on file.")
    delete_some(people)
    decline_requests(projects[-1], people, today)
    say("Requests nobody could serve are recorded.")
    fill_the_directory(people, today)
    say("Enterprises are in the public directory.")
    file_twice(people, today)
    say("Some files are there twice; two are merged.")
    go_from_door_to_door(projects[-1], people, today)
    grant_aid(people, today)
    say("De minimis aid is declared and granted.")
    act_in_the_neighbourhood(projects[-1], people, today)
    say("Needs have become ideas, and the neighbourhood was asked.")
    make_promises(projects[-1], people, today)
    say("Promises are written down.")
    keep_books(people, today, say)
    ask_for_confirmations(people, today)
    wish_to_be_erased(people)
    say("Founders are asked to confirm jobs, and somebody wants to be erased.")
    hand_over_cases(projects[-1], people)
    say("Cases are handed over, with their dossiers.")
    keep_hours(projects[-1], people, today)
    say("Hours are written down and closed.")
    work_with_partners(projects[-1], people, today)
    build_forums(projects[1], people)
    say("Forums met and decided, networks and partners are there.")
    with connection.cursor() as cursor:
        # The planner has not seen the new rows yet, and the reports ask for all of them. A table
        # that is locked is being analysed by PostgreSQL itself; waiting for it could time out.
        cursor.execute("ANALYZE (SKIP_LOCKED)")
    write_reports(people, today, say)
    pass_to_funders(people)
    say("Funders asked and accepted.")
