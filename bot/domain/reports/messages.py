"""The messages that report to managers and subscribers."""

from dataclasses import dataclass
from typing import ClassVar

from bot.domain.reports.digest import Digest, Review


@dataclass(frozen=True, slots=True)
class DigestMessage:
    """The digest as text."""

    kind: ClassVar[str] = "digest"
    digest: Digest


@dataclass(frozen=True, slots=True)
class DigestPicture:
    """The chart of the digest's attainment, in the digest's thread."""

    kind: ClassVar[str] = "digest_picture"
    digest: Digest


@dataclass(frozen=True, slots=True)
class DigestCsv:
    """A digest or a review as a CSV file."""

    kind: ClassVar[str] = "digest_csv"
    report: Digest | Review


ReportMessage = DigestMessage | DigestPicture | DigestCsv
