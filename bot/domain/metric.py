"""What a plan can promise about a ticket."""

from enum import StrEnum


class Metric(StrEnum):
    """`first_response` is all that the shipped plans promise; the others are for negotiated
    plans, and each clock of a ticket is one of them."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    UPDATE = "update"
    RESOLUTION = "resolution"

    @property
    def words(self) -> str:
        """ "first response", as it stands in a sentence."""
        return self.value.replace("_", " ")


FURTHER = (Metric.NEXT_RESPONSE, Metric.UPDATE, Metric.RESOLUTION)
