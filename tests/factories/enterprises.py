"""Organisations, their people and papers, and what lists say of them."""

import io
import uuid
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.files.guard import check
from best_portal.imports.models import BatchStatus
from enterprises.models import (
    Agreement,
    Beneficiary,
    Confirmation,
    ConfirmationRule,
    Contribution,
    Decision,
    Document,
    DocumentKind,
    Entry,
    Forum,
    ForumMember,
    HealthNote,
    Innovation,
    InnovationKind,
    Involvement,
    Job,
    JobKind,
    Meeting,
    Operation,
    OperationImport,
    Organisation,
    OrganisationKind,
    Person,
    PublishedFund,
    Resource,
    ServiceBlock,
    SizeDeclaration,
    SizeLimit,
    Undertaking,
)
from enterprises.models.confirmation import digest_of, token_for
from enterprises.models.entry import free_slug
from enterprises.names import key_of
from tests.factories.base import YEAR, make_user, number

SIZES = import_module("enterprises.migrations.0016_carry_the_size_limits")


def make_organisation(**fields):
    fields.setdefault("name", f"Muster-Initiative {next(number)}")
    fields.setdefault("kind", OrganisationKind.FOUNDING_INITIATIVE)
    return Organisation.objects.create(**fields)


def make_enterprise(**fields):
    fields.setdefault("kind", OrganisationKind.SOCIAL_ENTERPRISE)
    fields.setdefault("founded_on", date(YEAR, 1, 1))
    return make_organisation(**fields)


def make_undertaking(*organisations, since=date(2020, 1, 1)):
    """All of them one single undertaking; the first is at the head."""
    undertaking = Undertaking.objects.create()
    for place, organisation in enumerate(organisations):
        link = "majority" if place else "head"
        undertaking.members.create(organisation=organisation, link=link, since=since)
    return undertaking


def make_person(**fields):
    fields.setdefault("name", f"Beispiel {next(number)}")
    return Person.objects.create(**fields)


def make_founder(organisation=None, **fields):
    """An account of a founder, with the person and their part in an organisation."""
    user = make_user(Role.FOUNDER, **fields)
    person = make_person(name=user.name, email=user.email, user=user)
    if organisation:
        Involvement.objects.create(person=person, organisation=organisation)
    return user


def make_job(**fields):
    fields.setdefault("title", f"Musterstelle {next(number)}")
    fields.setdefault("kind", JobKind.NEW)
    fields.setdefault("fte", Decimal(1))
    fields.setdefault("since", date(YEAR, 1, 1))
    if "organisation" not in fields:
        fields["organisation"] = make_organisation()
    return Job.objects.create(**fields)


def carried_limits():
    """The limits of the size classes as the migration brings them, where a test emptied them."""
    if not SizeLimit.objects.exists():
        for size_class, employees, turnover, balance in SIZES.LIMITS:
            SizeLimit.objects.create(
                size_class=size_class,
                employees_below=employees,
                turnover_up_to=turnover,
                balance_up_to=balance,
                source=SIZES.SOURCE,
                starts_on=date(2005, 1, 1),
            )


def make_size(organisation=None, **fields):
    """Three people and 100,000 EUR of turnover: a micro enterprise."""
    carried_limits()
    fields.setdefault("as_of", date(2023, 12, 31))
    fields.setdefault("employees", Decimal(3))
    fields.setdefault("turnover", Decimal(100_000))
    fields.setdefault("source", "Muster: Erklärung")
    return SizeDeclaration.objects.create(organisation=organisation or make_enterprise(), **fields)


def make_innovation(organisation=None, **fields):
    """A new product, confirmed by the enterprise."""
    fields.setdefault("kind", InnovationKind.PRODUCT)
    fields.setdefault("what", f"Muster-Neuheit {next(number)}")
    fields.setdefault("introduced_on", date(YEAR, 6, 1))
    fields.setdefault("evidence", "Muster: Preisliste")
    fields.setdefault("confirmed_on", fields["introduced_on"])
    if fields["confirmed_on"]:
        fields.setdefault("confirmed_by", "Erika Muster")
    return Innovation.objects.create(organisation=organisation or make_enterprise(), **fields)


def make_confirmation(**fields):
    """Somebody is asked about a job; the mail is not posted."""
    fields.setdefault("about", "job")
    if "job" not in fields:
        fields["job"] = make_job(
            **{name: fields[name] for name in ("organisation",) if name in fields}
        )
    if "organisation" not in fields:
        fields["organisation"] = fields["job"].organisation if fields["job"] else make_enterprise()
    if "person" not in fields:
        fields["person"] = make_person(email=f"bestaetigung-{next(number)}@beispiel.example")
    uid = uuid.uuid4()
    now = timezone.now()
    fields.setdefault("asked_at", now)
    fields.setdefault("expires_at", now + timedelta(days=30))
    return Confirmation.objects.create(uid=uid, token_digest=digest_of(token_for(uid)), **fields)


def make_confirmation_rule(**fields):
    # Backwards, so that none meets the one every portal begins with.
    fields.setdefault("starts_on", date(YEAR, 1, 1) - timedelta(days=next(number)))
    fields.setdefault("months", [6, 12])
    fields.setdefault("open_days", 30)
    fields.setdefault("again_days", 14)
    fields.setdefault("times", 2)
    return ConfirmationRule.objects.create(**fields)


def checked_file(name="muster.txt", text="Muster\n"):
    return check(io.BytesIO(text.encode()), name)


def make_document(organisation=None, by=None, **fields):
    """A paper with one version."""
    fields.setdefault("kind", DocumentKind.OTHER)
    fields.setdefault("title", f"Muster-Unterlage {next(number)}")
    return Document.objects.bring(
        by=by or make_user(),
        organisation=organisation or make_organisation(),
        file=fields.pop("file", None) or checked_file(),
        **fields,
    )


def make_entry(parts=("entry",), given_by="Muster", **fields):
    """A public entry with consent to these parts."""
    fields.setdefault("name", f"Muster-Betrieb {next(number)}")
    fields.setdefault("slug", free_slug(fields["name"]))
    fields.setdefault("kind", OrganisationKind.LOCAL_BUSINESS)
    fields.setdefault("text", "Mustertext")
    if fields.get("status", "published") in ("published", "archived"):
        fields.setdefault("published_at", timezone.now())
    entry = Entry.objects.create(**fields)
    for part in parts:
        entry.consents.create(part=part, given_by=given_by, given_on=date(YEAR, 5, 1), way="paper")
    return entry


def make_beneficiary(**fields):
    fields.setdefault("name", f"Muster Träger {next(number)} gGmbH")
    fields.setdefault("key", key_of(fields["name"]))
    return Beneficiary.objects.create(**fields)


def make_operation_import(**fields):
    fields.setdefault("fund", PublishedFund.ESF)
    fields.setdefault("file_name", "esf.csv")
    fields.setdefault("content", b"")
    fields.setdefault("sha256", f"{next(number):064x}")
    fields.setdefault("mapping", {"name": 0})
    fields.setdefault("outcome", {"imported": 0})
    fields.setdefault("status", BatchStatus.COMMITTED)
    fields.setdefault("committed_at", timezone.now())
    if "uploaded_by" not in fields:
        fields["uploaded_by"] = make_user(Role.ADVISOR)
    return OperationImport.objects.create(**fields)


def make_operation(**fields):
    fields.setdefault("batch_row", next(number))
    fields.setdefault("fund", PublishedFund.ESF)
    fields.setdefault("name", f"Beispielvorhaben {fields['batch_row']}")
    fields.setdefault("starts_on", date(YEAR, 1, 1))
    fields.setdefault("amount", Decimal("1000.00"))
    fields.setdefault("fingerprint", f"fingerprint {fields['batch_row']}")
    fields.setdefault("identity", f"identity {fields['batch_row']}")
    if "beneficiary" not in fields:
        fields["beneficiary"] = make_beneficiary()
    if "batch" not in fields:
        fields["batch"] = make_operation_import(fund=fields["fund"])
    return Operation.objects.create(**fields)


def make_forum(areas=(), **fields):
    fields.setdefault("name", f"Muster-Forum {next(number)}")
    if "advisor" not in fields:
        fields["advisor"] = make_user(Role.ADVISOR)
    fields.setdefault("since", date(YEAR, 1, 1))
    forum = Forum.objects.create(**fields)
    forum.districts.set(areas)
    return forum


def make_forum_member(**fields):
    if "forum" not in fields:
        fields["forum"] = make_forum()
    if not {"person", "organisation"} & set(fields):
        fields["organisation"] = make_organisation()
    return ForumMember.objects.create(**fields)


def make_meeting(**fields):
    """One that was held, unless another moment is given."""
    if "forum" not in fields:
        fields["forum"] = make_forum()
    fields.setdefault("starts_at", timezone.now() - timedelta(days=30, minutes=next(number)))
    fields.setdefault("place", "Mustersaal")
    return Meeting.objects.create(**fields)


def make_decision(**fields):
    """By one of us, unless a member is given."""
    if "meeting" not in fields:
        fields["meeting"] = make_meeting()
    fields.setdefault("what", f"Musterbeschluss {next(number)}")
    if not {"owner", "advisor"} & set(fields):
        fields["advisor"] = make_user(Role.ADVISOR)
    return Decision.objects.create(**fields)


def make_network(**fields):
    fields.setdefault("kind", OrganisationKind.NETWORK)
    return make_organisation(**fields)


def make_health_note(**fields):
    if "organisation" not in fields:
        fields["organisation"] = make_network()
    fields.setdefault("health", "active")
    if "author" not in fields:
        fields["author"] = make_user(Role.ADVISOR)
    return HealthNote.objects.create(**fields)


def make_resource(areas=(), **fields):
    """An offer of rooms, unless something else is said."""
    fields.setdefault("side", "offer")
    fields.setdefault("kind", "rooms")
    fields.setdefault("title", f"Musterraum {next(number)}")
    fields.setdefault("since", date(YEAR, 1, 1))
    if "organisation" not in fields:
        fields["organisation"] = make_organisation()
    resource = Resource.objects.create(**fields)
    resource.districts.set(areas)
    return resource


def make_block(providers=(), **fields):
    fields.setdefault("name", f"Musterbaustein {next(number)}")
    fields.setdefault("service", "Einmal in der Woche wird gekocht.")
    block = ServiceBlock.objects.create(**fields)
    block.providers.set(providers)
    return block


def make_agreement(areas=(), **fields):
    """In force for years."""
    fields.setdefault("name", f"Mustervereinbarung {next(number)}")
    fields.setdefault("starts_on", date(YEAR, 1, 1))
    fields.setdefault("ends_on", date(2099, 12, 31))
    if "advisor" not in fields:
        fields["advisor"] = make_user(Role.ADVISOR)
    agreement = Agreement.objects.create(**fields)
    agreement.districts.set(areas)
    return agreement


def make_contribution(**fields):
    fields.setdefault("kind", "rooms")
    fields.setdefault("what", f"Musterbeitrag {next(number)}")
    if "organisation" not in fields:
        fields["organisation"] = make_organisation()
    return Contribution.objects.create(**fields)
