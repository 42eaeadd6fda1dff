"""A limit of the process stands for the end of the disk: the system answers as it does then."""

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_file_longer_than(count: int) -> Iterator[None]:
    """Let no file have more than so many bytes while the block runs; what was longer stays."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # the interpreter would keep what it compiles meanwhile, cut off, and stumble over it ever after
    writes_none, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, hard))
    try:
        yield
    finally:
        sys.dont_write_bytecode = writes_none
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
