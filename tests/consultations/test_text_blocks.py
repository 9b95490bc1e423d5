"""Text blocks: kept by a project's team, put into one of the two texts of a log."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import TextBlock, TextPart
from tests.consultations.views.conftest import LOG, typed
from tests.factories import make_organisation, make_project, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def advisor():
    return make_user()


@pytest.fixture
def project(advisor):
    return make_project(team=[advisor])


def make_block(project, **fields):
    fields = {"title": "Finanzplan", "text": "Finanzplan besprochen."} | fields
    return TextBlock.objects.create(project=project, **fields)


def list_of(project):
    return f"/projekte/{project.key}/textbausteine/"


# --- what must never be true ---


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("consultations_textblock_part_is_known", {"part": "margin"}),
        ("consultations_textblock_says_something", {"title": "Neu", "text": ""}),
        ("consultations_textblock_says_something", {"title": ""}),
        ("consultations_textblock_one_per_title", {}),
    ],
)
def test_a_text_block_is_refused(project, constraint, fields):
    make_block(project)

    with pytest.raises(IntegrityError, match=constraint):
        make_block(project, **fields)


def test_one_title_may_stand_for_both_texts_and_in_two_projects(project):
    make_block(project)
    make_block(project, part=TextPart.INTERNAL)
    make_block(make_project())

    assert TextBlock.objects.count() == 3


def test_only_who_logs_for_a_project_sees_its_blocks(advisor, project):
    mine, foreign = make_block(project), make_block(make_project())

    assert list(TextBlock.objects.visible_to(advisor)) == [mine]
    assert set(TextBlock.objects.visible_to(make_user(Role.MANAGER))) == {mine, foreign}
    for role in (Role.FOUNDER, Role.FUNDER, Role.EVALUATOR):
        assert not TextBlock.objects.visible_to(make_user(role)).exists()


# --- the pages ---


def test_a_team_writes_changes_and_deletes_one(sign_in, advisor, project):
    page = sign_in(advisor)
    sent = {"part": "result", "title": "Satzung", "text": "Satzung durchgesehen."}

    assert page.post(f"{list_of(project)}neu/", sent).url == list_of(project)
    block = TextBlock.objects.get()
    page.post(f"/textbausteine/{block.pk}/", sent | {"text": "Satzung beschlossen."})
    assert "Satzung beschlossen." in page.get(list_of(project)).content.decode()
    page.post(f"/textbausteine/{block.pk}/loeschen/")

    assert not TextBlock.objects.valid().exists()
    verbs = Event.objects.filter(subject_id=str(block.pk), verb__contains="block")
    assert set(verbs.values_list("verb", flat=True)) == {
        "textblock.created",
        "textblock.changed",
        "text_block.withdrawn",
    }


def test_a_deleted_block_comes_back_by_one_click_unless_its_place_is_taken(
    sign_in, advisor, project
):
    block, page = make_block(project), sign_in(advisor)
    take_out = reverse("bin:take_out", args=["textblock", block.pk])

    listed = page.post(f"/textbausteine/{block.pk}/loeschen/", follow=True).content.decode()

    assert take_out in listed
    assert list(TextBlock.objects.visible_to(advisor)) == []
    assert list(TextBlock.objects.restorable_by(advisor)) == [block]
    assert not TextBlock.objects.restorable_by(make_user()).exists()
    assert block.title in page.get(reverse("bin:content")).content.decode()
    again = make_block(project)
    page.post(take_out)
    assert list(TextBlock.objects.visible_to(advisor)) == [again]
    again.withdraw(by=advisor)
    assert page.post(take_out).url == list_of(project)
    assert list(TextBlock.objects.visible_to(advisor)) == [block]


def test_only_what_is_deleted_was_deleted_by_somebody(project):
    with pytest.raises(IntegrityError, match="consultations_textblock_deleted_by_somebody"):
        make_block(project, withdrawn_by=make_user())


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("title", {"title": " "}),
        ("text", {"text": "x" * 2001}),
        ("part", {"part": "margin"}),
        (None, {"title": "Finanzplan"}),
    ],
)
def test_bad_input_gets_a_sentence_and_stays(sign_in, advisor, project, name, wrong):
    make_block(project)
    sent = {"part": "result", "title": "Neu", "text": "Bleibt."} | wrong

    form = sign_in(advisor).post(f"{list_of(project)}neu/", sent).context["form"]

    assert form.errors if name is None else form.errors[name]
    assert form["text"].value() == sent["text"]
    assert TextBlock.objects.count() == 1


def test_the_team_of_another_project_finds_nothing(sign_in, project):
    block, page = make_block(project), sign_in(make_user())

    assert page.get(list_of(project)).status_code == 404
    assert page.get(f"/textbausteine/{block.pk}/").status_code == 404
    assert page.post(f"/textbausteine/{block.pk}/loeschen/").status_code == 404


# --- in the log form, without JavaScript ---


def test_a_block_is_put_behind_what_was_typed(sign_in, advisor, project):
    block = make_block(project)
    sent = typed(project, make_organisation(), result="Zuerst.", internal_note="Daneben.")

    form = (
        sign_in(advisor)
        .post(LOG, sent | {"insert": "result", "block_result": block.pk})
        .context["form"]
    )

    assert form["result"].value() == "Zuerst.\nFinanzplan besprochen."
    assert form["internal_note"].value() == "Daneben."
    assert not form["block_result"].value()


@pytest.mark.parametrize("chosen", ["", "0", "x", "9" * 30])
@pytest.mark.parametrize("insert", ["result", "internal_note", "held_on", ""])
def test_what_is_no_block_changes_nothing(sign_in, advisor, project, chosen, insert):
    sent = typed(project, make_organisation(), result="Bleibt.")

    answer = sign_in(advisor).post(
        LOG, sent | {"insert": insert, "block_result": chosen, "block_internal_note": chosen}
    )

    assert answer.context["form"]["result"].value() == "Bleibt."


def test_a_block_deleted_meanwhile_is_no_reason_not_to_log(sign_in, advisor, project):
    sent = typed(project, make_organisation(), block_result="77")

    assert sign_in(advisor).post(LOG, sent).status_code == 302


def test_blocks_of_other_teams_are_not_on_offer(sign_in, advisor, project):
    make_block(make_project(), text="Kanarienvogel")

    assert "Kanarienvogel" not in sign_in(advisor).get(LOG).content.decode()
