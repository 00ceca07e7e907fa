"""What meetings, papers, the fee book and the turns say about what a person owes; handed to ``assignments.owing`` by
wiring.py."""

import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from assignments.owing import Owed
from core.months import months_later
from core.states import Look
from core.vietnamese import lower_first, money
from documents.models import Paper
from documents.states import PaperState, PaperType, SigningWay
from fees.queries.todo import work_of
from meetings import reviewing
from meetings.models import AgendaItem, Minutes, Resolution
from meetings.states import HIDDEN, OPEN_ENDED, Section, State
from members.models import Member
from reviews.models import SelfReview, Shortcoming, Turn
from reviews.turn_states import TurnState


def papers_to_prepare(user):
    """Content items given to the person at meetings that are being prepared, without text and paper. One query."""
    rows = AgendaItem.objects.filter(
        presenter=user.member_id, section=Section.CONTENT, meeting__state__in=HIDDEN, meeting__cell__in=user.cell_ids,
        draft_text="", papers__isnull=True,
    )  # fmt: skip
    rows = rows.exclude(decide="").exclude(origin=reviewing.ORIGIN).select_related("meeting")
    for item in rows.order_by("meeting__starts_at", "position"):
        url = reverse("meetings:item", args=[item.meeting_id, item.pk])
        day = item.meeting.day
        left = (day - timezone.localdate()).days
        near = "Họp hôm nay" if left == 0 else f"Còn {left} ngày" if left > 0 else f"Quá {-left} ngày"
        look = Look(near, "danger" if left < 0 else "warn" if left <= 3 else "", "clock")
        words = f"Chuẩn bị cho {lower_first(item.meeting.title)}"
        yield Owed(item.title, url, day, words, look, (url, "Ghi dự thảo, tải tài liệu"))


def signatures(user):
    """Sealed papers that wait for the signature of this person, but for those signed by hand."""
    for paper in _at_hand(user)["papers"]:
        if paper["meeting"]:
            yield _to_sign(paper, reverse("meetings:sign", args=[paper["meeting"]]))
        elif paper["resolution"]:
            yield _to_sign(paper, reverse("resolutions:sign", args=[paper["resolution"]]))


def _to_sign(paper, url):
    words = f"Khóa ngày {timezone.localtime(parse_datetime(paper['sealed_at'])):%d/%m/%Y}"
    title = f"Ký {PaperType(paper['type']).label.lower()} {paper['subject']}"
    return Owed(title, url, None, words, Look("Chờ ký", "warn", "pen"), (url, "Đến trang ký"))


def self_criticism(user):
    """The draft of a turn that comes, and what is to be mended; of what is written nothing is here."""
    found = _at_hand(user)
    for turn in found["turns"]:
        day = timezone.localdate(parse_datetime(turn["starts_at"]))
        url = reverse("reviews:turn_write", args=[turn["pk"]])
        look = Look("Sắp đến lượt", "warn", "pencil")
        words = f"Trình bày ở buổi họp ngày {day:%d/%m/%Y}"
        yield Owed("Soạn bản tự phê bình", url, day, words, look, (url, "Soạn"))
    for row in found["shortcomings"]:
        due = datetime.date.fromisoformat(row["due_on"])
        url = reverse("reviews:shortcoming", args=[row["pk"]])
        late = due < timezone.localdate()
        look = Look("Quá hạn", "danger", "exclamation-triangle") if late else Look("Đang khắc phục", "warn", "clock")
        yield Owed("Khắc phục hạn chế", url, due, "Nội dung có trên trang", look, (url, "Mở"))


def _at_hand(user) -> dict:
    """Papers to sign, turns without a word yet and open shortcomings of the person, read once a request. One query."""
    if not hasattr(user, "_own_papers"):
        parts = {"papers": _unsigned(user), "turns": _unwritten(), "shortcomings": _unmended()}
        row = {f"own_{key}": ArraySubquery(rows) for key, rows in parts.items()}  # a member has fields of these names
        found = Member.objects.filter(pk=user.member_id).values(**row).first() or {}
        user._own_papers = {key: found.get(f"own_{key}") or [] for key in parts}
    return user._own_papers


def _unsigned(user):
    rows = Paper.objects.filter(
        state=PaperState.SEALED, signers__member=OuterRef("pk"), signers__signed_at=None,
        organisation__in=user.cell_ids,
    ).exclude(way=SigningWay.INK)  # fmt: skip
    meeting = Minutes.objects.filter(paper=OuterRef("pk")).values("meeting")[:1]
    resolution = Resolution.objects.filter(paper=OuterRef("pk")).values("pk")[:1]
    rows = rows.order_by("sealed_at").annotate(in_meeting=Subquery(meeting), in_resolution=Subquery(resolution))
    return rows.values(
        row=JSONObject(
            type="type", subject="subject", sealed_at="sealed_at", meeting="in_meeting", resolution="in_resolution"
        )
    )


def _unwritten():
    written = SelfReview.objects.filter(turn=OuterRef("pk")).exclude(text="")
    to_come = (*OPEN_ENDED, State.IN_SESSION)
    rows = Turn.objects.filter(member=OuterRef("pk"), state=TurnState.PLANNED, meeting__state__in=to_come)
    rows = rows.filter(~Exists(written)).order_by("meeting__starts_at", "pk")
    return rows.values(row=JSONObject(pk="pk", starts_at="meeting__starts_at"))


def _unmended():
    rows = Shortcoming.objects.open().filter(owner=OuterRef("pk")).order_by("due_on", "pk")
    return rows.values(row=JSONObject(pk="pk", due_on="due_on"))


def fees(user):
    """What a member still has to pay or declare, and what waits for the collector. One query a request."""
    work = work_of(user)
    if work.debts:
        yield _to_pay(work.debts)
    if work.must_declare:
        url, words = reverse("fees:declare"), "Kê khai một lần, sau đó chỉ khi thu nhập thay đổi"
        look = Look("Chờ kê khai", "warn", "pencil")
        yield Owed("Kê khai thu nhập để tính đảng phí", url, None, words, look, (url, "Kê khai"))
    if work.to_close:
        month = work.to_close[0]
        url = reverse("fees:month", args=[month.year, month.month])
        title = f"Khóa sổ đảng phí {_months(work.to_close)}"
        yield Owed(title, url, None, "Tháng đã qua, sổ còn mở", Look("Chưa khóa sổ", "warn", "unlock"), (url, "Mở sổ"))
    if count := len(work.to_answer):
        url = _one_or_all("declaration", work.to_answer)
        look = Look("Chờ tiếp nhận", "warn", "hourglass-split")
        yield Owed(f"Trả lời {count} kê khai thu nhập", url, None, "Người thu đảng phí", look, (url, "Xem kê khai"))
    if count := len(work.statements):
        url = _one_or_all("statement", work.statements)
        look = Look("Chờ ghi sổ", "warn", "hourglass-split")
        yield Owed(f"Ghi sổ {count} sao kê đã đọc", url, None, "Người thu đảng phí", look, (url, "Xem sao kê"))


def _to_pay(debts):
    """One line for all months; due on the last day of the oldest."""
    months = sorted({month for month, _ in debts})
    due = months_later(months[0], 1) - datetime.timedelta(days=1)
    late = due < timezone.localdate()
    look = Look("Còn nợ", "danger", "exclamation-triangle") if late else Look("Chưa đóng", "warn", "circle")
    url, words = reverse("fees:me"), f"Theo sổ còn phải đóng {money(sum(left for _, left in debts))}"
    return Owed(f"Đóng đảng phí {_months(months)}", url, due, words, look, (url, "Xem đảng phí của tôi"))


def _months(months):
    """ "tháng 11/2026", "các tháng 09, 10/2026", beyond four from the first to the last."""
    if len(months) == 1:
        return f"tháng {months[0]:%m/%Y}"
    if len(months) > 4 or months[0].year != months[-1].year:
        return f"{len(months)} tháng, từ {months[0]:%m/%Y} đến {months[-1]:%m/%Y}"
    return f"các tháng {', '.join(f'{month:%m}' for month in months)}/{months[0].year}"


def _one_or_all(name, rows):
    return reverse(f"fees:{name}", args=rows) if len(rows) == 1 else reverse(f"fees:{name}s")
