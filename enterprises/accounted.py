"""What was accounted for and would be told differently: said by the apps above, asked by forms.

How an app says it. Write a module with these two and name it in `settings.ACCOUNTED`.

`accounted(organisation, since, fact, project)` gets an organisation, the first day from which
something that is known of it is to change, which kind of fact that is (`Accountable.fact`; empty
where it may be in any figure) and the only project it is about (None where it lies in none), and
returns the periods in which that was accounted for, each as a text that names period, project and
report.

`counted_apart(one, other, user)` gets two people who are to become one, and whoever looks, and
returns the periods that may have counted both, as such texts. It names no project to somebody who
may not know that the two take part in it.
"""

from importlib import import_module

from django.conf import settings


def accounted(organisation, since, fact="", project=None):
    asked = (organisation, since, fact, project)
    return [period for each in modules() for period in each.accounted(*asked)]


def counted_apart(one, other, user):
    return [period for each in modules() for period in each.counted_apart(one, other, user)]


def modules():
    return [import_module(path) for path in settings.ACCOUNTED]
