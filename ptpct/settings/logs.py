"""What is written about the running site."""

from ptpct import env

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
        # Whatever is wrong with a file that anybody brings is answered to them.
        "pyhanko": {"level": "CRITICAL"},
        "pypdf": {"level": "CRITICAL"},
    },
}
