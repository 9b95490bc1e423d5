"""The nouns of where: boroughs, areas, how one follows another, what to know of them."""

from districts.models.area import EAST, NORTH, SOUTH, WEST, Borough, District
from districts.models.context_note import ContextNote, NoteKind
from districts.models.succession import Succession, SuccessionKind
from districts.models.survey import QuestionKind, Survey, SurveyQuestion
from districts.models.survey_answers import SurveyReply, SurveyResponse

__all__ = [
    "EAST",
    "NORTH",
    "SOUTH",
    "WEST",
    "Borough",
    "ContextNote",
    "District",
    "NoteKind",
    "QuestionKind",
    "Succession",
    "SuccessionKind",
    "Survey",
    "SurveyQuestion",
    "SurveyReply",
    "SurveyResponse",
]
