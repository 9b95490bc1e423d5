"""Addresses of the entrance and of accounts; the first list bears the names allauth asks for."""

from django.urls import include, path

from best_portal.accounts import staff, views

own = [
    path("konto/", views.profile, name="profile"),
    path("konto/ueberall-abmelden/", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("konten/", staff.accounts, name="list"),
    path("konten/liste.<str:ending>", staff.export, name="export"),
    path("konten/neu/", staff.invite, name="invite"),
    path("konten/<int:pk>/", staff.edit, name="edit"),
    path("konten/<int:pk>/einladen/", staff.invite_again, name="invite_again"),
    path(
        "konten/<int:pk>/zweiter-faktor-entfernen/",
        staff.remove_second_factor,
        name="remove_second_factor",
    ),
]
urlpatterns = [
    path("anmelden/", views.SignInView.as_view(), name="account_login"),
    path("anmelden/", views.SignInView.as_view(), name="account_request_login_code"),
    path("anmelden/code/", views.CodeView.as_view(), name="account_confirm_login_code"),
    path("anmelden/zweiter-faktor/", views.authenticate, name="mfa_authenticate"),
    path("registrieren/", views.RegisterView.as_view(), name="account_signup"),
    path("abmelden/", views.SignOutView.as_view(), name="account_logout"),
    path("konto/", views.profile, name="mfa_index"),
    path("konto/bestaetigen/", views.reauthenticate, name="mfa_reauthenticate"),
    path("konto/zweiter-faktor/", views.ActivateView.as_view(), name="mfa_activate_totp"),
    path(
        "konto/zweiter-faktor/entfernen/",
        views.DeactivateView.as_view(),
        name="mfa_deactivate_totp",
    ),
    path("konto/notfallcodes/", views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "konto/notfallcodes/neu/",
        views.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "konto/notfallcodes/datei/",
        views.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("demo/", views.demo, name="demo"),
    path("", include((own, "accounts"))),
]
