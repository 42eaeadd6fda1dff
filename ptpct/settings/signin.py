"""People and how they sign in: what the libraries are told (see docs/decisions/0010)."""

from django.core.exceptions import ImproperlyConfigured

from ptpct import env
from ptpct.settings.installation import HTTPS, NAMED_HOSTS

AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "ptpct.signin.accounts.PersonBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "ptpct.signin.passwords.LengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "ptpct.signin.passwords.HousePasswordValidator"},
]
LOGIN_URL = "/accedi/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL

SESSION_ENGINE = "ptpct.signin.session_store"
# A working day, and no longer than the browser stays open: counters are shared machines.
SESSION_COOKIE_AGE = env.number("PTPCT_SESSION_HOURS", default=10, minimum=1) * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
IDLE_MINUTES = env.number("PTPCT_IDLE_MINUTES", default=60, minimum=1)

# --- Accounts --------------------------------------------------------------------------------

ACCOUNT_ADAPTER = "ptpct.signin.accounts.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "ptpct.signin.provider.ProviderAdapter"
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
    # an account at one place; a browser in which the person came in before; the account from
    # everywhere else (ptpct.signin.attempts)
    "login_failed": "20/m/ip,5/5m/key",
    "login_failed_known": "5/5m/key",
    "login_failed_account": "50/h/key",
    "reset_password": "20/m/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    # no sign-in: the page of verification is open to anybody, and reads what it is brought
    "verify": "20/m/ip",
    # nor for what anybody says of a draft: from one place, and on one plan
    "contribution": "10/h/ip,100/h/key",
    "contribution_confirm": "30/m/ip",
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
OIDC_NAME = env.text("PTPCT_OIDC_NAME", default="Accesso dell’amministrazione")
# Many providers say nothing about their addresses, because only they write them.
OIDC_TRUST_ADDRESSES = env.flag("PTPCT_OIDC_TRUST_ADDRESSES", default=False)
OIDC_SECRET_BY = env.choice("PTPCT_OIDC_SECRET_BY", default="auto", among=("auto", "basic", "post"))
# What a provider calls the groups of a person; the table of each body says what they give.
OIDC_GROUPS_CLAIM = env.text("PTPCT_OIDC_GROUPS_CLAIM", default="")
# Some tell groups to whoever asks for them alone, and tell none of somebody who is in none.
OIDC_SCOPES = env.items("PTPCT_OIDC_SCOPES")
OIDC_NO_GROUPS = env.choice("PTPCT_OIDC_NO_GROUPS", default="keep", among=("keep", "end"))
if OIDC and NAMED_HOSTS and not OIDC[0].startswith("https://"):
    raise ImproperlyConfigured(
        f"PTPCT_OIDC_SERVER_URL: «{OIDC[0]}» deve iniziare con https://: chi sta in mezzo potrebbe "
        "dire di essere chiunque."
    )
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
                "settings": {
                    "server_url": OIDC[0],
                    "scope": ["openid", "profile", "email", *OIDC_SCOPES],
                    "trusts_addresses": OIDC_TRUST_ADDRESSES,
                    "secret_by": OIDC_SECRET_BY,
                    "groups_claim": OIDC_GROUPS_CLAIM,
                    "no_groups": OIDC_NO_GROUPS,
                },
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
