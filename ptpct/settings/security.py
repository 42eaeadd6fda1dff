"""What browsers are told, and what is believed of a proxy."""

from csp.constants import NONE, SELF

from ptpct import env
from ptpct.settings.installation import HTTPS

SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.number("PTPCT_HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = bool(SECURE_HSTS_SECONDS)
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ptpct.signin.returning.form_expired"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env.flag("PTPCT_BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    # Only behind a proxy that sets the headers itself: otherwise a client could forge them.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "connect-src": [SELF],
        # The style sheet of Bootstrap Italia carries its small drawings inside itself.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# For so long the address of a refused sign-in is kept beside its record. What an access log of
# those who keep a system has to reach back, at the least, is six months (Garante per la protezione
# dei dati personali, 27 November 2008).
ADDRESS_DAYS = env.number("PTPCT_ADDRESS_DAYS", default=184, minimum=1)
