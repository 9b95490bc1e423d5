"""Directory: the organisations on file, found by a name printed elsewhere."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from enterprises.models.organisation import LegalForm, Organisation, OrganisationKind
from enterprises.names import ALIKE, form_of, key_of, likeness, trigrams

# A gGmbH is a GmbH; a UG that has grown into a GmbH is asked about.
FAMILIES = {
    LegalForm.GBR: "gbr",
    LegalForm.EV: "ev",
    LegalForm.EG: "eg",
    LegalForm.UG: "ug",
    LegalForm.GUG: "ug",
    LegalForm.GMBH: "gmbh",
    LegalForm.GGMBH: "gmbh",
}
MOST_NEAR = 4


@dataclass(frozen=True)
class Match:
    """The organisation a name means for sure, or those it may mean, the likeliest first."""

    sure: Organisation | None = None
    near: tuple = ()


class Directory:
    """Every organisation on file, read once."""

    def __init__(self):
        self._rows = list(
            Organisation.objects.select_related("district").defer("district__outline")
        )
        self._by_key, self._having = defaultdict(list), defaultdict(list)
        self._trigrams = [trigrams(row.name) for row in self._rows]
        for number, row in enumerate(self._rows):
            self._by_key[key_of(row.name)].append(row)
            for trigram in self._trigrams[number]:
                self._having[trigram].append(number)

    def match(self, name):
        """Sure is the same name in an agreeing legal form, where it fits one organisation only."""
        same, form = self._by_key.get(key_of(name), []), form_of(name)
        agreeing = [row for row in same if form and _form(row) == form]
        if len(agreeing) == 1:
            return Match(agreeing[0])
        if len(same) == 1 and (not form or not _form(same[0])):
            return Match(same[0])
        near = [row for row in self._alike(name) if row not in same]
        return Match(near=tuple([*same, *near][:MOST_NEAR]))

    def candidates(self, beneficiary):
        """The files a beneficiary may mean besides the one it is said to be."""
        match = self.match(beneficiary.name)
        found = (match.sure, *match.near) if match.sure else match.near
        return [row for row in found if row.pk != beneficiary.organisation_id]

    def _alike(self, name):
        wanted = trigrams(name)
        numbers = Counter(number for trigram in wanted for number in self._having.get(trigram, ()))
        scores = {number: likeness(wanted, self._trigrams[number]) for number in numbers}
        best = sorted(scores, key=lambda number: (-scores[number], self._rows[number].sort_name))
        return [self._rows[number] for number in best if scores[number] >= ALIKE]


def _form(organisation):
    return form_of(organisation.name) or FAMILIES.get(organisation.legal_form, "")


KINDS = {"ev": OrganisationKind.ASSOCIATION}
LEGAL_FORMS = {"ev": LegalForm.EV, "eg": LegalForm.EG, "gbr": LegalForm.GBR}


def guessed(name):
    """Kind and legal form as far as a name gives them; people correct it in the file."""
    form = form_of(name)
    if form in ("gmbh", "ug"):
        is_common_good = "gemeinn" in name.lower() or any(
            word in name.split() for word in ("gGmbH", "gUG")
        )
        legal_form = {
            ("gmbh", True): LegalForm.GGMBH,
            ("gmbh", False): LegalForm.GMBH,
            ("ug", True): LegalForm.GUG,
            ("ug", False): LegalForm.UG,
        }[form, is_common_good]
    else:
        legal_form = LEGAL_FORMS.get(form, LegalForm.OTHER if form else LegalForm.NONE)
    if "stiftung" in name.lower().split()[:1]:
        return OrganisationKind.FOUNDATION, LegalForm.FOUNDATION
    return KINDS.get(form, OrganisationKind.LOCAL_BUSINESS), legal_form
