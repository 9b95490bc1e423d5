"""The demo's accounts: a few for each role, all at beispiel.example."""

from dataclasses import dataclass

from best_portal.accounts.models import Role, User

DOMAIN = "beispiel.example"


@dataclass(frozen=True)
class People:
    manager: User
    # Two area teams of the model project; the first is today's team as well.
    team: tuple[User, ...]
    other_team: tuple[User, ...]
    founders: tuple[User, ...]
    esf: User
    senate: User
    efre: User
    evaluator: User

    @classmethod
    def make(cls):
        def account(part, name, role, **fields):
            return User.objects.create_user(f"{part}@{DOMAIN}", name=name, role=role, **fields)

        return cls(
            manager=account("leitung", "Maria Muster", Role.MANAGER),
            team=(
                account("beratung", "Jonas Muster", Role.ADVISOR, phone="030 5550 101"),
                account("beratung2", "Aylin Beispiel", Role.ADVISOR, phone="030 5550 102"),
            ),
            other_team=(
                account("beratung3", "Peter Beispiel", Role.ADVISOR, phone="030 5550 103"),
                account("beratung4", "Hanna Muster", Role.ADVISOR, phone="030 5550 104"),
            ),
            founders=(
                account("gruendung", "Samira Beispiel", Role.FOUNDER),
                account("gruendung2", "Tom Muster", Role.FOUNDER, language="en"),
            ),
            esf=account("esf", "Anna Beispiel (ESF)", Role.FUNDER),
            senate=account("senat", "Bernd Muster (Senat)", Role.FUNDER),
            efre=account("efre", "Clara Beispiel (EFRE)", Role.FUNDER),
            evaluator=account("evaluation", "Eva Muster", Role.EVALUATOR),
        )

    @property
    def advisors(self):
        return self.team + self.other_team
