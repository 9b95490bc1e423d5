"""Every address of the portal, composed from the apps' own; paths are German."""

from django.urls import include, path

from best_portal import post, views
from best_portal.health import ready
from best_portal.pages.views import page, security_txt
from best_portal.pattern import pattern, pattern_search
from best_portal.search.views import search, suggestions

handler400 = "best_portal.errors.bad_request"
handler403 = "best_portal.errors.permission_denied"
handler404 = "best_portal.errors.page_not_found"
handler500 = "best_portal.errors.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("sprache/", views.set_language, name="set_language"),
    path("darstellung/", views.set_theme, name="set_theme"),
    path("impressum/", page, {"name": "imprint"}, name="imprint"),
    path("datenschutz/", page, {"name": "privacy"}, name="privacy"),
    path("barrierefreiheit/", page, {"name": "accessibility"}, name="accessibility"),
    path("leichte-sprache/", page, {"name": "easy_language"}, name="easy_language"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("hilfe/", views.help_page, name="help"),
    path("muster/", pattern, name="pattern"),
    path("muster/suche/", pattern_search, name="pattern_search"),
    path("bereit/", ready, name="ready"),
    path("suche/", search, name="search"),
    path("suche/vorschlaege/", suggestions, name="search_suggestions"),
    path("post/", post.letters, name="letters"),
    path("post/liste.<str:ending>", post.export, name="letters_export"),
    path("post/<int:pk>/nochmals/", post.send_again, name="letter_send_again"),
    path("post/<int:pk>/verwerfen/", post.drop, name="letter_drop"),
    path("", include("best_portal.accounts.urls")),
    path("", include("best_portal.drafts.urls")),
    path("", include("best_portal.bin.urls")),
    path("", include("best_portal.pages.urls")),
    path("", include("best_portal.privacy.urls")),
    path("", include("districts.urls")),
    path("", include("enterprises.urls")),
    path("", include("consultations.urls")),
    path("", include("reports.urls")),
]
