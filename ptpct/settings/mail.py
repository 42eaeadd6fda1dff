"""How mail leaves."""

from ptpct import env
from ptpct.settings.installation import ALLOWED_HOSTS

EMAIL_HOST = env.text("PTPCT_EMAIL_HOST", default="")
EMAIL_BACKEND = f"ptpct.mail.{'Smtp' if EMAIL_HOST else 'Console'}Backend"
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
