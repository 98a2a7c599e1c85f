"""What a process of the fuzzer may take of the machine."""

import resource

_SPACE = 4_000_000_000  # bytes of addresses: a reader that wants more fails, not the machine
_LARGEST_FILE = 500_000_000


def limit_process() -> None:
    """Let this process, from now on, take no more of the machine than a finding may."""
    resource.setrlimit(resource.RLIMIT_AS, (_SPACE, _SPACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
