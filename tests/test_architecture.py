"""The shape of the code base, kept by the code base."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = [  # each may import itself and what stands above it
    (
        "best_portal.back",
        "best_portal.asked",
        "best_portal.db",
        "best_portal.env",
        "best_portal.export",
        "best_portal.ics",
        "best_portal.letters",
        "best_portal.refusals",
        "best_portal.templatetags.figures",
        "best_portal.widgets",
    ),
    ("best_portal.audit", "best_portal.conflicts", "best_portal.outbox"),
    ("best_portal.accounts", "best_portal.lists"),
    (
        "best_portal.bin",
        "best_portal.drafts",
        "best_portal.files",
        "best_portal.imports",
        "best_portal.pages",
    ),
    ("districts",),
    ("enterprises",),
    ("consultations",),
    ("reports",),
    ("best_portal",),
]
RANK = {package: rank for rank, packages in enumerate(LAYERS) for package in packages}


def layer_of(module):
    return max(
        (package for package in RANK if f"{module}.".startswith(f"{package}.")),
        key=len,
        default=None,
    )


def imports():
    for package in {name.split(".")[0] for name in RANK}:
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom):
                    assert not node.level, f"{module}: relative import"
                    yield module, node.module
                elif isinstance(node, ast.Import):
                    yield from ((module, alias.name) for alias in node.names)


def test_imports_only_point_down():
    upward = [
        f"{importer} → {imported}"
        for importer, imported in imports()
        if layer_of(imported) and RANK[layer_of(imported)] > RANK[layer_of(importer)]
    ]
    assert upward == []
