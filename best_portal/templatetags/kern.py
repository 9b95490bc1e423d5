"""What templates/kern/ needs to know of a form field: its kind, its parts, its ids."""

from django import forms, template
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext as _

from best_portal.widgets import Combobox

register = template.Library()

INPUT = "kern-form-input__input"
SELECT = "kern-form-input__select"
CHECKBOX = "kern-form-check__checkbox"
RADIO = "kern-form-check__radio"


def kind_of(widget):
    match widget:
        case Combobox():
            return "combobox"
        case forms.CheckboxSelectMultiple():
            return "checkboxes"
        case forms.RadioSelect():
            return "radios"
        case forms.CheckboxInput():
            return "checkbox"
        case forms.SelectMultiple():
            return "list"
        case forms.Select():
            return "select"
        case forms.ClearableFileInput():
            return "file"
        case forms.MultiWidget():
            return "parts"
        case _:
            return "input"


@register.filter
def kind(field):
    return kind_of(field.field.widget)


def dressed(widget, field, base):
    """Return the widget's own classes with KERN's added."""
    classes = [*widget.attrs.get("class", "").split(), base]
    if field.errors:
        classes.append(f"{base}--error")
    return {"class": " ".join(classes)}


@register.simple_tag
def kern_widget(field):
    """The field's input with KERN's classes; ids and ARIA are Django's own."""
    widget = field.field.widget
    base = {"select": SELECT, "checkbox": CHECKBOX}.get(kind_of(widget), INPUT)
    return field.as_widget(attrs=dressed(widget, field, base))


@register.simple_tag
def kern_options(field):
    """The radio buttons or checkboxes of a field, one by one, each with its label."""
    widget = field.field.widget
    base = RADIO if kind_of(widget) == "radios" else CHECKBOX
    attrs = {"id": field.auto_id, **dressed(widget, field, base)}
    attrs = field.build_widget_attrs(attrs, widget)
    # Radio buttons and checkboxes take no aria-invalid; their group carries the error.
    attrs.pop("aria-invalid", None)
    return [
        BoundWidget(widget, data, field.form.renderer)
        for data in widget.subwidgets(field.html_name, field.value(), attrs=attrs)
    ]


@register.simple_tag
def kern_parts(field):
    """The inputs of a split field as (label, id, HTML)."""
    widget = field.field.widget
    attrs = field.build_widget_attrs({"id": field.auto_id, **dressed(widget, field, INPUT)}, widget)
    parts = widget.get_context(field.html_name, field.value(), attrs)["widget"]["subwidgets"]
    labels = getattr(widget, "labels", None) or [
        _("Part %(number)d") % {"number": n} for n in range(1, len(parts) + 1)
    ]
    return [
        (label, part["attrs"]["id"], BoundWidget(sub, part, field.form.renderer).tag())
        for label, part, sub in zip(labels, parts, widget.widgets, strict=True)
    ]


@register.filter
def first_id(field):
    """The id a link in the error summary leads to: something that can take the focus."""
    kind = kind_of(field.field.widget)
    if kind in ("radios", "checkboxes", "parts"):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def button_class(layout_object):
    """KERN's classes for crispy's buttons, unless the form names its own kind."""
    classes = layout_object.field_classes.split()
    own = [name for name in classes if name.startswith("kern-btn--")]
    rest = [n for n in classes if n not in own and not n.startswith("btn")]
    if not own:
        own = [
            "kern-btn--primary" if layout_object.input_type == "submit" else "kern-btn--secondary"
        ]
    return " ".join(["kern-btn", *own, *rest])
