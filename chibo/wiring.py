"""Which app contributes what; called once by ChiboConfig.ready()."""


def connect():
    """Hand the contributions to the agenda and the digests to the diary, in a fixed order."""
    from assignments import diary_entries as task_days
    from assignments import mailed as task_mails
    from assignments import owing as task_owing
    from assignments.services import reminding as task_reminders
    from chibo import owing
    from documents import codes
    from documents import coverage as documents
    from fees import coverage as fees
    from fees.queries import receipts as fee_receipts
    from meetings import coverage as meetings
    from meetings import diary_entries as meetings_diary
    from meetings import mailed as meetings_mailed
    from meetings.services import reminding as meetings_reminders
    from members import activity, backends
    from members import coverage as members
    from notices import actions, calendar
    from notices import queries as notices

    for watched in (members.COVERAGE, meetings.COVERAGE, documents.COVERAGE, fees.COVERAGE):
        for label, canonical in watched.items():
            activity.cover(label, canonical, fees.RELATED.get(label, ()))
    activity.anchor(documents.anchors)
    backends.carry("unseen_notices", notices.unseen)
    actions.register("meeting.reply", meetings_mailed.REPLY)
    calendar.offer(meetings_diary.entries)
    actions.register("assignment.receive", task_mails.RECEIVE)
    actions.register("assignment.report", task_mails.REPORT)
    calendar.offer(task_days.entries)
    task_owing.offer(owing.signatures)
    task_owing.offer(owing.papers_to_prepare)
    task_owing.offer(owing.fees)
    task_owing.offer(owing.self_criticism)
    task_reminders.ask_along(meetings_reminders.ask_about)
    codes.answer(fee_receipts.issued)
    _to_meetings()


def _to_meetings():
    """Items of the agenda, sections of the minutes, pages that an item leads to."""
    from fees import contributions as fee_items
    from meetings import offers as agenda
    from reviews import contributions as turn_items

    agenda.offer(fee_items.proposals, "fee_collect", "fee_close")
    agenda.offer(turn_items.proposals, "turn", "shortcomings")
    agenda.offer_section(fee_items.minutes)
    agenda.offer_section(turn_items.minutes)
    agenda.lead("turn", "reviews:turns_home", "Mở trang tự phê bình")
    agenda.lead("shortcomings", "reviews:shortcomings", "Mở danh sách hạn chế")
