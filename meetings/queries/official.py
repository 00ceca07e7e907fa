"""What the official papers of a meeting print: contexts of their templates, drafts, names of files. Nothing writes."""

from django.utils import timezone
from django.utils.text import slugify

from core.vietnamese import date_text, fold, lower_first, two_digits
from documents import layout, rendering
from documents import queries as documents
from documents.models import Paper
from documents.states import PaperState, PaperType
from meetings import wording
from meetings.contradictions import contradictions
from meetings.queries import duty_sheet
from meetings.queries.record import record_of
from meetings.states import Body, ItemStatus, Presence, Section
from members.queries import holder, titles_on
from members.states import PostTitle

MINUTES = "meetings/pdf/minutes.html"
RESOLUTION = "meetings/pdf/resolution.html"
LIVE = (PaperState.DRAFT, PaperState.ADOPTED)
ROMAN = ("I", "II", "III")
HEADS = (PostTitle.SECRETARY, PostTitle.DEPUTY)


# Minutes


def minutes_context(record) -> dict:
    """Content of ``meetings/pdf/minutes.html``."""
    return {
        "record": record,
        "parts": [_part(record, letter) for letter in Section.values],
        "lines": general_lines(record),
        "review_line": wording.review_line(record.review),
        "vote_notes": wording.vote_notes(record.closed_votes),
        "quality": wording.quality_line(record.quality_score, record.quality_grade),
        "adopted": wording.adopted_line(record.adopted_at) if record.adopted_at else "",
        "explained": [one for one in contradictions(record) if one.explanation],
    }


def general_lines(record) -> list[str]:
    """Part I, paragraph by paragraph (DOMAIN §2.6)."""
    roll = record.roll
    absent = [
        wording.absent_line("Vắng có lý do", roll.absent(Presence.ABSENT_EXCUSED)),
        wording.absent_line("Vắng không lý do", roll.absent(Presence.ABSENT_UNEXCUSED)),
    ]
    return [
        f"1. Thời gian: {wording.period(record.opened_at, record.closed_at)}; hình thức: {record.mode}. "
        f"Địa điểm: {record.place}.",
        f"2. {wording.roll_line(roll)}",
        " ".join([wording.present_line(roll), *absent]),
        f"3. Khách mời: {'; '.join(record.guests) or wording.NONE}.",
        f"4. Chủ trì: {record.chair or 'chưa ghi'}. Thư ký: {record.clerk or 'chưa ghi'}.",
    ]


def _part(record, letter):
    """Items of a section: the silent ones of opening and closing in one sentence, the others under headings."""
    items = record.section(letter)
    if letter == Section.CONTENT:
        return {"silent": "", "items": items}
    silent = [item for item in items if item.is_silent and item.status == ItemStatus.DISCUSSED]
    names = wording.listed([lower_first(item.title) for item in silent])
    where = "mở đầu" if letter == Section.OPENING else "kết thúc"
    line = f"Phần {where}, chi bộ thực hiện theo chương trình: {names}." if silent else ""
    return {"silent": line, "items": [item for item in items if item not in silent]}


# Resolution


def resolution_context(resolution) -> dict:
    """Content of ``meetings/pdf/resolution.html`` (DOMAIN §2.3)."""
    meeting = resolution.meeting
    whole = meeting.body == Body.CELL
    clauses = [clause_line(clause) for clause in resolution.clauses.select_related("owner")]
    plans = resolution.duty_plans.order_by("number")
    clauses += [f"{place}. {duty_sheet.adoption_line(plan)}" for place, plan in enumerate(plans, len(clauses) + 1)]
    sections = [
        ("ĐÁNH GIÁ KẾT QUẢ THỰC HIỆN NHIỆM VỤ", resolution.assessment.strip(), []),
        ("PHƯƠNG HƯỚNG, NHIỆM VỤ", "", clauses),
        ("TỔ CHỨC THỰC HIỆN", resolution.organisation_text.strip(), []),
    ]
    shown = [section for section in sections if section[1] or section[2]]
    superior = [f"{meeting.cell.parent.name} (để báo cáo)"] if meeting.cell.parent else []
    return {
        "issuer": meeting.cell.document_name if whole else "chi ủy",
        "bases": base_lines(resolution.bases),
        "sections": [(numeral, *section) for numeral, section in zip(ROMAN, shown, strict=False)],
        "vote_line": vote_line(resolution.vote, meeting),
        "authority": "T/M CHI BỘ" if whole else "T/M CHI ỦY",
        "recipients": [*superior, "Các đồng chí đảng viên", "Lưu chi bộ"],
    }


def resolution_pdf_context(resolution) -> dict:
    """The same with the sheets of the yearly assignment of work that it adopts, as annexes under its signature."""
    plans = resolution.duty_plans.select_related("cell", "resolution__paper__organisation").order_by("number")
    return {**resolution_context(resolution), "annexes": [duty_sheet.annex(plan) for plan in plans]}


def base_lines(text) -> list[str]:
    """Lines of the bases as printed: "- Căn cứ …;", the words "Căn cứ" put before lines that lack them."""
    lines = [line.strip(" -–;,.\t") for line in text.splitlines()]
    return [f"- {line if fold(line).startswith('can cu') else f'Căn cứ {line}'};" for line in lines if line]


def clause_line(clause) -> str:
    """A clause as printed: number, text, and in a sentence who is answerable and by when."""
    return f"{clause.position}. {clause_sentence(clause)}"


def clause_sentence(clause) -> str:
    """The same without its number."""
    text = " ".join(clause.text.split())
    stop = "" if text.endswith((".", "!", "?", ";", ":")) else "."
    return f"{text}{stop} {_clause_end(clause)}".rstrip()


def _clause_end(clause) -> str:
    who = f"{wording.comrade(clause.owner.full_name, cap=True)} chịu trách nhiệm" if clause.owner else ""
    due = f"hạn hoàn thành ngày {date_text(clause.due_on)}" if clause.due_on else ""
    sentence = ", ".join(part for part in (who, due) if part)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def vote_line(vote, meeting) -> str:
    """ "Nghị quyết được chi bộ thông qua ngày … với 17/20 đảng viên chính thức tán thành."."""
    if vote is None or vote.agree is None:
        return ""
    body = "chi bộ" if meeting.body == Body.CELL else "chi ủy"
    counts = f"{two_digits(vote.agree)}/{two_digits(vote.denominator)} đảng viên chính thức tán thành"
    return f"Nghị quyết được {body} thông qua ngày {date_text(meeting.day)} với {counts}."


def resolution_signer(meeting):
    """(member, title) who signs the resolution: the chair if secretary or deputy, else the secretary; None without."""
    posts = titles_on(meeting.cell, meeting.day)
    if meeting.chair_id and posts.get(meeting.chair_id) in [title.label for title in HEADS]:
        return meeting.chair, posts[meeting.chair_id]
    for title in HEADS:
        if found := holder(meeting.cell, title, meeting.day):
            return found, title.label
    return None


# Drafts and names of files


def draft_minutes(meeting) -> bytes:
    """The minutes as they stand, with the watermark; works before any paper exists."""
    record = record_of(meeting)
    paper = _live_paper(getattr(meeting, "minutes", None))
    if paper:
        return documents.draft_pdf(paper, MINUTES, minutes_context(record))
    places = [("clerk", "THƯ KÝ", record.clerk), ("chair", "CHỦ TRÌ", record.chair)]
    signatures = [layout.Signature(role, title, officer.name if officer else "") for role, title, officer in places]
    head = _head(meeting, PaperType.MINUTES, record.subject)
    return rendering.render(MINUTES, {**minutes_context(record), "head": head, "signatures": signatures, "draft": True})


def draft_resolution(resolution) -> bytes:
    """The resolution as it stands, with the watermark; works before any paper exists."""
    context = resolution_pdf_context(resolution)
    paper = _live_paper(resolution)
    if paper:
        return documents.draft_pdf(paper, RESOLUTION, context)
    member, title = resolution_signer(resolution.meeting) or (None, PostTitle.SECRETARY.label)
    name = member.full_name if member else ""
    place = layout.Signature("secretary", layout.upper(title), name, authority=context["authority"], note="")
    head = _head(resolution.meeting, PaperType.RESOLUTION, resolution.subject)
    recipients = layout.recipient_lines(context["recipients"])
    whole = {**context, "head": head, "signatures": [place], "recipients": recipients, "draft": True}
    return rendering.render(RESOLUTION, whole)


def _live_paper(owner):
    return owner.paper if owner and owner.paper and owner.paper.state in LIVE else None


def _head(meeting, kind, subject):
    return documents.head_of(Paper(organisation=meeting.cell, type=kind, subject=subject, dated_on=meeting.day))


def file_name(meeting, paper, kind) -> str:
    """Name of the downloaded file: "bien-ban-12-bb-cb.pdf", "nghi-quyet-2026-12-05-du-thao.pdf"."""
    word = "bien-ban" if kind == PaperType.MINUTES else "nghi-quyet"
    draft = "-du-thao" if paper is None or paper.state in LIVE else ""
    if paper and paper.number:
        symbol = fold(paper.number_line.removeprefix("Số ").replace("/", "-"))
        return f"{word}-{slugify(symbol)}{draft}.pdf"
    return f"{word}-{timezone.localtime(meeting.starts_at):%Y-%m-%d}{draft}.pdf"
