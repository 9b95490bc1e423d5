"""What each funder's form asks in words: the sections of the Sachbericht."""

# In the order of the form: (key, heading).
OUTLINES = {
    "senate": (
        ("measure", "Maßnahme und Zeitraum"),
        ("delivery", "Umsetzung und Personaleinsatz"),
        ("partners", "Zielgruppen, Kooperationspartner und Nachhaltigkeit"),
        ("publicity", "Öffentlichkeitsarbeit und Eigenleistungen"),
        ("deviations", "Abweichungen vom Plan"),
        ("equality", "Querschnittsziele"),
        ("outlook", "Ausblick"),
    ),
    "esf": (
        ("summary", "Zusammenfassung"),
        ("innovation", "Innovativer Ansatz und Verlauf der Arbeiten"),
        ("objectives", "Ergebnisse nach Zielen"),
        ("partnership", "Partnerschaft und Netzwerk"),
        ("equality", "Gleichstellung und Zugang der Zielgruppen"),
        ("problems", "Schwierigkeiten und Gegenmaßnahmen"),
        ("publicity", "Publizität und Verbreitung der Ergebnisse"),
        ("outlook", "Nächste Schritte"),
    ),
    "efre": (
        ("economies", "Lokale Ökonomien fördern"),
        ("jobs", "Zusätzliche Arbeitsplätze schaffen"),
        ("existing", "Bestehende Sozialunternehmen und Initiativen unterstützen"),
        ("forums", "Lokale Foren aufbauen"),
        ("capital", "Soziales Kapital im Stadtteil stärken"),
        ("partnership", "Lokale Partnerschaft entwickeln"),
        ("deviations", "Abweichungen und Begründungen"),
    ),
}
