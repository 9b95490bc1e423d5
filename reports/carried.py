"""What of a frozen document its paper prints: the two great ones all of it, the others a part."""

from reports.document import PARTS

# What templates/reports/pdf/part.html says on its first page.
COVER = (
    "authority",
    "grantee",
    "grantee_address",
    "reference",
    "programme",
    "project",
    "granted_from",
    "granted_to",
    "early_start",
    "early_start_reference",
    "input_tax",
    "intermediate_body",
    "logos",
)
OF_LIST = ("kind", "position", "label", "made_of", "vouchers")


def carried(frozen, kind):
    """A frozen document, as plain values, without what a paper of this kind does not print.

    The rows that its figures count stay: they go out with it as a file.
    """
    parts = PARTS.get(kind)
    if parts is None:
        return frozen
    found = {
        name: frozen[name]
        for name in ("indicators", "breakdowns", "rules")
        if name in parts and name in frozen
    }
    if "rules" in parts and "programme_rules" in frozen:
        found["programme_rules"] = frozen["programme_rules"]
    if "cover" in frozen:
        found["cover"] = picked(frozen["cover"], COVER)
    if "narrative" in parts:
        found["narrative"] = frozen.get("narrative", [])
    elif "summary" in parts:
        found["narrative"] = [beginning(each) for each in frozen.get("narrative", [])]
    if "vouchers" in parts:
        found["finances"] = [picked(line, OF_LIST) for line in frozen.get("finances", [])]
    return found | {"annex": frozen.get("annex", []) if "indicators" in parts else []}


def picked(values, names):
    return {name: values[name] for name in names if name in values}


def beginning(section):
    return section | {"paragraphs": list(section.get("paragraphs", ()))[:1]}
