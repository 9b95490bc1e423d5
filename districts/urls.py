"""Addresses of the neighbourhoods; paths are German."""

from django.urls import path

from districts import survey_views, views

app_name = "districts"

urlpatterns = [
    path("quartiere/", views.index, name="list"),
    path("quartiere/liste.<str:ending>", views.export, name="export"),
    path("quartiere/<slug:slug>/", views.detail, name="detail"),
    path("quartiere/<slug:slug>/nachfolge/", views.succeed, name="succeed"),
    path("quartiere/<slug:slug>/nachfolge/zurueck/", views.take_back, name="take_back"),
    path("quartiere/<slug:slug>/notizen/neu/", views.note_new, name="note_new"),
    path("quartiere/<slug:slug>/notizen/<int:pk>/", views.note_edit, name="note_edit"),
    path("umfragen/", survey_views.index, name="surveys"),
    path("umfragen/liste.<str:ending>", survey_views.surveys_export, name="surveys_export"),
    path("umfragen/neu/", survey_views.new, name="survey_new"),
    path("umfragen/<slug:slug>/", survey_views.answer, name="survey"),
    path("umfragen/<slug:slug>/danke/", survey_views.thanks, name="survey_thanks"),
    path("umfragen/<slug:slug>/ergebnis/", survey_views.figures, name="survey_results"),
    path(
        "umfragen/<slug:slug>/ergebnis/liste.<str:ending>",
        survey_views.export,
        name="survey_export",
    ),
    path("umfragen/<slug:slug>/verwalten/", survey_views.manage, name="survey_manage"),
    path("umfragen/<slug:slug>/bearbeiten/", survey_views.edit, name="survey_edit"),
    path("umfragen/<slug:slug>/veroeffentlichen/", survey_views.publish, name="survey_publish"),
    path("umfragen/<slug:slug>/beenden/", survey_views.end, name="survey_end"),
    path(
        "umfragen/<slug:slug>/fragen/liste.<str:ending>",
        survey_views.questions_export,
        name="questions_export",
    ),
    path("umfragen/<slug:slug>/fragen/neu/", survey_views.question_new, name="question_new"),
    path("umfragen/<slug:slug>/fragen/<int:pk>/", survey_views.question_edit, name="question"),
    path(
        "umfragen/<slug:slug>/fragen/<int:pk>/entfernen/",
        survey_views.question_remove,
        name="question_remove",
    ),
]
