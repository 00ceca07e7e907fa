"""What people are told about their declarations and applications. Never an amount, a reason or a ground: these stand on
the page, behind the login."""

from django.urls import reverse

from fees.queries.declarations import wanted_key
from notices.services import planning

WANTED = "declaration.wanted"


def _tell(row, kind, subject, again="", **context):
    """The notice ``kind`` under the key ``<noun>:<pk>:<what>``, for its recipient only; ``again`` makes it anew."""
    noun, _, what = kind.partition(".")
    planning.plan(
        row.member,
        kind,
        f"{noun}:{row.pk}:{what}{again}",
        cell=row.cell,
        subject=subject,
        context={"from_month": f"{row.from_month:%m/%Y}", **context},
        url=row.get_absolute_url(),
        private=True,
    )


def accepted(declaration, by):
    """The declaration counts; ``entered``: the collector wrote it down for the member. Nobody is told of own acts."""
    entered = declaration.declared_by_id is not None and declaration.declared_by.member_id != declaration.member_id
    if by is None or by.member_id != declaration.member_id:
        _tell(declaration, "declaration.accepted", "Đã tiếp nhận kê khai để tính đảng phí", entered=entered)


def returned(declaration, by):
    """The declaration comes back; the reason stands on its page."""
    _tell(declaration, "declaration.returned", "Đề nghị kê khai lại để tính đảng phí")


def declared(declaration):
    """A new declaration makes earlier requests needless: to declare, or to declare again."""
    old = [f"declaration:{pk}:returned" for pk in _earlier(declaration)]
    for key in [f"declaration:wanted:{declaration.cell_id}", *old]:
        planning.withdraw(key, recipients=[declaration.member_id], reason="Đã kê khai.")


def _earlier(declaration):
    rows = type(declaration).objects.filter(member=declaration.member_id, state="returned")
    return rows.exclude(pk=declaration.pk).values_list("pk", flat=True)


def wanted(cell, member):
    """A member is asked to declare, once a month at most (the key holds the month)."""
    planning.plan(
        member,
        WANTED,
        wanted_key(cell),
        cell=cell,
        subject="Đề nghị kê khai thu nhập để tính đảng phí",
        context={"cell_name": cell.name},
        url=reverse("fees:declare"),
        private=True,
    )


def decided(waiver):
    """A decision was written down: its number, its day and its months."""
    _tell(waiver, "waiver.decided", "Đã có quyết định về đơn xin miễn, giảm đảng phí", **_decision(waiver))


def refused(waiver):
    """The answer is no; the reason stands on the page."""
    _tell(waiver, "waiver.refused", "Đã có trả lời đơn xin miễn, giảm đảng phí")


def ended(waiver):
    """A decision ends earlier than was told."""
    planning.withdraw(f"waiver:{waiver.pk}:decided", reason="Quyết định đã kết thúc sớm.")
    _tell(
        waiver, "waiver.ended", "Quyết định miễn, giảm đảng phí kết thúc sớm",
        again=f":{waiver.to_month:%Y-%m}", annulled=False, **_decision(waiver),
    )  # fmt: skip


def annulled(waiver):
    """A decision was written down by mistake: who was told of it is told again."""
    if waiver.member_id in planning.withdraw(f"waiver:{waiver.pk}", reason="Quyết định ghi nhầm, đã bỏ."):
        _tell(
            waiver, "waiver.ended", "Quyết định miễn, giảm đảng phí ghi nhầm, đã bỏ",
            again=":annulled", annulled=True, **_decision(waiver),
        )  # fmt: skip


def _decision(waiver):
    day = f"{waiver.decided_on:%d/%m/%Y}"
    return {"decision": waiver.decision, "decided_on": day, "span": waiver.span}
