"""The metrics that a plan can promise."""

from enum import StrEnum


class Metric(StrEnum):
    """The metric of a promise. Each clock of a ticket measures a single metric.

    The shipped plans promise only `first_response`; the other metrics are for negotiated plans.
    """

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    UPDATE = "update"
    RESOLUTION = "resolution"

    @property
    def words(self) -> str:
        """Return the metric as text within a sentence, such as "first response"."""
        return self.value.replace("_", " ")


FURTHER = (Metric.NEXT_RESPONSE, Metric.UPDATE, Metric.RESOLUTION)
