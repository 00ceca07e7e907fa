"""Which app contributes what; called once by ChiboConfig.ready()."""


def connect():
    """Hand the contributions to the agenda and the digests to the diary, in a fixed order."""
    from assignments import contributions as assignments
    from documents import coverage as documents
    from meetings import contributions
    from meetings import coverage as meetings
    from meetings.services import agenda
    from members import activity
    from members import coverage as members

    agenda.offer(contributions.undiscussed_items)
    agenda.offer(assignments.open_assignments)
    for label, canonical in {**members.COVERAGE, **meetings.COVERAGE, **documents.COVERAGE}.items():
        activity.cover(label, canonical)
    activity.anchor(documents.anchors)
