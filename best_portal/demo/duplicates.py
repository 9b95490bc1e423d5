"""The demo's duplicates: one pair to compare, one merged already, one told apart."""

from datetime import timedelta

from enterprises.models import Merge, NotTheSame, Organisation, OrganisationKind, Person

KIND = OrganisationKind.LOCAL_BUSINESS


def file_twice(people, today):
    """What happens where several people open files: the same trader under two spellings."""
    by = people.team[0]

    def opened(name, **fields):
        since = today - timedelta(days=40)
        return Organisation.objects.register(by=by, name=name, kind=KIND, since=since, **fields)

    opened("Änderungsschneiderei Muster", phone="030 5550 310", address="Musterstraße 3")
    opened("Aenderungsschneiderei Muster", phone="+49 30 5550310", email="naht@muster.example")
    stays = opened("Schuhmacherei Beispiel", phone="030 5550 320")
    gone = opened("Schuhmacherei-Beispiel", address="Beispielweg 5")
    Person.objects.create(name="Sole Beispiel", phone="030 5550 320").involvements.create(
        organisation=gone
    )
    Merge.objects.merge(gone, stays, by=by)
    NotTheSame.objects.say(
        opened("Getränkehandel Beispiel Nord"), opened("Getränkehandel Beispiel Süd"), by=by
    )
