"""What was accounted for and would be told differently: said by the apps above, asked by forms.

How an app says it. Write a module with these two and name it in `settings.ACCOUNTED`.

`accounted(organisation, since, fact)` gets an organisation, the first day from which something that
is known of it is to change, and which kind of fact that is (`Accountable.fact`; empty where it may
be in any figure), and returns the periods in which that was accounted for, each as a text that
names period, project and report.

`counted_apart(one, other, user)` gets two people who are to become one, and whoever looks, and
returns the periods that may have counted both, as such texts. It names no project to somebody who
may not know that the two take part in it.
"""

from importlib import import_module

from django.conf import settings


def accounted(organisation, since, fact=""):
    return [period for each in modules() for period in each.accounted(organisation, since, fact)]


def counted_apart(one, other, user):
    return [period for each in modules() for period in each.counted_apart(one, other, user)]


def modules():
    return [import_module(path) for path in settings.ACCOUNTED]
