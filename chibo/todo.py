"""What the committee has to do now, computed from the next meetings, the open tasks and the papers."""

from dataclasses import dataclass

from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from core.vietnamese import date_text, lower_first
from fees.queries.todo import work_of
from meetings import reviewing
from meetings.models import AgendaItem, MeetingPaper, Question, Reply
from meetings.queries.checks import Check
from meetings.states import HIDDEN, Answer, Excuse, Section, State


@dataclass(frozen=True)
class Step:
    """One thing to do now: what, the sentence under it, the address and words of its button."""

    title: str
    small: str
    url: str
    verb: str


def _number(rows, key="meeting"):
    """How many of the rows belong to the meeting, as a subquery."""
    counted = rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def with_gaps(meetings):
    """Meetings with what each still lacks, in the same query: ``unpresented``, ``undrafted`` (content items),
    ``excuses`` and opinions (``unanswered``) that wait for the secretary.
    """
    content = AgendaItem.objects.filter(section=Section.CONTENT)
    bare = ~Exists(MeetingPaper.objects.filter(item=OuterRef("pk")))
    return meetings.annotate(
        unpresented=_number(content.filter(presenter=None)),
        undrafted=_number(content.exclude(decide="").exclude(origin=reviewing.ORIGIN).filter(bare, draft_text="")),
        excuses=_number(Reply.objects.filter(answer=Answer.ASKS_EXCUSE, decision=Excuse.ASKED)),
        unanswered=_number(Question.objects.filter(answered_at=None)),
    )


def lacks(meeting) -> list[Check]:
    """What a meeting that is being prepared still lacks, for the side of the page."""
    edit = reverse("meetings:edit", args=[meeting.pk])
    agenda = reverse("meetings:agenda", args=[meeting.pk])
    found = []
    if meeting.unpresented:
        found.append(
            Check("w", f"{meeting.unpresented} nội dung chưa có người trình bày", "", agenda, "Mở chương trình")
        )
    if meeting.undrafted:
        text = f"{meeting.undrafted} nội dung cần quyết định chưa có dự thảo, tài liệu"
        found.append(Check("w", text, "", agenda, "Mở chương trình"))
    missing = [word for word, who in (("chủ trì", meeting.chair_id), ("thư ký", meeting.clerk_id)) if not who]
    if missing:
        url, link = (edit, "Chọn người") if meeting.state == State.DRAFT else ("", "")
        found.append(Check("w", f"Chưa chọn {' và '.join(missing)}", "", url, link))
    return found


def steps(user, meetings, tasks, minutes) -> list[Step]:
    """The list "Cần làm ngay": meetings with gaps, tasks reported or asked to be extended, what waits for the heads in
    the fee book, minutes not signed."""
    heads = user.has_perm("meetings.decide_reply", meetings[0]) if meetings else False
    found = [step for meeting in meetings for step in _of_meeting(user, meeting, heads)]
    found += _of_tasks(tasks)
    found += _of_fees(work_of(user))
    return found + [_of_minutes(meeting) for meeting in minutes]


def _of_meeting(user, meeting, heads):
    """The next act of a meeting, and what its members wait for."""
    when = timezone.localtime(meeting.starts_at)
    left = (when.date() - timezone.localdate()).days
    soon = f"Họp {when:%H:%M} ngày {date_text(when)}" + (f", còn {left} ngày" if left > 0 else "")
    name = lower_first(meeting.title)
    if meeting.state == State.DRAFT and meeting.needs_agreement:
        yield Step(f"Thống nhất chương trình {name}", soon, _agenda(meeting), "Mở chương trình")
    elif meeting.state in HIDDEN and user.has_perm("meetings.notify_meeting", meeting):
        yield Step(f"Gửi thông báo {name}", soon, _agenda(meeting), "Mở chương trình")
    if heads and meeting.excuses:
        url = reverse("meetings:replies", args=[meeting.pk])
        yield Step(f"Trả lời {meeting.excuses} đơn xin vắng", soon, url, "Trả lời")
    if heads and meeting.unanswered:
        url = reverse("meetings:opinions", args=[meeting.pk])
        yield Step(f"Trả lời {meeting.unanswered} ý kiến gửi trước", soon, url, "Trả lời")


def _agenda(meeting):
    return reverse("meetings:agenda", args=[meeting.pk])


def _of_tasks(tasks):
    """One step for all reports that wait, one for all requests for more time."""
    everything = f"{reverse('assignments:list')}?muc=chi-bo&loc=cho-duyet"
    for rows, words, verb in (
        ([task for task in tasks if not task.asks_more_time], "báo cáo hoàn thành", "Xem và xác nhận"),
        ([task for task in tasks if task.asks_more_time], "đề nghị gia hạn", "Xem và trả lời"),
    ):
        if rows:
            url = rows[0].get_absolute_url() if len(rows) == 1 or rows[0].asks_more_time else everything
            names = ", ".join(f"đ/c {name}" for name in dict.fromkeys(task.owner.full_name for task in rows[:3]))
            yield Step(f"Trả lời {len(rows)} {words}", f"Của {names}", url, verb)


def _of_fees(work):
    """Applications for exemption or reduction, and the declaration of the collector; of others nothing is here."""
    for rows, name, title, small, verb in (
        (work.asked, "waiver", "Đưa {} đơn xin miễn, giảm đảng phí ra chi bộ", "Chờ chi bộ xem xét", "Mở đơn"),
        (work.reported, "waiver", "Ghi kết quả {} đơn xin miễn, giảm", "Đã báo cáo cấp trên", "Ghi kết quả"),
        (work.of_collector, "declaration", "Trả lời {} kê khai thu nhập", "Chờ bí thư trả lời", "Xem kê khai"),
    ):
        if rows:
            several = reverse("fees:waivers") if name == "waiver" else reverse("fees:declaration", args=rows[:1])
            url = reverse(f"fees:{name}", args=rows) if len(rows) == 1 else several
            yield Step(title.format(len(rows)), small, url, verb)


def _of_minutes(meeting):
    paper = meeting.minutes.paper if getattr(meeting, "minutes", None) else None
    name = lower_first(meeting.title)
    if paper is not None and paper.state == "sealed":
        url = reverse("meetings:sign", args=[meeting.pk])
        return Step(f"Ký biên bản {name}", "Biên bản đã khóa, chờ ký", url, "Đến trang ký")
    url = reverse("meetings:minutes", args=[meeting.pk])
    return Step(f"Hoàn thiện biên bản {name}", f"Họp ngày {date_text(meeting.day)}", url, "Mở biên bản")
