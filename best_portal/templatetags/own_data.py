"""How a value of one's own data is written on a page."""

from django import template

from best_portal.privacy.inventory import in_words

register = template.Library()
register.filter("in_words", in_words)
