"""Reminders around a meeting, planned in the transaction that causes them."""


def plan_reminders(meeting):
    """After notify and reschedule: the day before to everybody, progress asked of the owners of open tasks."""


def withdraw_reminders(meeting):
    """After cancel: what was planned about this meeting and is not sent."""


def papers_wanted(meeting):
    """Hold the reminders to whoever still owes a paper or draft of an item against the items as they stand."""


def tell_read_back(meeting, *, by):
    """After the close: minutes wait to be read back and adopted."""
