"""Sentences about failures that are nobody's fault who uses the desk."""

STORE_TROUBLE = (
    "The desk cannot keep anything at the moment, and nothing was changed. Please try"
    " again in a few minutes."
)
DIALOG_NOT_OPENED = "Slack did not open the dialog: please try again."


def crashed(reference: str) -> str:
    """Return the answer to a request that crashed; the log contains the same `reference`."""
    return (
        "Something went wrong on our side and nothing was changed. Please try again; if it"
        f" happens again, give the support team this reference: {reference}."
    )
