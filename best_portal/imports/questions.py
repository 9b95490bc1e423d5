"""A name in a list that may be one the portal knows: this one, or another?"""

from dataclasses import dataclass

# More questions than this nobody answers; the names are then taken as they are.
MOST_QUESTIONS = 50


@dataclass(frozen=True)
class Question:
    """A name and the known ones that come near it; `answer` is what was chosen, if anything.

    `told` is what else the list says of it, to compare with what is known of the others.
    """

    name: str
    spelling: str
    near: tuple
    answer: object
    told: str = ""
