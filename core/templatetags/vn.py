"""Filters that write dates, money and names as Vietnamese readers expect."""

from django import template
from django.utils import timezone

from core import vietnamese

register = template.Library()

NBSP = "\u00a0"


def _local(value):
    return timezone.localtime(value) if hasattr(value, "tzinfo") and value.tzinfo else value


@register.filter
def vn_date(value):
    """05/12/2026; a moment is taken in local time."""
    return vietnamese.date_text(_local(value)) if value else ""


@register.filter
def vn_day(value):
    """05/12: the current year's lists leave the year away."""
    value = _local(value) if value else None
    if not value:
        return ""
    return value.strftime("%d/%m") if value.year == timezone.localdate().year else vietnamese.date_text(value)


@register.filter
def vn_time(value):
    """19:30."""
    return _local(value).strftime("%H:%M") if value else ""


@register.filter
def vn_datetime(value):
    """05/12/2026, 19:30."""
    return f"{vn_date(value)},{NBSP}{vn_time(value)}" if value else ""


@register.filter
def vn_weekday(value):
    """Thứ Bảy."""
    return vietnamese.weekday(_local(value)) if value else ""


@register.filter
def date_words(value):
    """ngày 05 tháng 12 năm 2026."""
    return vietnamese.date_words(_local(value)) if value else ""


@register.filter
def time_words(value):
    """19 giờ 30."""
    return vietnamese.time_words(_local(value)) if value else ""


@register.filter
def money(value):
    """15.930 đồng."""
    return vietnamese.money(value).replace(" ", NBSP) if value is not None else ""


@register.filter
def dots(value):
    """15.930, in tables whose head names the unit."""
    return vietnamese.money(value).removesuffix(" đồng") if value is not None else ""


@register.filter
def thousands(value):
    """Thousands of đồng, rounded: 1346670 -> "1.347"."""
    return dots((int(value) + 500) // 1000) if value is not None else ""


@register.filter
def two_digits(value):
    """Counts as documents write them: 07."""
    return vietnamese.two_digits(value or 0)


@register.filter
def short_name(value):
    """Last two words of a name."""
    return vietnamese.short_name(str(value)).replace(" ", NBSP)


@register.filter
def initials(value):
    """Two letters of a name."""
    return vietnamese.initials(str(value))


@register.filter
def comrade(value):
    """đ/c Ngô Xuân Trường, kept on one line up to the first space of a long name."""
    return f"đ/c{NBSP}{value}" if value else ""
