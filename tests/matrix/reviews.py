"""Turns of dangvien in each state, each in a meeting of its own; one of the chair; shortcomings of both kinds."""

import datetime

from meetings.states import Presence
from reviews.models import Turn
from reviews.services import mending, speaking
from tests.matrix.evenings import SECRET
from tests.meetings import prep, story

DUE = datetime.date(2027, 1, 20)
AWAY = ("chiuy", "thuquy")


def scenes(cell, who):
    """``turn_<state>``; chiuy and thuquy were at none of the meetings."""
    head, author = who["bithu"], who["dangvien"]
    draft = prep.new_meeting(cell, head, starts_at=story.moment(14, day=22), clerk=who["thuky"].member)
    made = {"planned": _turn(cell, draft, author)}
    for state in ("written", "shown", "concluded"):
        made[state] = _told(cell, who, _session(cell, who), author, state)
    made["chair"] = _told(cell, who, made["shown"].meeting, head, "shown")
    found = {f"turn_{state}": _scene(turn) for state, turn in made.items()}
    found |= {"turns_now": {"year": 2026}, "turns_far": {"year": 1999}, "turn_meeting": {"pk": draft.pk}}
    found["shortcoming_member"] = _shortcoming(cell, head, author, member=author.member)
    found["shortcoming_cell"] = _shortcoming(cell, head, who["thuky"])
    found["shortcoming_mended"] = _shortcoming(cell, head, author, mended=True, member=author.member)
    return found


def _session(cell, who):
    meeting = story.begun(cell, who["bithu"], who["thuky"])
    away = [who[name].member for name in AWAY]
    meeting.sheet.filter(member__in=away).update(presence=Presence.ABSENT_UNEXCUSED)
    return meeting


def _turn(cell, meeting, author):
    return Turn.objects.create(cell=cell, meeting=meeting, member=author.member, reason="chưa có lượt trong năm 2026")


def _told(cell, who, meeting, author, state):
    turn = _turn(cell, meeting, author)
    speaking.write(turn, text=f"{SECRET} tự phê bình", version=0, by=author)
    if state != "written":
        turn = speaking.show(turn, by=author)
        speaking.remark(turn, text=f"{SECRET} góp ý", by=who["thuky"])
        speaking.open_(turn.review, by=who["thuky"])
    if state == "concluded":
        turn = speaking.conclude(
            turn, conclusion=f"{SECRET} kết luận", by=who["bithu"],
            shortcomings=[{"text": f"{SECRET} hạn chế", "remedy": "", "due_on": DUE}],
        )  # fmt: skip
    return turn


def _scene(turn):
    found = {"pk": turn.pk, "POST": {"text": "Ý kiến"}}
    review = getattr(turn, "review", None)
    if review is not None:
        found["review"] = review.pk
        if remark := review.remarks.first():
            found["remark"] = remark.pk
    return found


def _shortcoming(cell, by, owner, *, mended=False, member=None):
    row = mending.note(
        cell, text=f"{SECRET} hạn chế", due_on=DUE, owner=owner.member, source="Kiểm tra", member=member, by=by
    )
    line = mending.follow(row, text=f"{SECRET} kết quả", by=by).followups.first()
    if mended:
        mending.mend(row, text=f"{SECRET} xong", by=by)
    return {"pk": row.pk, "followup": line.pk}


def some(cell, who, others, rows):
    """``rows`` of everything that the pages of turns list; arguments of their addresses."""
    head, author = who["bithu"], who["dangvien"]
    draft = prep.new_meeting(cell, head, starts_at=story.moment(8, day=21), clerk=who["thuky"].member)
    for user in others:
        _turn(cell, draft, user)
    planned = _turn(cell, draft, author)
    heard = _session(cell, who)
    turn = _told(cell, who, heard, author, "shown")
    for user in (who["thuky"], who["dubi"], who["phobithu"])[:rows]:
        speaking.remark(turn, text="Ý kiến", by=user)
        speaking.open_(turn.review, by=user)
    things = [{"text": "Hạn chế", "remedy": "", "due_on": DUE}] * rows
    speaking.open_(turn.review, by=head)
    done = speaking.conclude(turn, conclusion="Kết luận", shortcomings=things, by=head)
    now = _told(cell, who, _session(cell, who), author, "shown")
    row = done.shortcomings.first()
    for _ in range(rows):
        mending.follow(row, text="Đã làm", by=author)
    return {
        "turn_year": [2026], "turn_planned": [planned.pk], "turn_done": [done.pk], "turn_now": [now.pk],
        "turn_show": [now.pk, "conclude"], "turn_meeting": [draft.pk], "shortcoming": [row.pk],
    }  # fmt: skip
