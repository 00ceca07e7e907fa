"""The demo mailbox: files of the mail catcher, read into what its pages show. No database."""

import email
import re
from email import policy

from icalendar import Calendar

from core.vietnamese import date_text
from notices.invitations import ZONE

METHODS = {"REQUEST": "Mời họp, đưa vào lịch", "CANCEL": "Hủy, xóa khỏi lịch", "PUBLISH": "Báo lịch, không mời"}


def newest_first(folder) -> list:
    """The paths of all mails; their names begin with the moment they came."""
    return sorted(folder.glob("*.eml"), reverse=True)


def read(path):
    """The message of a file."""
    with path.open("rb") as source:
        return email.message_from_binary_file(source, policy=policy.default)


def body(message, kind) -> str:
    """Its text ("plain") or its picture ("html"); empty when it has none."""
    part = message.get_body((kind,))
    return part.get_content() if part else ""


def calendars(message) -> list[dict]:
    """Its calendar files: name, facts as (label, words), and the text with its folded lines put together."""
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return [_calendar(part.get_filename() or "lich.ics", part.get_content()) for part in parts]


def _calendar(name, text):
    unfolded = re.sub(r"\r?\n[ \t]", "", text).replace("\r\n", "\n")
    try:
        calendar = Calendar.from_ical(text)
        facts = [("Việc", METHODS.get(str(calendar.get("METHOD")), str(calendar.get("METHOD", ""))))]
        facts += [fact for event in calendar.walk("VEVENT") for fact in _facts(event)]
    except (ValueError, KeyError):  # somebody else's mail: the text alone
        facts = []
    return {"name": name, "text": unfolded, "facts": [(label, words) for label, words in facts if words]}


def _facts(event):
    yield "Tiêu đề", str(event.get("SUMMARY", ""))
    yield "Bắt đầu", _moment(event.decoded("DTSTART"))
    yield "Kết thúc", _moment(event.decoded("DTEND")) if "DTEND" in event else ""
    yield "Địa điểm", str(event.get("LOCATION", ""))
    yield "Người được mời", str(event["ATTENDEE"].params.get("CN", "")) if "ATTENDEE" in event else ""
    yield "Nội dung", str(event.get("DESCRIPTION", ""))
    yield "Nhắc", "; ".join(str(alarm.get("DESCRIPTION", "")) for alarm in event.walk("VALARM"))
    yield "Lần thay đổi", str(event.get("SEQUENCE", ""))


def _moment(value) -> str:
    """ "19:30, 05/12/2026" in the time of this country; a whole day without its hour."""
    if hasattr(value, "hour"):
        local = value.astimezone(ZONE)
        return f"{local:%H:%M}, {date_text(local)}"
    return date_text(value)
