"""The programs the site is made of, and what each request goes through."""

from django.contrib.messages import constants as message_levels

from ptpct.settings.installation import BASE_DIR

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
    # First, so that whatever is said of a request carries its id.
    "ptpct.tracing.TraceMiddleware",
    "ptpct.metrics.MetricsMiddleware",
    "ptpct.watching.WithoutPersonMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "ptpct.compression.PageGZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Around whatever writes, sessions and refusals too; who finds no place is answered innermost.
    "ptpct.busy.PlacesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before the marks of forms are looked at: one that was shown again has a ticket instead.
    "ptpct.signin.kept_forms.SentAgainMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    # It keeps what was typed in a form with a mark, and asks the database for nothing else.
    "ptpct.busy.UpgradingMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Around whatever answers from here on, redirects and refusals too.
    "ptpct.signin.sessions.NoStoreMiddleware",
    # Every page is closed unless its view says `login_not_required`.
    "ptpct.signin.way_back.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ptpct.signin.sessions.IdleMiddleware",
    "ptpct.signin.sessions.SecondFactorMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "registry.middleware.RefusalMiddleware",
    "registry.middleware.ActMiddleware",
    "ptpct.busy.BusyMiddleware",
]

ROOT_URLCONF = "ptpct.urls"
WSGI_APPLICATION = "ptpct.wsgi.application"
ASGI_APPLICATION = "ptpct.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "ptpct.quick_values.QuickLoader",
                    [
                        "ptpct.unindented.UnindentedLoader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "libraries": {"i18n": "ptpct.wording"},
            "builtins": ["ptpct.addresses"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The tags of translation stand in the place of Django's own, under the same name: on purpose.
SILENCED_SYSTEM_CHECKS = ["templates.W003"]

FORM_RENDERER = "ptpct.widgets.WidgetRenderer"

# Bootstrap names its red "danger".
MESSAGE_TAGS = {message_levels.ERROR: "danger"}

# --- Records and their versions --------------------------------------------------------------

# The project makes its own triggers; those of the library would be a second set of rules.
CONCURRENCY_AUTO_CREATE_TRIGGERS = False
