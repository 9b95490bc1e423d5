"""The paper of a payment request (Mittelabruf), with the books as they were on its day."""

from datetime import datetime, time

from django.utils import timezone

from reports.group_papers import Funding, printed


def payment_request(payment):
    """Print one; equal requests give equal bytes, whatever has been booked since."""
    grant = payment.grant
    context = {
        "payment": payment,
        "grant": grant,
        "state": payment.state,
        "coming": payment.coming,
        "months": grant.spending_months,
        "funding": Funding.of_grant(grant),
    }
    title = f"Mittelabruf {payment.number}: {grant.reference}"
    created = timezone.make_aware(datetime.combine(payment.requested_on, time(12)))
    return printed("payment_request", title, context, created)
