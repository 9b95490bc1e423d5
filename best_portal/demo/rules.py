"""Rules of the demo's programmes: nobody has looked them up, what is confirmed is invented."""

from datetime import date

NOT_LOOKED_UP = {"note": "Welche Fassung galt, ist nicht nachgesehen."}
WORDING = {"note": "Der Wortlaut der in Berlin geltenden Fassung ist zu bestätigen."}
CONFIRMED = {"is_confirmed": True, "source": "Muster: Anlage 2 zum Bescheid"}

# Programme → its sets of rules.
RULES = {
    "ESF Artikel 6 „Lokale Beschäftigungsstrategien und Innovation“": [
        {
            "name": "Muster: Vereinbarung mit der Europäischen Kommission",
            "note": "Direkt von der Europäischen Kommission verwaltet; kein gemeinsamer "
            "Indikatorensatz bekannt, daher projekteigene Indikatoren.",
        },
    ],
    "Soziale Stadt": [
        {"name": "LHO §§ 23 und 44 mit AV"} | NOT_LOOKED_UP,
        {"name": "ANBest-P"} | NOT_LOOKED_UP,
    ],
    "Wirtschaftsdienliche Maßnahmen": [
        {
            "name": "Muster: Förderrichtlinie",
            "note": "Antragsberechtigt sind die Bezirke; projekteigene Indikatoren.",
        },
    ],
    "ESF Plus Berlin": [
        {
            "name": "Verordnung (EU) 2021/1057 (ESF Plus)",
            "note": "Schwellen und Fristen nennt der Bescheid. Die Bagatellgrenze ist in Berlin zu "
            "bestätigen.",
        },
        {"name": "ANBest-P"} | WORDING,
        {"name": "Muster: Förderrichtlinie", "version": "Muster 2", "since": date(2025, 1, 1)}
        | CONFIRMED,
        {"name": "Muster: Förderrichtlinie", "version": "Muster 1", "until": date(2024, 12, 31)}
        | CONFIRMED,
    ],
    "Sozialer Zusammenhalt": [
        {
            "name": "VV Sozialer Zusammenhalt",
            "version": "2021, vom 11.12.2020",
            "note": "Verwendungsnachweis laut Bescheid; ob eine spätere Fassung gilt, ist offen.",
        },
        {"name": "ANBest-P"} | WORDING,
    ],
    "Wirtschaftsdienliche Maßnahmen 2021–2027": [
        {
            "name": "Verordnung (EU) 2021/1058 (EFRE)",
            "note": "Die deutschen Namen der RCO-Indikatoren sind vor dem Einreichen abzugleichen.",
        },
    ],
}
