"""The building blocks of the pages; the contract of each stands at the head of its template.

A component takes values and never looks at the page around it, but for two: what posts needs
the CSRF token, and what pages through a list or sends it needs the address to keep its filters.
"""

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import slugify

from best_portal.export import ENDINGS
from best_portal.navigation import address_of

register = template.Library()
FOLDER = "components"


def component(template_name, /, **values):
    return mark_safe(render_to_string(f"{FOLDER}/{template_name}.html", values))  # noqa: S308 - rendered by a template that escapes


# --- blocks with a body ---


@register.simple_block_tag
def page_heading(content, title, preline="", subline=""):
    return component("page_heading", content=content, title=title, preline=preline, subline=subline)


@register.simple_block_tag
def panel(content, title="", tone="plain", level=2, id=""):
    return component("panel", content=content, title=title, tone=tone, level=level, id=id)


@register.simple_block_tag
def alert_box(content, title, tone="info", live=False):
    return component("alert_box", content=content, title=title, tone=tone, live=live)


@register.simple_block_tag
def data_table(content, caption, small=False, hide_caption=False, id=""):
    return component(
        "data_table",
        content=content,
        caption=caption,
        small=small,
        hide_caption=hide_caption,
        id=id or f"table-{slugify(caption)}",
    )


@register.simple_block_tag
def facts(content, stacked=False):
    return component("facts", content=content, stacked=stacked)


@register.simple_block_tag
def fact(content, label):
    return component("fact", content=content, label=label)


@register.simple_block_tag
def chart(content, title, text=""):
    return component("chart", content=content, title=title, text=text)


@register.simple_block_tag
def chart_table(content, label=""):
    return component("chart_table", content=content, label=label)


@register.simple_block_tag(takes_context=True)
def confirm_form(context, content, label, action, kind="secondary", name="", value="", about=""):
    """The body asks the question; without a body it is a single button.

    `about` says to who cannot see the row in which the button stands what it is about.
    """
    return component(
        "confirm_form",
        content=content,
        label=label,
        action=action,
        kind=kind,
        name=name,
        value=value,
        about=about,
        csrf_token=context.get("csrf_token", ""),
    )


# --- single ones ---


@register.simple_tag
def status(word, tone="neutral"):
    return component("status", word=word, tone=tone)


@register.simple_tag
def figure(value, label, hint="", href="", unit=""):
    return component("figure", value=value, label=label, hint=hint, href=href, unit=unit)


@register.simple_tag
def alert(title, tone="info", text="", link_url="", link_text="", live=False):
    return component(
        "alert",
        title=title,
        tone=tone,
        text=text,
        link_url=link_url,
        link_text=link_text,
        live=live,
    )


@register.simple_tag
def breadcrumb(*steps):
    """`{% breadcrumb "Label" address "Label" address "This page" %}`."""
    labels, addresses = steps[::2], [*steps[1::2], ""]
    return component("breadcrumb", steps=list(zip(labels, addresses, strict=True)))


@register.simple_tag
def empty_state(title, text="", action="", href="", second_action="", second_href=""):
    return component(
        "empty_state",
        title=title,
        text=text,
        action=action,
        href=href,
        second_action=second_action,
        second_href=second_href,
    )


@register.simple_tag
def tabs(items, label):
    """`items` are (label, address, is current)."""
    return component("tabs", items=items, label=label)


@register.simple_tag
def contents(items):
    """`items` are (id, label) of the parts of a long page."""
    return component("contents", items=items)


@register.simple_tag
def progress(done, total, label, step="", state="running"):
    return component("progress", done=done, total=total, label=label, step=step, state=state)


@register.simple_tag
def button_link(label, href, kind="secondary", icon="", download=False):
    return component("button_link", label=label, href=href, kind=kind, icon=icon, download=download)


@register.simple_tag
def card_link(title, href, text="", icon=""):
    return component("card_link", title=title, href=href, text=text, icon=icon)


@register.simple_tag
def description_list(pairs, stacked=False):
    return component("description_list", pairs=pairs, stacked=stacked)


@register.inclusion_tag(f"{FOLDER}/pagination.html", takes_context=True)
def pagination(context, page, parameter="page"):
    """The pages of a list, with the filters in the address kept."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "request": context.get("request"),
        "page": page,
        "links": [(n, page_address(context, parameter, n)) for n in numbers],
        "previous": page_address(context, parameter, page.number - 1),
        "next": page_address(context, parameter, page.number + 1),
        "ellipsis": page.paginator.ELLIPSIS,
    }


def page_address(context, parameter, number):
    if not isinstance(number, int):
        return ""
    query = context["request"].GET.copy()
    query[parameter] = number
    return f"?{query.urlencode()}"


@register.inclusion_tag(f"{FOLDER}/list_files.html", takes_context=True)
def list_files(context, route, *args, label=""):
    """A list as its files, with the filters of the address; all pages of it, not one."""
    query = context["request"].GET.copy()
    for place in ("page", "before"):
        query.pop(place, None)
    asked = f"?{query.urlencode()}" if query else ""
    return {
        "label": label,
        "files": [
            (word, f"{reverse(route, args=[*args, ending])}{asked}")
            for ending, word in ENDINGS.items()
        ],
    }


@register.inclusion_tag(f"{FOLDER}/filter_bar.html", takes_context=True)
def filter_bar(context, form, result="", action=""):
    """A form sent with GET; `result` says what the list now shows."""
    request = context.get("request")
    return {
        "form": form,
        "result": result,
        "action": action or (request.path if request else ""),
        "is_filtered": any(
            value
            for name, value in form.data.items()
            if name in form.fields and not form.fields[name].widget.is_hidden
        ),
    }


@register.simple_tag
def address(name, *args):
    """The address of a named page, or nothing where this portal has no such page."""
    return address_of(name, *args)
