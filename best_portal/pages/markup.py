"""A small, safe subset of formatting: headings, lists, bold, links and words put in for marks.

Whatever else is written stands on the page as it was written. Headings may carry a name to be
linked to: `## Contact {#contact}`.
"""

import re

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe

HEADING = re.compile(r"(#{2,3}) +(.+?)(?: +\{#([a-z][a-z0-9-]{0,40})\})?", re.ASCII)
MARK = r"\[\[(?P<mark>[^\[\]\n]{1,200})\]\]"
LINK = r"\[(?P<words>[^\[\]\n]{1,300})\]\((?P<to>(?:https://|mailto:|tel:|/(?!/)|#)[^\s()<>\"']{0,500})\)"
BOLD = r"\*\*(?P<bold>[^*\n]{1,500})\*\*"
INLINE = re.compile("|".join((MARK, LINK, BOLD)))
STYLES = {2: "kern-heading-medium", 3: "kern-heading-small"}


def html_of(text, marks=None):
    """The text as HTML; `marks(name)` gives the HTML a [[name]] stands for, None for none."""
    marks = marks or (lambda name: None)
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return mark_safe("\n".join(block_of(block, marks) for block in blocks if block.strip()))  # noqa: S308 - every part is escaped


def block_of(block, marks):
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    if heading := HEADING.fullmatch(lines[0]):
        rest = block_of("\n".join(lines[1:]), marks) if lines[1:] else ""
        return heading_of(heading, marks) + rest
    if all(line.startswith("- ") for line in lines):
        items = format_html_join("", "<li>{}</li>", ((inline(line[2:], marks),) for line in lines))
        return format_html("<ul>{}</ul>", items)
    alone = re.fullmatch(MARK, block.strip())
    if alone and (standing := marks(alone["mark"])) and standing.lstrip().startswith("<div"):
        return standing
    lines = [inline(line, marks) for line in lines]
    return format_html('<p class="kern-body">{}</p>', mark_safe("<br>".join(lines)))  # noqa: S308 - every part is escaped


def heading_of(found, marks):
    level, words, name = len(found[1]), inline(found[2], marks), found[3]
    named = format_html(' id="{}"', name) if name else ""
    return format_html('<h{} class="{}"{}>{}</h{}>', level, STYLES[level], named, words, level)


def inline(line, marks):
    parts, end = [], 0
    for found in INLINE.finditer(line):
        parts += [escape(line[end : found.start()]), put_in(found, marks)]
        end = found.end()
    return mark_safe("".join([*parts, escape(line[end:])]))  # noqa: S308 - every part is escaped


def put_in(found, marks):
    if found["mark"] is not None:
        standing = marks(found["mark"].strip())
        return escape(found[0]) if standing is None else standing
    if found["bold"] is not None:
        return format_html("<strong>{}</strong>", found["bold"])
    return format_html('<a class="kern-link" href="{}">{}</a>', found["to"], found["words"])
