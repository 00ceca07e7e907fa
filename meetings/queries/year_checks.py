"""What the year's plan of a cell still lacks: warnings with their rule, for the committee."""

import datetime

from django.urls import reverse

from meetings.queries.checks import Check, said
from members.queries import rule_for

ROMAN = ("I", "II", "III", "IV")


def warnings(cell, strip) -> list[Check]:
    """Months without a regular meeting, quarters without a thematic one, days off, missing themes and presenters."""
    if strip.is_empty:
        return []
    found = [*_months(cell, strip), *_quarters(cell, strip)]
    coming = [each for each in strip.gatherings if each.comes]
    return found + _clashes(coming) + _themes(coming)


def _months(cell, strip):
    rule = rule_for(cell, "meeting.regular_per_month", on=datetime.date(strip.year, 12, 31))
    missing = [str(month.number) for month in strip.months if month.is_missing]
    if missing and rule.configured and rule.integer:
        text = f"Tháng {', '.join(missing)} chưa có buổi sinh hoạt thường kỳ"
        yield Check("n", text, f"Mỗi tháng {rule.integer} buổi. {said(rule)}.")


def _quarters(cell, strip):
    rule = rule_for(cell, "meeting.thematic_per_quarter", on=datetime.date(strip.year, 12, 31))
    if not rule.configured:
        yield Check("w", "Số buổi sinh hoạt chuyên đề mỗi quý chưa cấu hình", "Cấp trên đặt ở trang Quy định.")
        return
    missing = []
    for number in (1, 2, 3, 4):
        months = strip.months[3 * number - 3 : 3 * number]
        held = [each for month in months for each in month.gatherings if each.is_thematic and each.stands]
        if months[0].counts and len(held) < rule.integer:  # nothing is asked of a quarter that began before
            missing.append(ROMAN[number - 1])
    if missing:
        text = f"Quý {', '.join(missing)} chưa có đủ sinh hoạt chuyên đề"
        yield Check("w", text, f"Mỗi quý {rule.integer} buổi. {said(rule)}.")


def _clashes(coming):
    return [
        Check("w", f"Buổi ngày {each.day:%d/%m} {each.clash}", each.estimated * ESTIMATED, *_way(each, "Đổi ngày"))
        for each in coming
        if each.clash
    ]


ESTIMATED = "Ngày nghỉ này là dự kiến, chưa có thông báo chính thức."


def _themes(coming):
    """One line for all meetings without a theme, one for those without a presenter; the link leads to the first."""
    thematic = [each for each in coming if each.is_thematic]
    found = []
    for words, rows in (
        ("chưa có chuyên đề", [each for each in thematic if not each.theme]),
        ("chưa có người trình bày chuyên đề", [each for each in thematic if each.theme and not each.presenter]),
    ):
        if rows:
            days = ", ".join(f"{each.day:%d/%m}" for each in rows)
            found.append(Check("w", f"Buổi ngày {days} {words}", "", *_way(rows[0], f"Sửa buổi {rows[0].day:%d/%m}")))
    return found


def _way(each, link):
    """Where it is mended: the row of the plan, or the page of the meeting."""
    if each.is_open:
        return reverse("calendar:edit", args=[each.planned.pk]), link
    return each.meeting.get_absolute_url(), "Mở cuộc họp"
