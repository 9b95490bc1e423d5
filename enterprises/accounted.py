"""What was accounted for and would be told differently: said by the apps above, asked by forms.

How an app says it. Write a module with `accounted(organisation, since, fact)` and name it in
`settings.ACCOUNTED`. It gets an organisation, the first day from which something that is known of
it is to change, and which kind of fact that is (`Accountable.fact`; empty where it may be in any
figure), and returns the periods in which that was accounted for, each as a text that names period,
project and report.
"""

from importlib import import_module

from django.conf import settings


def accounted(organisation, since, fact=""):
    modules = [import_module(path) for path in settings.ACCOUNTED]
    return [period for module in modules for period in module.accounted(organisation, since, fact)]
