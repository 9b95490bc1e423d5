"""What the demo's advisors write: reportable results by topic, notes, next steps."""

RESULTS = {
    "Geschäftsidee": (
        "Geschäftsidee vorgestellt, Bedarf im Quartier erörtert.",
        "Zielgruppe eingegrenzt, erste Preise durchgespielt.",
    ),
    "Rechtsform": (
        "Verein und Genossenschaft verglichen, Vorentscheidung getroffen.",
        "Satzungsentwurf durchgesehen, offene Punkte benannt.",
    ),
    "Finanzierung": (
        "Finanzierungsplan im ersten Entwurf erstellt.",
        "Gespräch mit der Bank vorbereitet.",
    ),
    "Förderung": (
        "Förderantrag geprüft und Anlagen ergänzt.",
        "Förderprogramme gesichtet, zwei kommen in Frage.",
    ),
    "Räume": (
        "Zwei Objekte besichtigt, Mietvertrag besprochen.",
        "Zwischennutzung angefragt.",
    ),
    "Markt und Kundschaft": (
        "Befragung in der Nachbarschaft ausgewertet.",
        "Angebot und Preise angepasst.",
    ),
    "Personal": (
        "Personalplanung für zwei zusätzliche Stellen.",
        "Arbeitsverträge und Minijobs besprochen.",
    ),
    "Buchhaltung und Steuern": (
        "Grundlagen der Buchhaltung eingeführt.",
        "Kleinunternehmerregelung geklärt.",
    ),
    "Kooperation im Kiez": (
        "Partner im Quartier angesprochen, Treffen vereinbart.",
        "Absprache mit dem Bezirksamt über einen Leistungsvertrag.",
    ),
    "Öffentlichkeitsarbeit": (
        "Faltblatt und Aushang entworfen.",
        "Eröffnungsfest geplant.",
    ),
}
TRAININGS = (
    "Workshop Finanzplanung für Gründungsteams.",
    "Workshop Rechtsformen: Verein, Genossenschaft, gGmbH.",
    "Workshop Preise kalkulieren.",
    "Workshop Förderanträge schreiben.",
)
NOTES = (
    "Im Team gibt es Spannungen; behutsam nachfragen.",
    "Wunsch nach mehr Zeit; Belastung durch Pflege in der Familie.",
    "Zahlen wirken optimistisch, beim nächsten Mal Belege ansehen.",
)
NEXT_STEPS = (
    "Finanzplan überarbeiten",
    "Satzung mit dem Amtsgericht abstimmen",
    "Angebote für Räume einholen",
    "Termin mit der Bank vereinbaren",
)
# Of which of the two texts, title, text.
TEXT_BLOCKS = (
    ("result", "Finanzplan", "Finanzplan besprochen, offene Positionen benannt."),
    ("result", "Rechtsform", "Rechtsformen verglichen, Unterlagen mitgegeben."),
    ("result", "Verweis", "An eine Fachstelle verwiesen, Kontaktdaten übergeben."),
    ("internal_note", "Unterlagen fehlen", "Es fehlen noch Unterlagen; nachfragen bis:"),
    ("internal_note", "Stimmung", "Stimmung im Team, Belastungen, was wir im Auge behalten:"),
)
