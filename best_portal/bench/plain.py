"""`python -m best_portal.bench.plain FOLDER`: what reports/pdf.py laid out, by WeasyPrint alone."""

import json
import sys
from pathlib import Path

from reports import press


def main(folder):
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    press.typeset(press.load_weasyprint(), job, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
