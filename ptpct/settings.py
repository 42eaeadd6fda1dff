"""Settings of every installation, from the demo on one machine to production.

One file; what differs between installations comes from environment variables, read by
``ptpct.env`` and listed in ``docs/deployment.md``. Without any of them the project runs on
127.0.0.1 with SQLite under ``var/``.
"""

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels
from django.core.exceptions import ImproperlyConfigured
from import_export.formats.base_formats import CSV, XLSX

from ptpct import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("PTPCT_VAR_DIR", default=str(BASE_DIR / "var")))
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")

# --- The installation ------------------------------------------------------------------------

DEBUG = env.flag("PTPCT_DEBUG", default=False)
SECRET_KEY = env.secret("PTPCT_SECRET_KEY", file=VAR_DIR / "secret-key")
ALLOWED_HOSTS = env.hosts("PTPCT_ALLOWED_HOSTS", default=LOCAL_HOSTS)
CSRF_TRUSTED_ORIGINS = env.origins("PTPCT_CSRF_TRUSTED_ORIGINS")

# --- Apps and middleware ---------------------------------------------------------------------

INSTALLED_APPS = [
    "ptpct.apps.ProjectConfig",
    "ptpct.apps.RegisterAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Before staticfiles, so that runserver serves the static files as production does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "rules.apps.AutodiscoverRulesConfig",
    "simple_history",
    "import_export",
    "concurrency",
    "django_htmx",
    "bootstrap_italia_template",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
    "registry.apps.RegistryConfig",
    "risk.apps.RiskConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every page is closed unless its view says `login_not_required`.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ptpct.signin.sessions.IdleMiddleware",
    "ptpct.signin.sessions.SecondFactorMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "registry.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "ptpct.urls"
WSGI_APPLICATION = "ptpct.wsgi.application"
ASGI_APPLICATION = "ptpct.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Bootstrap names its red "danger".
MESSAGE_TAGS = {message_levels.ERROR: "danger"}

# --- Database --------------------------------------------------------------------------------

# No ATOMIC_REQUESTS: refused attempts are recorded after the rollback (docs/decisions/0001).
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{VAR_DIR / 'ptpct.sqlite3'}",
        conn_max_age=env.number("PTPCT_DB_CONN_MAX_AGE", default=60),
        conn_health_checks=True,
    ),
}

match DATABASES["default"]["ENGINE"]:
    case "django.db.backends.sqlite3":
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        DATABASES["default"]["OPTIONS"] = {
            # Taking the write lock at BEGIN makes a second writer wait instead of failing.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode = WAL;"
                "PRAGMA synchronous = NORMAL;"
                "PRAGMA foreign_keys = ON;"
                "PRAGMA busy_timeout = 20000;"
            ),
        }
    case "django.db.backends.postgresql":
        pass
    case engine:
        raise ImproperlyConfigured(
            f"DATABASE_URL: motore «{engine}» non previsto (sqlite:// oppure postgres://)."
        )

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# --- People ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "ptpct.signin.accounts.PersonBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/accedi/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL

# A working day, and no longer than the browser stays open: counters are shared machines.
SESSION_COOKIE_AGE = env.number("PTPCT_SESSION_HOURS", default=10, minimum=1) * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
IDLE_MINUTES = env.number("PTPCT_IDLE_MINUTES", default=60, minimum=1)

# --- Language and time -----------------------------------------------------------------------

LANGUAGE_CODE = "it"
# Italian is the source language of the screen text; other languages are catalogues in locale/.
LANGUAGES = [("it", "Italiano")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "ptpct.formats"
TIME_ZONE = "Europe/Rome"
# The demo tells a story of its own time; an installation at work leaves this empty.
TODAY = env.day("PTPCT_TODAY")
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# --- Records and their versions --------------------------------------------------------------

# The project makes its own triggers; those of the library would be a second set of rules.
CONCURRENCY_AUTO_CREATE_TRIGGERS = False

# --- Static and stored files -----------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
# A block copied from a spreadsheet is a field of a form: beyond 5 MB the page itself refuses it,
# with the text kept.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8_000_000
# Without JavaScript a matrix is sent whole, one field a ticked box: 40 behaviours on 60 phases and
# actions are 2,400. The memory limit above and the limit of the matrix itself still hold.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 25_000
# A request with files, whole; each page asks for less of its own.
UPLOAD_MAX_BYTES = 72 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_HANDLERS = [
    "ptpct.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Beside the database, not in the folder all programs of the machine share; read by nobody else.
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
# Nothing uploaded is ever served by the web server: there is no MEDIA_URL in the addresses.
MEDIA_URL = ""

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    },
    # The confirm step of an import may be answered by another process than the upload was.
    "import_export": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "import"},
    },
    # Files prepared by a job, for a day; given only by a page that checks the right to them.
    "jobs": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "jobs"},
    },
}

# Seen by all the processes of one machine: who has a page open, how often a sign-in was tried.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
        # With the few hundred of the default, a flood of names would push the counters out.
        "OPTIONS": {"MAX_ENTRIES": 5_000},
    },
}

# --- Long work ---------------------------------------------------------------------------------

# "database": a worker beside the site does it (`manage.py run_worker`); "immediate": the page that
# asks waits for it, for an installation without a worker.
TASK_ENGINE = env.choice("PTPCT_TASKS", default="database", among=("database", "immediate"))
TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend"},
    "immediate": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
}

# --- Import and export -----------------------------------------------------------------------

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.MediaStorage"
IMPORT_EXPORT_FORMATS = [XLSX, CSV]

# --- Security --------------------------------------------------------------------------------

# Named hosts mean a network, and a network means HTTPS unless said otherwise.
HTTPS = env.flag("PTPCT_HTTPS", default=set(ALLOWED_HOSTS) != set(LOCAL_HOSTS))
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.number("PTPCT_HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = bool(SECURE_HSTS_SECONDS)
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
if env.flag("PTPCT_BEHIND_PROXY", default=False):
    # Only behind a proxy that sets the headers itself: otherwise a client could forge them.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "connect-src": [SELF],
        # The style sheet of Bootstrap Italia carries its small drawings and one font inside itself.
        "img-src": [SELF, "data:"],
        "font-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- Mail ------------------------------------------------------------------------------------

EMAIL_HOST = env.text("PTPCT_EMAIL_HOST", default="")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
_MAIL = env.choice("PTPCT_EMAIL_SECURITY", default="starttls", among=("starttls", "tls", "none"))
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL == "starttls", _MAIL == "tls"
EMAIL_PORT = env.number(
    "PTPCT_EMAIL_PORT", default={"starttls": 587, "tls": 465, "none": 25}[_MAIL], minimum=1
)
EMAIL_HOST_USER = env.text("PTPCT_EMAIL_USER", default="")
EMAIL_HOST_PASSWORD = env.text("PTPCT_EMAIL_PASSWORD", default="")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text(
    "PTPCT_EMAIL_FROM", default=f"registro@{ALLOWED_HOSTS[0]}"
)
# Where the links in the mails lead: never taken from a request, whose host a stranger chooses.
SITE_URL = env.origin(
    "PTPCT_SITE_URL",
    default=f"https://{ALLOWED_HOSTS[0]}" if HTTPS else f"http://{ALLOWED_HOSTS[0]}:8000",
)

# --- Sign-in: what the library is told (see docs/decisions/0010) ------------------------------

ACCOUNT_ADAPTER = "ptpct.signin.accounts.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "ptpct.signin.accounts.ProviderAdapter"
MFA_ADAPTER = "ptpct.signin.accounts.SecondFactorAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
# Nobody signs up; the library still wants to know what an account consists of.
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Whoever asks for a link to an address nobody has must not make this house write to strangers.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_FORMS = {
    "login": "registry.forms.accounts.SignInForm",
    "reset_password": "registry.forms.accounts.ResetPasswordForm",
    "reset_password_from_key": "registry.forms.accounts.NewPasswordForm",
    "change_password": "registry.forms.accounts.ChangePasswordForm",
    "reauthenticate": "registry.forms.accounts.ConfirmPasswordForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
# Addresses are written by whoever invites, never by the person: there is nothing to verify first.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Registro dei rischi corruttivi"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "registry.forms.accounts.CodeForm",
    "reauthenticate": "registry.forms.accounts.ConfirmCodeForm",
    "activate_totp": "registry.forms.accounts.ActivateForm",
}
# Whoever runs the whole may not hang on a password alone; the local machine is for trying out.
MFA_FOR_RPCT = env.flag("PTPCT_MFA_FOR_RPCT", default=HTTPS)

# An identity provider of the body, off unless all three are named.
OIDC = env.together("PTPCT_OIDC_SERVER_URL", "PTPCT_OIDC_CLIENT_ID", "PTPCT_OIDC_CLIENT_SECRET")
OIDC_NAME = env.text("PTPCT_OIDC_NAME", default="Accesso dell’ente")
SOCIALACCOUNT_PROVIDERS = {}
if OIDC:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "ente",
                "name": OIDC_NAME,
                "client_id": OIDC[1],
                "secret": OIDC[2],
                "settings": {"server_url": OIDC[0]},
            }
        ],
    }
# A link, not a form: the policy lets forms go nowhere but to the site itself.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
# Matched by address each time, so that nobody comes in by an address that is no longer theirs.
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False

# --- Logging ---------------------------------------------------------------------------------

LOG_LEVEL = env.choice(
    "PTPCT_LOG_LEVEL", default="INFO", among=("DEBUG", "INFO", "WARNING", "ERROR")
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False},
        "registry": {"level": LOG_LEVEL},
        "risk": {"level": LOG_LEVEL},
        # Each glyph missing from a font is one line for WeasyPrint and noise for a clerk.
        "fontTools": {"level": "ERROR"},
    },
}
