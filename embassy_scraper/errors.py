"""The error tree: every message says what is wrong, where, and what to do."""


class EmbassyError(Exception):
    """Something could not be done; the message is one line for the person at the keyboard."""


class ManifestError(EmbassyError):
    """A ``manifest.tsv`` that cannot be followed."""


class CaptureRejected(EmbassyError):
    """A capture that cannot be stored: it has no instant, is too large, or is damaged.

    Attributes:
        what: short name of the reason, the ``what`` of its row in ``problems``.
        message: the line for the person at the keyboard.
        where: place inside the file (a record's offset), or ``""``.
        evidence: what tells the rejected thing from others, the same on any machine.
    """

    def __init__(self, what: str, message: str, where: str = "", evidence: str = "") -> None:
        """Take the reason in a word, as a message, and where it is found."""
        super().__init__(what, message, where, evidence)  # all of them, so that it can be pickled
        self.what = what
        self.message = message
        self.where = where
        self.evidence = evidence

    def __str__(self) -> str:
        return self.message


class RawCaptureMissing(EmbassyError):
    """A stored capture whose record is not where the database says it is, or reads differently."""


class RawCapturesLost(RawCaptureMissing):
    """Stored captures that cannot be read again: their raw records are lost or damaged.

    Attributes:
        captures: their ids.
    """

    def __init__(self, message: str, captures: frozenset[str]) -> None:
        """Take the message, and the ids of the captures that are lost."""
        super().__init__(message)
        self.captures = captures


class DatabaseError(EmbassyError):
    """The database cannot be opened, or is not one of ours."""


class ArchiveAnswerError(EmbassyError):
    """An answer of a web archive's index that is not what it should be."""


class ClusterError(EmbassyError):
    """A Dask cluster that is not there, or is lost."""


class OutputError(EmbassyError):
    """A place that a report cannot be written to."""


class ConfigError(EmbassyError):
    """``embassy.toml`` cannot be read or holds a value that makes no sense."""


class AlertError(EmbassyError):
    """An alert that cannot be sent; what it tells is kept."""


class TimestampError(EmbassyError):
    """A time-stamping authority that does not answer, refuses, or signs another thing."""


class ServeError(EmbassyError):
    """The history could not be served."""


class NotHere(EmbassyError):
    """There is no such page: what was asked for and where to look."""


class BadRequest(EmbassyError):
    """What was asked for makes no sense: what, and how to ask."""
