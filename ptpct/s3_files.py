"""Files of several hosts in S3, or in what answers like it, which says so when it is away.

Read only where `PTPCT_FILES` names a bucket: the libraries have a list of their own,
`requirements-hosts.txt`.
"""

import errno
import logging
from collections.abc import Callable
from contextlib import ExitStack
from copy import copy
from functools import cached_property, wraps
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage, s3transfer

from registry.system_faults import FilesAwayError

logger = logging.getLogger(__name__)

CONNECT_SECONDS, ANSWER_SECONDS = 2, 20
LOOK_SECONDS = 2
"""How long is waited by whoever only asks whether it answers, each for connection and answer."""
_CUT = s3transfer.exceptions.RetriesExceededError
"""A file that stopped on its way, each time it was asked for."""
_ASKED = ("_open", "_save", "delete", "exists", "size", "listdir", "get_modified_time")


def _told_away(name: str) -> Callable[..., Any]:
    ask = getattr(BucketStorage, name)

    @wraps(ask)
    def asked(*arguments: Any, **named: Any) -> Any:
        try:
            return ask(*arguments, **named)
        except (BotoCoreError, ClientError, _CUT) as error:
            logger.error("the files of the hosts cannot be reached: %s", error)
            raise FilesAwayError(errno.EHOSTUNREACH, str(error)) from error

    return asked


class BucketStorage(S3Storage):
    """One store as a folder of a bucket.

    What cannot be reached, and what is kept otherwise than it was given, raise `FilesAwayError`.
    """

    def __init__(self, **settings: Any) -> None:
        patience = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            retries={"total_max_attempts": 2},
            s3={"addressing_style": "path"},
            # in pieces with a sum behind, as is the default, some servers keep the sum as well
            # (findings/s3_sums_kept_in_files.sh): what a file is, its digest in the register says
            request_checksum_calculation="when_required",
        )
        super().__init__(client_config=patience, file_overwrite=False, **settings)

    @cached_property
    def at_a_look(self) -> "BucketStorage":
        """The same store for whoever asks whether it answers: asked once, and not for long."""
        store = copy(self)
        haste = {"connect_timeout": LOOK_SECONDS, "read_timeout": LOOK_SECONDS}
        once = Config(**haste, retries={"total_max_attempts": 1})
        store.client_config = self.client_config.merge(once)
        return store

    def _open(self, name: str, mode: str = "rb") -> File:
        opened = super()._open(name, mode)
        if "r" in mode:
            with ExitStack() as failed:
                failed.callback(opened.close)
                # brought here at once, as a whole: one that fails on its way is away like any other
                opened.open()
                failed.pop_all()
        return opened

    def _save(self, name: str, content: File) -> str:
        kept = super()._save(name, content)
        if self.size(kept) != content.size:
            self.delete(kept)
            raise FilesAwayError(errno.EIO, f"kept otherwise than given: {kept}")
        return kept


for _name in _ASKED:
    setattr(BucketStorage, _name, _told_away(_name))
