"""Files of several hosts in S3, or in what answers like it, which says so when it is away.

Read only where `PTPCT_FILES` names a bucket: the libraries have a list of their own,
`requirements-hosts.txt`.
"""

import errno
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from registry.system_faults import FilesAwayError

logger = logging.getLogger(__name__)

CONNECT_SECONDS, ANSWER_SECONDS = 2, 20
_ASKED = ("_open", "_save", "delete", "exists", "size", "listdir", "get_modified_time")


def _told_away(name: str) -> Callable[..., Any]:
    ask = getattr(S3Storage, name)

    @wraps(ask)
    def asked(*arguments: Any, **named: Any) -> Any:
        try:
            return ask(*arguments, **named)
        except (BotoCoreError, ClientError) as error:
            logger.error("the files of the hosts cannot be reached: %s", error)
            raise FilesAwayError(errno.EHOSTUNREACH, str(error)) from error

    return asked


class BucketStorage(S3Storage):
    """One store as a folder of a bucket. What cannot be reached raises `FilesAwayError`."""

    def __init__(self, **settings: Any) -> None:
        patience = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            retries={"total_max_attempts": 2},
            s3={"addressing_style": "path"},
        )
        super().__init__(client_config=patience, file_overwrite=False, **settings)


for _name in _ASKED:
    setattr(BucketStorage, _name, _told_away(_name))
