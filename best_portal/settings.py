"""Settings of the portal; every value that differs per machine comes from the environment.

README, "Running it for real", lists the variables.
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from best_portal.env import env_bool, env_int, env_list, env_secret, env_str

BASE_DIR = Path(__file__).resolve().parent.parent

# --- who is asking ---

SECRET_KEY = env_secret("SECRET_KEY")
# Former keys, for a while after a change: signed links and stored keys of apps stay readable.
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
# What evaluators' pseudonyms are made with, so that a study outlives a change of SECRET_KEY.
PSEUDONYM_KEY = env_secret("PSEUDONYM_KEY") if env_str("PSEUDONYM_KEY", "") else SECRET_KEY
if SECRET_KEY_FALLBACKS and not env_str("PSEUDONYM_KEY", ""):
    raise ImproperlyConfigured(
        "SECRET_KEY was changed, and evaluators' pseudonyms are made with it: set PSEUDONYM_KEY to "
        "the SECRET_KEY of their last export, or to a new secret where no study goes on."
    )
DEBUG = env_bool("DEBUG", False)
# Demo data brings a page that signs in with one click: never on a machine with real people in it.
DEMO = env_bool("DEMO", False)
# False only where the portal is tried on the own machine without a certificate.
HTTPS = env_bool("HTTPS", True)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
# What links in mails begin with.
PUBLIC_URL = env_str("PUBLIC_URL", "http://localhost:8000").rstrip("/")
# Who runs the portal: named in the header, the footer, the legal pages and every error page.
AGENCY = {
    "short": env_str("AGENCY_SHORT", "BEST"),
    "name": env_str(
        "AGENCY_NAME",
        "Berliner Entwicklungsagentur für Soziale Unternehmen und Stadtteilökonomie",
    ),
    "email": env_str("AGENCY_EMAIL", ""),
    "phone": env_str("AGENCY_PHONE", ""),
    "address": env_str("AGENCY_ADDRESS", ""),
    # Whom people are sent to from outside the funded neighbourhoods; empty names line 115.
    "elsewhere": env_str("AGENCY_ELSEWHERE", ""),
}
# Within how many days a report of a barrier is answered; promised on the accessibility statement.
# "Within a month" is what we found; nobody has confirmed the number of days.
BARRIER_ANSWER_DAYS = env_int("BARRIER_ANSWER_DAYS", 30, at_least=1)
# Whom to tell of a security hole: mailto: or https:. Empty: the agency's e-mail, else the legal
# notice.
SECURITY_CONTACT = env_str("SECURITY_CONTACT", "")
if DEMO and HTTPS:
    raise ImproperlyConfigured("DEMO is for trying the portal out and needs HTTPS=0.")

# --- the application ---

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_htmx",
    "best_portal.audit",
    "best_portal.outbox",
    "best_portal.accounts",
    "best_portal.imports",
    "best_portal.drafts",
    "best_portal.bin",
    "best_portal.pages",
    "districts",
    "enterprises",
    "consultations",
    "reports",
    "best_portal.privacy",
    "best_portal",
    # Last, so that our templates win over Django's for form widgets.
    "django.forms",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "best_portal.accounts.middleware.ReadableCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "best_portal.accounts.middleware.LanguageMiddleware",
    "best_portal.accounts.middleware.PrivatePagesMiddleware",
    "best_portal.drafts.middleware.DraftMiddleware",
    "best_portal.accounts.middleware.SessionAgeMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "best_portal.accounts.middleware.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "best_portal.urls"
WSGI_APPLICATION = "best_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "best_portal.navigation.portal",
                "best_portal.drafts.middleware.draft",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "kern"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- PostgreSQL, the truth ---

DATABASES = {
    "default": dj_database_url.parse(
        env_str("DATABASE_URL"),
        conn_max_age=env_int("DATABASE_CONN_MAX_AGE", 60),
        conn_health_checks=True,
    )
}
if "postgresql" not in DATABASES["default"]["ENGINE"]:
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database (15 or newer).")
# A page that waits for a lock or a runaway query answers with an error instead of piling up.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = " ".join(
    [
        f"-c statement_timeout={env_int('DATABASE_STATEMENT_TIMEOUT_MS', 30_000)}",
        f"-c lock_timeout={env_int('DATABASE_LOCK_TIMEOUT_MS', 5_000)}",
        f"-c idle_in_transaction_session_timeout={env_int('DATABASE_IDLE_TIMEOUT_MS', 60_000)}",
    ]
)
# Rate limits live beside the truth: they survive an emptied broker.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        # With Django's 300, a few hundred strangers would push the counts of others out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- Redis or Valkey, the doorbell ---


def broker_url(redis_url):
    """Return Celery's spelling of a Redis address; unix:// is what the rest of the world writes."""
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        return f"redis+socket://{unquote(parts.path)}?virtual_host=0"
    return redis_url


REDIS_URL = env_str("REDIS_URL")
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    # Two portals may share one Redis.
    "global_keyprefix": env_str("REDIS_KEY_PREFIX", "best:"),
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/Berlin"

# --- reports: how long a worker may be silent before its work goes to another ---

REPORT_LEASE_SECONDS = env_int("REPORT_LEASE_SECONDS", 60, at_least=1)
REPORT_HEARTBEAT_SECONDS = env_int("REPORT_HEARTBEAT_SECONDS", 10, at_least=1)
REPORT_SWEEP_SECONDS = env_int("REPORT_SWEEP_SECONDS", 10, at_least=1)
# A report nobody began is rung for again, but not more often than this.
REPORT_RING_AGAIN_SECONDS = env_int("REPORT_RING_AGAIN_SECONDS", 15, at_least=1)
# How many days before an answer or a deadline is due the managers get a mail.
QUERY_REMINDER_DAYS = env_int("QUERY_REMINDER_DAYS", 3, at_least=0)
DEADLINE_REMINDER_DAYS = env_int("DEADLINE_REMINDER_DAYS", 14, at_least=0)
REPORT_ATTEMPTS = env_int("REPORT_ATTEMPTS", 3, at_least=1)
if REPORT_HEARTBEAT_SECONDS * 2 > REPORT_LEASE_SECONDS:
    raise ImproperlyConfigured("REPORT_LEASE_SECONDS must last at least two heartbeats.")

# What beat does regularly, one line each; a sweep that waited too long is not worth doing twice.
CELERY_BEAT_SCHEDULE = {
    "sweep reports": {
        "task": "reports.tasks.sweep",
        "schedule": REPORT_SWEEP_SECONDS,
        "options": {"expires": 3 * REPORT_SWEEP_SECONDS},
    },
    "deliver letters": {
        "task": "best_portal.outbox.tasks.deliver_letters",
        "schedule": 10,
        "options": {"expires": 30},
    },
    "deliver text messages": {
        "task": "best_portal.outbox.tasks.deliver_text_messages",
        "schedule": 30,
        "options": {"expires": 60},
    },
    "remind of appointments": {
        "task": "consultations.tasks.sweep_appointments",
        "schedule": 60,
        "options": {"expires": 120},
    },
    "remind of group sessions": {
        "task": "consultations.tasks.sweep_registrations",
        "schedule": 60,
        "options": {"expires": 120},
    },
    "serve the waiting list": {
        "task": "consultations.tasks.serve_waiting_list",
        "schedule": 60,
        "options": {"expires": 120},
    },
    "send daily mails": {
        "task": "consultations.tasks.send_daily_mails",
        # Again and again in the morning, so that a worker that was down makes up for it.
        "schedule": crontab(hour="7-11", minute="*/15"),
        "options": {"expires": 600},
    },
    "ask for confirmations": {
        "task": "enterprises.tasks.ask_for_confirmations",
        # At hours at which mail is read; a day missed is made up for on the next.
        "schedule": crontab(hour="9-16", minute=20),
        "options": {"expires": 1800},
    },
    "read own calendars": {
        "task": "consultations.tasks.read_calendars",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
    "remind of what is due to funders": {
        "task": "reports.tasks.remind_of_due",
        "schedule": crontab(hour="7-11", minute=20),
        "options": {"expires": 600},
    },
    "tidy accounts": {
        "task": "best_portal.accounts.tasks.tidy_accounts",
        "schedule": crontab(hour=3, minute=30),
    },
    "forget answers": {
        "task": "consultations.tasks.forget_answers",
        "schedule": crontab(hour=3, minute=50),
    },
    "forget old imports": {
        "task": "best_portal.imports.tasks.forget_old_imports",
        "schedule": crontab(hour=3, minute=45),
    },
    "tidy documents": {
        "task": "enterprises.tasks.tidy_documents",
        "schedule": crontab(hour=3, minute=50),
    },
    "tend the directory": {
        "task": "enterprises.tasks.tend_directory",
        # In the morning, so that whoever is asked can call on the same day.
        "schedule": crontab(hour=8, minute=20),
    },
    "finish erasures": {
        "task": "best_portal.privacy.tasks.finish_erasures",
        "schedule": crontab(hour=3, minute=55),
    },
    "empty the bin": {
        "task": "best_portal.bin.tasks.empty_bin",
        "schedule": crontab(hour=3, minute=50),
    },
    "forget drafts": {
        "task": "best_portal.drafts.tasks.forget_drafts",
        "schedule": crontab(hour=3, minute=40),
    },
}

# What fills the case file besides its own facts: modules with KINDS of entries and PANELS, in the
# order in which they are offered. The contract: enterprises/timeline.py.
CASEFILE = [
    "enterprises.entries",
    "enterprises.document_entries",
    "enterprises.confirmation_entries",
    "enterprises.duplicate_entries",
    "enterprises.directory_entries",
    "enterprises.group_entries",
    "consultations.entries",
    "consultations.participants",
    "consultations.promise_entries",
    "consultations.joining",
    "consultations.idea_panels",
    "reports.aid_entries",
]

# What has something to say before a consultation is logged. Contract: consultations/cautions.py.
LOG_CAUTIONS = ["reports.aid_cautions"]

# Whose money pays for a project from when to when. Contract: consultations/operations.py.
OPERATIONS = ["reports.operations"]

# What knows in which periods facts were accounted for, before they are changed, and people, before
# two become one. The contract: enterprises/accounted.py.
ACCOUNTED = ["reports.accounted"]

# What fills the page of an area besides its own facts, in the order in which it stands there. The
# contract: districts/panels.py.
DISTRICT_PAGE = [
    "districts.survey_panels",
    "consultations.district_panels",
    "enterprises.district_panels",
    "reports.story_panels",
]

# What apps above add to the page of an entry of the directory: modules with ENTRY_PANELS of
# (title, template, context of an entry or None where there is nothing to show).
ENTRY_PAGE = ["reports.story_panels"]

# What apps above add to the page of a project: modules with PARTS of (template, context of a
# project and its reader, or None where this reader gets none).
PROJECT_PAGE = ["reports.project_parts"]

# What must be in other hands before an account is closed: modules with `in_hand`. The contract:
# best_portal/accounts/leaving.py.
IN_HAND = ["consultations.in_hand", "reports.in_hand"]

# What reads the calendars of advisors from the internet; only tests name another one.
CALENDAR_READER = "consultations.far_calendar.read"

# --- accounts ---

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "best_portal.accounts.adapters.AccountAdapter"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
# The code proves the address at every sign-in; a second proof would prove nothing more.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
# Ten minutes, because many an office's mail server lets strangers' mails wait first.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# At most 3 codes with 3 tries each per address in five minutes.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,3/5m/key",
    "try_login_code": "60/m/ip,9/5m/key",
    "signup": "10/h/ip",
    # Booking without an account; an office shares one address.
    "guest_hold": "60/h/ip",
    "guest_contact": "20/h/ip",
    # Telling of a barrier without an account.
    "barrier": "10/h/ip",
    # A survey at a street party comes from one address.
    "survey": "60/h/ip",
    # Checking whether a document is genuine.
    "check_document": "30/m/ip",
    # Three windows in which somebody types without a pause.
    "save_draft": "150/m/key",
    # Each paper is a process of its own for two seconds.
    "group_paper": "30/h/ip",
}
# How many proxies of ours stand before the portal: 0 means X-Forwarded-For is not believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env_int("TRUSTED_PROXIES", 0)
ACCOUNT_FORMS = {
    "request_login_code": "best_portal.accounts.forms.SignInForm",
    "confirm_login_code": "best_portal.accounts.forms.CodeForm",
}
MFA_ADAPTER = "best_portal.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "BEST"
MFA_FORMS = {
    "authenticate": "best_portal.accounts.forms.SecondFactorForm",
    "reauthenticate": "best_portal.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "best_portal.accounts.forms.ActivateForm",
}
# Sessions of people who see others' data end after an hour of silence, all after half a day.
SESSION_IDLE_SECONDS = env_int("SESSION_IDLE_MINUTES", 60, at_least=1) * 60
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-sid" if HTTPS else "sid"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
LANGUAGE_COOKIE_NAME = "language"
THEME_COOKIE = "theme"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
# Messages wait in the session, not in a cookie of their own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# --- the wall ---

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^bereit/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "best_portal.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        # KERN draws its icons as masks from data: addresses.
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
# A map server for the directory, such as https://tiles.example.org/{z}/{x}/{y}.png, and whom to
# credit. Empty: the map is made of our own outlines, and nobody else learns who looks at it.
MAP_TILES = env_str("MAP_TILES", "")
MAP_TILES_CREDIT = env_str("MAP_TILES_CREDIT", "")
if MAP_TILES:
    if not MAP_TILES.startswith("https://") or not MAP_TILES_CREDIT:
        raise ImproperlyConfigured("MAP_TILES needs an https:// address and MAP_TILES_CREDIT.")
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(
        f"https://{urlsplit(MAP_TILES).hostname}"
    )
PERMISSIONS_POLICY = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "fullscreen")
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# --- language, time, files ---

LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "best_portal" / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
STATIC_URL = "static/"
# True where `collectstatic` has run (the image): names carry a hash and may be kept for a year.
STATIC_MANIFEST = env_bool("STATIC_MANIFEST", False)
STATIC_ROOT = BASE_DIR / "staticfiles" if STATIC_MANIFEST else None
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    source
    for source in [
        BASE_DIR / "static",
        ("kern", NODE_MODULES / "@kern-ux" / "native" / "dist"),
        ("leaflet", NODE_MODULES / "leaflet" / "dist"),
        ("fira-sans", NODE_MODULES / "@fontsource" / "fira-sans" / "files"),
    ]
    # Commands run without the front-end packages, too.
    if (source[1] if isinstance(source, tuple) else source).is_dir()
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- the directory: no rule we know prescribes these days, so whoever runs the portal decides ---

ENTRY_ASK_AFTER_DAYS = env_int("ENTRY_ASK_AFTER_DAYS", 365, at_least=1)
ENTRY_GREY_AFTER_DAYS = env_int("ENTRY_GREY_AFTER_DAYS", 30, at_least=1)
ENTRY_ARCHIVE_AFTER_DAYS = env_int("ENTRY_ARCHIVE_AFTER_DAYS", 90, at_least=1)
if ENTRY_GREY_AFTER_DAYS >= ENTRY_ARCHIVE_AFTER_DAYS:
    raise ImproperlyConfigured("ENTRY_GREY_AFTER_DAYS must be less than ENTRY_ARCHIVE_AFTER_DAYS.")

# --- open data ---

# The licence of the directory as data. Berlin's administration mostly publishes under this one; no
# source we know prescribes it for an agency, so whoever runs the portal decides.
OPEN_DATA_LICENCE = env_str(
    "OPEN_DATA_LICENCE", "Datenlizenz Deutschland – Namensnennung – Version 2.0"
)
OPEN_DATA_LICENCE_URL = env_str("OPEN_DATA_LICENCE_URL", "https://www.govdata.de/dl-de/by-2-0")

# --- files people bring ---

# Where their bytes are kept: web and worker share it, no web server shows it.
FILES_ROOT = env_str("FILES_ROOT", "") or BASE_DIR / "var" / "files"
FILES_MAX_MB = env_int("FILES_MAX_MB", 20, at_least=1)
# ClamAV's daemon: tcp://host:3310 or unix:///run/clamav/clamd.sock. Empty: nobody is asked.
CLAMD = env_str("CLAMD", "")
CLAMD_TIMEOUT_SECONDS = env_int("CLAMD_TIMEOUT_SECONDS", 30, at_least=1)
if CLAMD and not CLAMD.startswith(("tcp://", "unix:///")):
    raise ImproperlyConfigured(f"CLAMD must be tcp://host:port or unix:///path, not {CLAMD!r}.")

# --- paper: what printing one report may cost ---

# From which share of the ceiling on an account of de minimis aid is listed and warned of.
DE_MINIMIS_NEAR_PERCENT = env_int("DE_MINIMIS_NEAR_PERCENT", 80, at_least=1)

# What reading the words of a PDF somebody brought may cost.
PDF_WORDS_MEMORY_MB = env_int("PDF_WORDS_MEMORY_MB", 512, at_least=128)
PDF_WORDS_SECONDS = env_int("PDF_WORDS_SECONDS", 20, at_least=1)

PDF_MEMORY_MB = env_int("PDF_MEMORY_MB", 1024, at_least=256)
PDF_CPU_SECONDS = env_int("PDF_CPU_SECONDS", 120, at_least=5)
PDF_WALL_SECONDS = env_int("PDF_WALL_SECONDS", 180, at_least=5)
# A longer list is bound in volumes of so many rows, printed side by side by so many presses. A row
# takes 0.25 MB and 9 ms: what the report itself prints stays below 300 MB and 10 seconds.
REPORT_LONGEST_LIST = env_int("REPORT_LONGEST_LIST", 700, at_least=1)
REPORT_VOLUME_ROWS = env_int("REPORT_VOLUME_ROWS", 400, at_least=1)
PDF_PRESSES = env_int("PDF_PRESSES", os.cpu_count() or 1, at_least=1)

# --- mail ---

EMAIL_BACKEND = env_str("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_FILE_PATH = env_str("EMAIL_FILE_PATH", "") or None
EMAIL_HOST = env_str("EMAIL_HOST", "localhost")
EMAIL_PORT = env_int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env_str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env_str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
# Whatever goes wrong: nobody gets more letters than this in 24 hours, all kinds together.
LETTERS_PER_DAY = env_int("LETTERS_PER_DAY", 20, at_least=1)
# The dotted path of what hands text messages to a gateway (best_portal/outbox/sms.py says how).
# Empty: nobody is offered any.
SMS_BACKEND = env_str("SMS_BACKEND", "")
SMS_FILE_PATH = env_str("SMS_FILE_PATH", "") or BASE_DIR / "var" / "mail"
# How long one text message may take; whoever answers later is not waited for.
# A timer that ran longer was probably forgotten: the log asks how long it really was. Half a
# working day; time trackers without such a question end up with records of hundreds of hours.
TIMER_ASKS_AFTER_MINUTES = env_int("TIMER_ASKS_AFTER_MINUTES", 240, at_least=1)
SMS_TIMEOUT_SECONDS = env_int("SMS_TIMEOUT_SECONDS", 15, at_least=1)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env_str("MAIL_FROM", "BEST <portal@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_str("LOG_LEVEL", "INFO")},
}
