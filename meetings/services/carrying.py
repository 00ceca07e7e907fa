"""What meetings take over from earlier ones, so that nothing agreed is forgotten."""


def settle(cell, *, by):
    """Put every undiscussed item of a cell into its next draft of a regular meeting; called by whoever moves one."""


def freeze_review(meeting, *, by):
    """At the close: keep the review as it stood, for the minutes and for the history of each thing."""
