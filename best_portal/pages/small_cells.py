"""Small numbers in public figures: which are told, and which say only that they are small.

Pure functions: numbers in, numbers out, None where one is hidden.
"""


def told(numbers, fewest, *, adds_up=True):
    """The numbers as everyone may read them: 0 is told, fewer than `fewest` are not.

    Where the numbers add up to a total that is told, one hidden alone could be reckoned back: the
    smallest of the others is hidden with it.
    """
    shown = [None if 0 < number < fewest else number for number in numbers]
    if adds_up and shown.count(None) == 1:
        others = [(number, place) for place, number in enumerate(shown) if number]
        if others:
            shown[min(others)[1]] = None
    return shown


def told_of_sums(numbers, fewest, sums):
    """The same for named figures of which some add up: {name: number} in, {name: number or None}.

    `sums` are pairs (name of the total, names of its parts); a total that is not among the figures
    counts as known. No hidden number follows from those told: of each sum at least two are hidden
    or none, and hidden parts are more together than one each.
    """
    shown = {name: None if 0 < number < fewest else number for name, number in numbers.items()}
    while name := next(filter(None, (_next_hidden(numbers, shown, *each) for each in sums)), None):
        shown[name] = None
    return shown


def _next_hidden(numbers, shown, total, parts):
    """What must be hidden next for a sum to keep its secret: the smallest part, else the total."""
    parts = [name for name in parts if name in shown]
    hidden = [name for name in parts if shown[name] is None]
    others = [(numbers[name], place) for place, name in enumerate(parts) if shown[name]]
    if total in shown and shown[total] is None:
        gives_away = not hidden
    else:
        # Nought is told: each hidden part is one at least.
        gives_away = bool(hidden) and (
            len(hidden) == 1 or sum(numbers[name] for name in hidden) == len(hidden)
        )
    if not gives_away:
        return None
    if others:
        return parts[min(others)[1]]
    return total if shown.get(total) else None
