"""What is written about the running site."""

from pythonjsonlogger.core import RESERVED_ATTRS

from ptpct import env

LOG_LEVEL = env.choice(
    "PTPCT_LOG_LEVEL", default="INFO", among=("DEBUG", "INFO", "WARNING", "ERROR")
)
# "line" for people; "json" for programs that collect logs: one object a line.
LOG_FORMAT = env.choice("PTPCT_LOG_FORMAT", default="line", among=("line", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {name} [{request_id}]: {message}",
            "style": "{",
        },
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": ["levelname", "name", "message", "request_id", "address", "status_code"],
            "rename_fields": {"levelname": "level", "name": "logger"},
            # what Django puts on its lines besides is no plain value
            "reserved_attrs": [*RESERVED_ATTRS, "request", "server_time", "sql", "params"],
            "timestamp": "at",
            "json_ensure_ascii": False,
        },
    },
    "filters": {
        "trace": {"()": "registry.tracing.TraceFilter"},
        "refusal": {"()": "registry.tracing.RefusalFilter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["trace", "refusal"],
        },
    },
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
