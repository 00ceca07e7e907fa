"""Which app contributes what; called once by ChiboConfig.ready()."""


def connect():
    """Hand the contributions to the agenda and the digests to the diary, in a fixed order."""
    from assignments import diary_entries as task_days
    from assignments import mailed as task_mails
    from documents import coverage as documents
    from meetings import coverage as meetings
    from meetings import diary_entries as meetings_diary
    from meetings import mailed as meetings_mailed
    from members import activity, backends
    from members import coverage as members
    from notices import actions, calendar
    from notices import queries as notices

    for label, canonical in {**members.COVERAGE, **meetings.COVERAGE, **documents.COVERAGE}.items():
        activity.cover(label, canonical)
    activity.anchor(documents.anchors)
    backends.carry("unseen_notices", notices.unseen)
    actions.register("meeting.reply", meetings_mailed.REPLY)
    calendar.offer(meetings_diary.entries)
    actions.register("assignment.receive", task_mails.RECEIVE)
    actions.register("assignment.report", task_mails.REPORT)
    calendar.offer(task_days.entries)
