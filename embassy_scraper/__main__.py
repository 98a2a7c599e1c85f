"""``python -m embassy_scraper`` is the console script."""

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # until a verb listens, end at
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # once, and not with a traceback of imports

from embassy_scraper.commands import main

if __name__ == "__main__":
    main()
