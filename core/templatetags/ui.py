"""Tags of the house look: icon, badge, person, bars, fields. Geometry lives in ``core.bars``."""

import re
import uuid
from functools import cache
from pathlib import Path

from django import forms, template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

from core import bars
from core.states import Look
from core.vietnamese import short_name

register = template.Library()

ICONS = Path(__file__).resolve().parent.parent / "icons"
NBSP = "\u00a0"
SYMBOL = re.compile(r"\b\d+[A-Za-z]?-[A-ZĐ]{2,}(?:/[A-ZĐ]{2,}(?:-[A-ZĐ]+)?)?")  # 10-NQ/CB, 21-TB/CB, 05-NQ/CB
DASH = re.compile(r"\S{1,12} – \S{1,12}(?!\S)")
BROWSERS = (
    ("Edg/", "Edge"),
    ("coc_coc", "Cốc Cốc"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "điện thoại Android"),
    ("Windows", "Windows"),
    ("Mac OS", "máy Mac"),
    ("Linux", "Linux"),
)
TIES = (
    (re.compile(r"([Đđ]ồng) (chí)"), rf"\1{NBSP}\2"),
    (re.compile(r"([Đđ]/c) "), rf"\1{NBSP}"),
)


# Icons and states


@cache
def _icon(name):
    """The drawing inside the SVG file; an unknown name raises FileNotFoundError, so a typo cannot ship."""
    text = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    inside = re.search(r"<svg[^>]*>(.*)</svg>", text, re.S).group(1)
    return mark_safe(  # our own file
        f'<svg class="i" viewBox="0 0 16 16" aria-hidden="true">{" ".join(inside.split())}</svg>'
    )


@register.simple_tag
def icon(name):
    """Inline icon of the house, always beside words."""
    return _icon(name)


@register.simple_tag
def badge(look, text=""):
    """A state as icon, words and colour from a ``core.states.Look``; ``text`` replaces the words."""
    if not look:
        return ""
    picture = mark_safe('<span class="dot"></span>') if look.icon == "dot" else _icon(look.icon) if look.icon else ""
    css = f"state {look.css}".strip()
    return format_html('<span class="{}">{}{}{}</span>', css, picture, " " if picture else "", text or look.label)


@register.simple_tag
def state_badge(obj, text=""):
    """The state of an object, looked up in its ``STATE_UI`` table."""
    return badge(obj.STATE_UI[obj.state], text)


# Names and words


@register.simple_tag
def person(member, cap=False, short=False):
    """đ/c Ngô Xuân Trường, tied together at "đ/c"; ``cap`` for the start of a line, ``short`` for two words."""
    if not member:
        return ""
    name = str(getattr(member, "full_name", member))
    if short:
        name = short_name(name).replace(" ", NBSP)
    return f"{'Đ/c' if cap else 'đ/c'}{NBSP}{name}"


@register.filter
def tie(text):
    """Joins "đồng chí" and "đ/c X" and keeps document symbols (10-NQ/CB) on one line."""
    safe = str(conditional_escape(text or ""))
    for pattern, replacement in TIES:
        safe = pattern.sub(replacement, safe)
    return mark_safe(SYMBOL.sub(r'<span class="nowrap">\g<0></span>', safe))  # escaped above


@register.filter
def tie_dash(text):
    """Keeps a short pair on one line of a narrow head: "CHI BỘ VĂN PHÒNG / HĐND – UBND"."""
    return mark_safe(DASH.sub(r'<span class="nw">\g<0></span>', str(conditional_escape(text or ""))))  # escaped here


@register.filter
def device(user_agent):
    """A browser's long name of itself as people say it: "Chrome trên Windows"."""
    words = str(user_agent or "")
    browser = next((name for mark, name in BROWSERS if mark in words), "Trình duyệt khác")
    system = next((name for mark, name in SYSTEMS if mark in words), "máy khác")
    return f"{browser} trên {system}"


@register.inclusion_tag("core/_leaf.html")
def leaf(date, small=False):
    """Leaf of the block calendar for the date of a meeting."""
    return {"date": date, "small": small}


# Bars and charts


@register.inclusion_tag("core/_progress_bar.html")
def progress_bar(value, max, label, warn=False, show=False):
    """A bar that always has its figure in words; ``show`` prints the words beside it."""
    return {"width": bars.share(value, max), "label": label, "warn": warn, "show": show}


@register.inclusion_tag("core/_time_bar.html")
def time_bar(parts, limit=None):
    """Minutes of the parts of an agenda with a mark at the legal minimum."""
    return bars.time_segments(parts, limit)


@register.inclusion_tag("core/_vote_bar.html")
def vote_bar(agree, disagree, other, denominator, need):
    """A vote's three counts with a mark at what is needed."""
    return bars.vote_segments(agree, disagree, other, denominator, need)


@register.inclusion_tag("core/_bar_chart.html")
def bar_chart(points, label, limit=None):
    """Columns with their values on top; a table with the same figures stands below it on the page."""
    return {"columns": bars.columns(points, limit), "label": label}


@register.inclusion_tag("core/_group_chart.html")
def group_chart(rows, label, names):
    """Columns side by side for each of ``rows`` (label, values), ``names`` say what the values are.

    The figures are in a table on the same page; here only the highest is written.
    """
    return {**bars.groups(rows), "label": label, "names": names}


@register.inclusion_tag("core/_dots.html")
def dots(marks, label):
    """Strip of months: "" fine, "w" with a remark, "n" missing."""
    return {"marks": marks, "label": label}


# Forms


def _error_lines(bound):
    """The sentences of a field; a library's own ("Điền mục này.") is put behind the field's name."""
    defaults = {}
    for kind in reversed(type(bound.field).__mro__):
        defaults |= getattr(kind, "default_error_messages", {})
    for error in bound.errors.as_data():
        named = error.code and bound.field.error_messages.get(error.code) == defaults.get(error.code)
        for sentence in error.messages:
            yield bound, f"{bound.label}: {sentence}" if named else sentence


@register.inclusion_tag("core/_errors.html")
def error_summary(form, undone="Chưa ghi được"):
    """What is wrong, on top of the page, each line linked to its field; a form or a list of forms."""
    given = form if isinstance(form, list | tuple) else [form]
    wrong = [each for each in given if each is not None and each.is_bound and each.errors]
    lines = [line for each in wrong for field in each for line in _error_lines(field)]
    general = [error for each in wrong for error in each.non_field_errors()]
    return {"lines": lines, "general": general, "total": len(lines) + len(general), "undone": undone}


@register.inclusion_tag("bootstrap5/field.html")
def field(bound):
    """One field in the house form: label, hint, error, input."""
    return {"field": bound, "form_show_labels": True, "form_show_errors": True}


@register.inclusion_tag("core/_field_errors.html")
def field_errors(bound):
    """The error lines of a field, for rows made by hand."""
    return {"field": bound}


@register.inclusion_tag("core/_counter.html")
def counter(bound):
    """A number with minus and plus keys (counts of a vote)."""
    return {"field": bound}


@register.simple_tag
def submission(form=None):
    """The hidden submission UUID of a form, or a fresh one: the same UUID twice acts once."""
    if form is not None:
        return str(form["submission"])
    return format_html('<input type="hidden" name="submission" value="{}">', uuid.uuid4())


@register.simple_tag
def widget(bound):
    """The input with the class its kind needs (used by bootstrap5/field.html)."""
    kind = bound.field.widget
    css = "form-control"
    if isinstance(kind, forms.Select) and not isinstance(kind, forms.RadioSelect | forms.CheckboxSelectMultiple):
        css = "form-select"
    elif isinstance(kind, forms.CheckboxInput):
        css = "form-check-input"
    attrs = {"class": f"{css} {kind.attrs.get('class', '')}".strip()}
    if "placeholder" in kind.attrs:  # a placeholder is no label: libraries set them, the house does not
        attrs["placeholder"] = False
    return bound.as_widget(attrs=attrs)


@register.filter
def field_kind(bound):
    """Which shape a field takes: check, choices, group or plain."""
    kind = bound.field.widget
    if isinstance(kind, forms.CheckboxInput):
        return "check"
    if isinstance(kind, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "group" if bound.use_fieldset else "plain"


@register.simple_tag
def look(label, css="", icon=""):
    """A Look from words, for the style guide: ``{% look "Đang soạn" icon="pencil" as draft %}{% badge draft %}``."""
    return Look(label, css, icon)
