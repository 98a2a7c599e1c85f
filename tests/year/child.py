"""What the scheduler starts in place of Python: has its command run by the mother, as its stand-in.

It bears the child's end: its exit status, or the signal that ended it. Told to end, it tells the
child; dead, it is followed by the child.
"""

import json
import os
import signal
import socket
import sys
from pathlib import Path

MOTHER = Path(__file__).resolve().parent / "mother.sock"


def main() -> None:
    if os.environ.get("EMBASSY_JOB") == "deep":  # these are begun as a user's are
        os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(str(MOTHER))
    words = sys.argv[sys.argv.index("embassy_scraper") + 1 :]
    order = {"words": words, "folder": str(Path.cwd()), "job": os.environ.get("EMBASSY_JOB")}
    socket.send_fds(connection, [json.dumps(order).encode()], [0, 1, 2])
    told = connection.makefile()
    pid = int(told.readline())
    signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGTERM))
    status = int(told.readline() or 70)
    if status < 0:
        signal.signal(-status, signal.SIG_DFL) if -status != signal.SIGKILL else None
        os.kill(os.getpid(), -status)
    sys.exit(status)


if __name__ == "__main__":
    main()
