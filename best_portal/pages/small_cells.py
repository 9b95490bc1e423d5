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
