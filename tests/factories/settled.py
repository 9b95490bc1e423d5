"""What a small frozen document says of a part of its figure, and of the settlement of its grant."""

PART = {
    "label": "im Büro",
    "in_period": "1",
    "cumulated": "1",
    "is_within": True,
    "counted": "3",
    "counted_since": "3",
}
SETTLEMENT = {
    **dict.fromkeys(("own", "third", "other_grants", "further", "repayment"), "0.00"),
    "spent": "150.00",
    "eligible": "140.00",
    "received": "140.00",
    "due": "140.00",
    "own_share": "10.00",
    "balance": "-10.00",
}
PAID = {"number": 1, "requested_on": "2024-03-01", "paid_on": "2024-03-15", "amount": "140.00"}
TERMS = {
    "amount": "1000.00",
    "financing": "gap",
    "rate": None,
    "first_day": "2024-01-01",
    "pay_until": "2024-12-31",
    "payments": [PAID],
}
