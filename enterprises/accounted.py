"""What was accounted for and would be told differently: said by the apps above, asked by forms.

How an app says it. Write a module with `accounted(organisation, since, fact, project)` and name it
in `settings.ACCOUNTED`. It gets an organisation, the first day from which something that is known
of it is to change, which kind of fact that is (`Accountable.fact`; empty where it may be in any
figure) and the only project it is about (None where it lies in none), and returns the periods in
which that was accounted for, each as a text that names period, project and report.
"""

from importlib import import_module

from django.conf import settings


def accounted(organisation, since, fact="", project=None):
    modules = [import_module(path) for path in settings.ACCOUNTED]
    asked = (organisation, since, fact, project)
    return [period for module in modules for period in module.accounted(*asked)]
