"""What the rules say about a meeting that is being prepared: warnings, never a lock (DOMAIN §11, 1-4)."""

import calendar
import datetime
import re
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import ExtractYear, JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from core.vietnamese import date_text, fold
from meetings.models import Meeting
from meetings.queries import agenda
from meetings.reviewing import TITLE as REVIEW
from meetings.states import OPEN_ENDED, REGULAR_KINDS, THEMATIC_KINDS, Body, Kind, Mode, Section, State
from members.queries import days_off, rule_for

UNVERIFIED = "chưa kiểm chứng"
NEXT = re.compile(r"nhiem vu.*thang|phuong huong|cong tac thang")
CRITICISM = re.compile(r"tu phe binh")


@dataclass(frozen=True)
class Check:
    """A row of core/_checks.html: "n" a problem, "w" to look at, "y" fine."""

    state: str
    text: str
    small: str = ""
    url: str = ""
    link: str = ""


def unseen(meeting) -> Check:
    """The agenda is no longer what the person had before them."""
    text = "Chương trình vừa được sửa sau khi đồng chí mở xem"
    return Check("n", text, "", reverse("meetings:agenda", args=[meeting.pk]), "Xem lại chương trình")


def to_see(meeting, action, rows=None) -> list[Check]:
    """What is not fine, shown on the question page before it is agreed, told or opened."""
    if action == "open":
        return _day_check(meeting)
    found = [check for check in checks(meeting, rows) if check.state != "y"]
    if action == "notify" and not is_late(meeting):  # the notice is about to be sent in time
        return [check for check in found if check != notice_check(meeting)]
    return found


def _day_check(meeting) -> list[Check]:
    """People were told another day: the minutes would bear a day that nobody was invited to."""
    if meeting.day == timezone.localdate():
        return []
    told = f"{timezone.localtime(meeting.starts_at):%H:%M} ngày {date_text(meeting.day)}"
    small = "Họp ngày khác thì đổi lịch họp trước để mọi người được báo."
    return [Check("w", f"Lịch đã báo là {told}, không phải hôm nay", small)]


def checks(meeting, rows=None) -> list[Check]:
    """All checks that fit the meeting, problems first, then warnings, then what is fine."""
    rows = agenda.items(meeting) if rows is None else rows
    found = [*_agenda_checks(meeting, rows), *_people_checks(meeting, rows)]
    if meeting.state in OPEN_ENDED:
        found += [notice_check(meeting), *_day_off_check(meeting)]
    if meeting.body == Body.CELL:
        found += [*_content_checks(meeting, rows), *_calendar_checks(meeting)]
    if meeting.mode != Mode.IN_PERSON:
        found.append(_online_check(meeting))
    return sorted((check for check in found if check), key=lambda check: "nwy".index(check.state))


def _day_off_check(meeting):
    """A public holiday, or a day off that a superior laid: who is to come may be away."""
    for off in days_off(meeting.cell, meeting.day, meeting.day).values():
        small = off.source if off.decreed else "Ngày nghỉ này là dự kiến, chưa có thông báo chính thức."
        url = reverse("calendar:year", args=[meeting.day.year])
        yield Check("w", f"Ngày họp rơi vào ngày nghỉ: {off.name}", small, url, "Xem lịch năm")


def said(rule) -> str:
    """Where the number behind a warning comes from: "Hướng dẫn 42-HD/BTCTW, 28/10/2025", marked while unverified."""
    return rule.source + ("" if rule.verified else f" ({UNVERIFIED})")


def minutes_rule(meeting):
    """The rule on the least length that fits the kind (minutes), or None (extraordinary, committee)."""
    if meeting.body != Body.CELL or meeting.kind == Kind.EXTRAORDINARY:
        return None
    key = "meeting.min_minutes_combined" if meeting.kind == Kind.COMBINED else "meeting.min_minutes"
    return rule_for(meeting.cell, key, on=meeting.day)


def _agenda_checks(meeting, rows):
    edit = reverse("meetings:agenda", args=[meeting.pk])
    if not rows:
        yield Check(
            "n", "Chương trình chưa có nội dung", "", reverse("meetings:item_new", args=[meeting.pk]), "Thêm nội dung"
        )
    rule = minutes_rule(meeting)
    if rule and not rule.configured:
        yield Check("w", "Thời lượng tối thiểu chưa cấu hình", "Cấp trên đặt ở trang Quy định.")
    elif rule and rows:
        short = rule.integer - agenda.total(rows)
        if short > 0:
            yield Check(
                "w",
                f"Chương trình còn thiếu {short} phút so với {rule.integer} phút",
                said(rule),
                edit,
                "Xem chương trình",
            )
        else:
            yield Check("y", f"Thời lượng từ {rule.integer} phút")


def _people_checks(meeting, rows):
    numbers = [row.number for part in agenda.parts(meeting, rows) for row in part.rows if not row.item.presenter_id]
    if numbers:
        yield Check("w", f"{_listed(numbers)} chưa có người trình bày")
    elif rows:
        yield Check("y", "Mỗi nội dung có người trình bày")
    missing = [word for word, who in (("chủ trì", meeting.chair_id), ("thư ký", meeting.clerk_id)) if not who]
    if missing:
        url = reverse("meetings:edit", args=[meeting.pk]) if meeting.state == State.DRAFT else ""
        yield Check("w", f"Chưa chọn {' và '.join(missing)}", "", url, "Chọn người")
    else:
        yield Check("y", "Đã có chủ trì và thư ký")


def _content_checks(meeting, rows):
    undrafted = [row for part in agenda.parts(meeting, rows) for row in part.rows if row.misses_draft]
    if undrafted:
        one = undrafted[0]
        url = reverse("meetings:item", args=[meeting.pk, one.item.pk])
        text = f"{_listed([row.number for row in undrafted])} cần quyết định mà chưa có dự thảo, tài liệu"
        yield Check("w", text, "", url, f"Mở {one.number}")
    elif any(item.decide and item.section == Section.CONTENT for item in rows):
        yield Check("y", "Nội dung cần quyết định đều có dự thảo hoặc tài liệu")
    if meeting.kind in REGULAR_KINDS:
        yield _has(rows, "review", REVIEW, "kiểm điểm nghị quyết, nhiệm vụ tháng trước")
        yield _has(rows, "next", NEXT, "nhiệm vụ tháng tới")
        yield _has(rows, "criticism", CRITICISM, "tự phê bình và phê bình")


def _has(rows, key, words, thing):
    there = any(item.origin == f"standard:{key}" or words.search(fold(item.title)) for item in rows)
    return Check("y", f"Có {thing}") if there else Check("w", f"Chưa có {thing}")


def _listed(numbers) -> str:
    return ", ".join(numbers[:3]) + (f" và {len(numbers) - 3} nội dung khác" if len(numbers) > 3 else "")


def notice_check(meeting) -> Check:
    """Notice at least a day before the meeting, better three (42-HD/BTCTW; whole days between two moments)."""
    least = rule_for(meeting.cell, "meeting.notice_min_days", on=meeting.day)
    better = rule_for(meeting.cell, "meeting.notice_recommended_days", on=meeting.day)
    if not least.configured:
        return Check("w", "Thời hạn gửi thông báo chưa cấu hình", "Cấp trên đặt ở trang Quy định.")
    words = f"Chậm nhất {least.integer} ngày trước họp"
    if better.configured:
        words += f"; nên gửi trước {better.integer} ngày ({better.source})"
    if not least.verified:
        words += f". {said(least)}"
    late = is_late(meeting, least)
    if meeting.notified_at:
        text = f"Thông báo gửi chậm hơn {least.integer} ngày trước họp" if late else "Đã gửi thông báo đúng hạn"
        return Check("w" if late else "y", text, f"{words}." if late else "")
    if late:
        return Check(
            "n", f"Đã quá hạn gửi thông báo {least.integer} ngày trước họp", f"{words}. Vẫn gửi được thông báo."
        )
    last = timezone.localtime(meeting.starts_at - datetime.timedelta(days=least.integer))
    return Check("w", f"Chưa gửi thông báo, hạn {last:%H:%M} ngày {date_text(last)}", f"{words}.")


LATE = "Thông báo gửi chậm hơn thời hạn quy định."


def is_late(meeting, least=None) -> bool:
    """Whether the notice sent, or one sent now, comes later than the rule wants (whole days)."""
    least = least or rule_for(meeting.cell, "meeting.notice_min_days", on=meeting.day)
    left = meeting.starts_at - (meeting.notified_at or timezone.now())
    return least.configured and left < datetime.timedelta(days=least.integer)


def _calendar_checks(meeting):
    """One regular meeting a month, a thematic one a quarter (Điều lệ; 12-HD/BTCTW), cancelled ones not counted."""
    others = list(_of_the_year(meeting))
    month = [each for each in others if each.kind in REGULAR_KINDS and (each.day.month == meeting.day.month)]
    if meeting.kind in REGULAR_KINDS:
        most = rule_for(meeting.cell, "meeting.regular_per_month", on=meeting.day)
        if most.configured and len(month) >= most.integer:
            small = f"{month[0].title}, ngày {date_text(month[0].day)}. {said(most)}"
            yield Check(
                "w", "Tháng này đã có buổi sinh hoạt thường kỳ", small, month[0].get_absolute_url(), "Mở buổi đó"
            )
    elif not month:
        yield Check(
            "n", f"Tháng {meeting.day.month} chưa có buổi sinh hoạt thường kỳ", "Mỗi tháng một buổi theo Điều lệ Đảng."
        )
    yield _thematic_check(meeting, others)


def for_checks(queryset):
    """Meetings with the others of their year at hand, so that ``checks`` makes no query for them."""
    others = Meeting.objects.filter(
        cell=OuterRef("cell"), body=Body.CELL, starts_at__year=ExtractYear(OuterRef("starts_at"))
    )
    others = others.exclude(pk=OuterRef("pk")).exclude(state=State.CANCELLED).order_by("starts_at")
    row = JSONObject(pk="pk", kind="kind", starts_at="starts_at", opened_at="opened_at")
    return queryset.annotate(year_rows=ArraySubquery(others.values(row=row)))


def _of_the_year(meeting):
    if hasattr(meeting, "year_rows"):
        moments = ("starts_at", "opened_at")
        rows = [row | {name: row[name] and parse_datetime(row[name]) for name in moments} for row in meeting.year_rows]
        return [Meeting(**row) for row in rows]
    first, last = datetime.date(meeting.day.year, 1, 1), datetime.date(meeting.day.year, 12, 31)
    rows = Meeting.objects.filter(cell=meeting.cell, body=Body.CELL, starts_at__date__range=(first, last))
    rows = rows.exclude(pk=meeting.pk).exclude(state=State.CANCELLED).order_by("starts_at")
    return rows.only("kind", "starts_at", "opened_at")


def quarter(day) -> int:
    return (day.month + 2) // 3


def _thematic_check(meeting, others):
    rule = rule_for(meeting.cell, "meeting.thematic_per_quarter", on=meeting.day)
    now = quarter(meeting.day)
    held = [each for each in [*others, meeting] if each.kind in THEMATIC_KINDS and quarter(each.day) == now]
    if not rule.configured or len(held) >= rule.integer:
        return None
    last = now * 3
    end = datetime.date(meeting.day.year, last, calendar.monthrange(meeting.day.year, last)[1])
    small = f"Còn đến {date_text(end)}. {said(rule)}."
    return Check("w", f"Quý {('I', 'II', 'III', 'IV')[now - 1]} chưa có sinh hoạt chuyên đề", small)


def _online_check(meeting):
    if meeting.approval:
        return Check("y", f"Họp trực tuyến theo {meeting.approval}")
    return Check(
        "w",
        "Họp trực tuyến chưa ghi văn bản cho phép",
        "Chỉ thí điểm theo hướng dẫn của Ban Bí thư; không bàn nội dung mật.",
    )
