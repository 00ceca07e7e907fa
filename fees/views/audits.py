"""Audits of the fee: the list, a new one, its page, its moves, its record as a paper."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from core.access import get_for, require
from core.downloads import made_pdf, stored_file
from core.forms import ConfirmForm, attempt, form_status, posted
from core.paging import paginate
from core.states import Move, actions_for
from documents import queries as documents
from documents.forms import WayForm, WithdrawForm
from documents.sign_page import Place, may_be_signed, sign_page
from documents.states import PaperState
from fees.forms.audits import MOVE_FORMS, ConclusionForm, PlanForm
from fees.forms.cash import CountForm
from fees.queries import audit_record
from fees.queries import audits as queries
from fees.queries.cells import book_cell
from fees.services import auditing, concluding, findings
from fees.services.signing import SIGNING
from fees.states import AUDIT_MOVES, AuditKind, AuditState
from fees.views import places

STEPS = {"start": auditing.start, "ask": findings.ask, "conclude": concluding.conclude, "cancel": auditing.cancel,
         "extend": auditing.extend}  # fmt: skip
DONE = {
    "start": "Đã bắt đầu kiểm tra, kết quả rà sổ ở bên dưới.",
    "ask": "Đã gửi người thu giải trình.",
    "conclude": "Đã kết luận. Khóa biên bản để hai bên ký.",
    "cancel": "Đã hủy cuộc kiểm tra.",
    "extend": "Đã gia hạn, tổ kiểm tra và người thu được báo.",
}
SEAL = Move("Khóa biên bản", (), "", question="Khóa biên bản kiểm tra để ký?",
            effect="Sau khi khóa, kết luận không sửa được nữa. Tổ kiểm tra và người thu được mời ký.")  # fmt: skip
WITHDRAW = Move("Hủy bản đã khóa", (), "", question="Hủy biên bản đã khóa?", risk=True,
                effect="Số biên bản giữ nguyên và ghi là hủy. Sửa kết luận rồi khóa lại, lấy số sau.")  # fmt: skip


def audits(request):
    """Every audit that the person may see, newest first."""
    user, cell = request.user, book_cell(request.user)
    context = {
        "page": paginate(request, queries.whole().visible_to(user)),
        "cell": cell,
        "may_plan": cell is not None and user.has_perm("fees.plan_audit", cell),
        "may_order": bool(user.overseen_ids),
        "may_hand_over": cell is not None and user.has_perm("fees.view_handovers", cell),
    }
    return render(request, "fees/audits.html", context)


def audit_new(request):
    """Planned by the heads of the cell, or ordered by the superior (``?chi-bo=``)."""
    cell = places.cell_for(request, "fees.view_fees")
    kind = AuditKind.PLANNED if request.user.has_perm("fees.plan_audit", cell) else AuditKind.ORDERED
    if kind == AuditKind.ORDERED:
        require(request.user, "fees.order_audit", cell)
    form, made = PlanForm(posted(request), cell=cell, kind=kind), []

    def service(**values):
        made.append(auditing.plan(cell, kind=kind, **values))

    if attempt(request, form, service, by=request.user, success="Đã lập kế hoạch, tổ kiểm tra và người thu được báo."):
        return redirect(made[0] if made else "fees:audits")
    context = {"form": form, "heading": "Lập kế hoạch kiểm tra đảng phí", "verb": "Lập kế hoạch", "meta": [cell.name],
               "back_url": reverse("fees:audits"), "back_name": "Kiểm tra đảng phí"}  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))


def fetch(request, pk, perm="fees.view_audit"):
    return get_for(request.user, queries.whole(), perm, pk=pk)


def audit(request, pk):
    """Steps, what is to be done, checks with their rows, the cash, the conclusion, the record."""
    row, user = fetch(request, pk), request.user
    context = _rights(user, row) | {
        "audit": row,
        "steps": queries.steps(row),
        "actions": actions_for(user, row),
        "leads": user.has_perm("fees.check_audit", row),
        "answers": row.collector_id == user.member_id,
        "running": row.state == AuditState.RUNNING,
        "under_way": queries.is_under_way(row),
        "sealable": row.state == AuditState.CONCLUDED and not queries.is_sealed(row),
        "withdrawable": row.paper is not None and row.paper.state == PaperState.SEALED and not row.paper.has_signatures,
    }
    context |= _found(user, row) if context["told"] else {}
    context["primary"], context["skip"] = queries.first_move(row, context.get("number"))
    return render(request, "fees/audit.html", context)


def _rights(user, row):
    """Whether the person reads findings, at least the result, and now the book for this audit."""
    reads = user.has_perm("fees.view_finding", row)
    in_time = queries.is_under_way(row) and row.ends_on >= timezone.localdate()
    return {
        "reads": reads,
        "told": reads or user.has_perm("fees.view_result", row),
        "opens_book": in_time and any(one.member_id == user.member_id for one in row.inspectors.all()),
    }


def _found(user, row):
    """Checks and findings, the cash, demands: for who may read them, or the result without a finding's words."""
    found = queries.findings_of(row)
    looked = queries.looked_over(row, found)
    dress = partial(queries.dressed, row, answers=user.has_perm("fees.answer_finding", row),
                    judges=user.has_perm("fees.judge_finding", row))  # fmt: skip
    return {
        "found": [(one, dress(one.rows)) for one in looked if one.rows],
        "clean": [one for one in looked if not one.rows and not one.note],
        "unknown": [one for one in looked if one.note],
        "number": len(found),
        "silent": sum(one.answered_at is None for one in found),
        "open": sum(one.upheld is None for one in found),
        "counts": list(row.counts.all()),
        "demands": queries.demands_of(row),
    }


def audit_move(request, pk, action):
    """GET asks the question; POST acts."""
    row = fetch(request, pk, f"fees.{action}_audit" if action in AUDIT_MOVES else "fees.view_audit")
    if action not in AUDIT_MOVES:
        raise PermissionDenied
    form = MOVE_FORMS[action](posted(request))
    if attempt(request, form, STEPS[action], row, by=request.user, success=DONE[action]):
        return redirect(row)
    context = {"obj": row, "step": AUDIT_MOVES[action], "form": form}
    return render(request, "core/move.html", context, status=form_status(form))


@require_POST
def audit_check(request, pk):
    """Look the book over once more."""
    row, form = fetch(request, pk, "fees.check_audit"), ConfirmForm(posted(request))
    if not attempt(request, form, auditing.check_again, row, by=request.user, success="Đã rà lại sổ."):
        messages.error(request, " ".join(form.non_field_errors()))
    return redirect(row)


def audit_count(request, pk):
    """Count the cash together with the collector."""
    row, form = fetch(request, pk, "fees.count_audit"), CountForm(posted(request))
    if attempt(request, form, auditing.count, row, by=request.user, success="Đã ghi kết quả kiểm quỹ."):
        return redirect(row)
    context = {"form": form, "heading": "Kiểm quỹ", "verb": "Ghi kết quả kiểm quỹ", "back_url": row.get_absolute_url(),
               "back_name": "Cuộc kiểm tra"}  # fmt: skip
    return render(request, "fees/count.html", context, status=form_status(form))


# The record


def _question(request, row, form, step, **context):
    back = {"obj": row, "back_url": row.get_absolute_url(), "back_name": "Cuộc kiểm tra", "step": step, "form": form}
    return render(request, context.pop("template", "core/move.html"), back | context, status=form_status(form))


def audit_reword(request, pk):
    """Another wording of the conclusion before the record is sealed."""
    row = fetch(request, pk, "fees.reword_audit")
    form = ConclusionForm(posted(request), initial={"conclusion": row.conclusion})
    if attempt(request, form, concluding.reword, row, by=request.user, success="Đã sửa kết luận."):
        return redirect(row)
    context = {"form": form, "heading": "Sửa kết luận", "verb": "Ghi kết luận", "back_url": row.get_absolute_url(),
               "back_name": "Cuộc kiểm tra"}  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))


def audit_seal(request, pk):
    """Choose the way of signing and seal."""
    row, form = fetch(request, pk, "fees.seal_audit"), WayForm(posted(request))
    if attempt(request, form, concluding.seal, row, by=request.user, success="Đã khóa biên bản, chờ ký."):
        return redirect("fees:audit_sign", pk)
    return _question(request, row, form, SEAL, template="documents/seal.html", warning=documents.base_url_warning())


def audit_withdraw(request, pk):
    """Take back the sealed record that nobody has signed."""
    row, form = fetch(request, pk, "fees.withdraw_audit"), WithdrawForm(posted(request))
    if attempt(request, form, concluding.withdraw, row, by=request.user, success="Đã hủy bản đã khóa."):
        return redirect(row)
    return _question(request, row, form, WITHDRAW)


@sensitive_post_parameters("passphrase")
def audit_sign(request, pk):
    """Inspectors and collector sign, in any order."""
    row = fetch(request, pk, "fees.view_result")
    if not may_be_signed(row.paper):
        messages.error(request, "Biên bản chưa khóa nên chưa ký được.")
        return redirect(row)
    here, pdf = reverse("fees:audit_sign", args=[pk]), reverse("fees:audit_pdf", args=[pk])
    place = Place(here, row.get_absolute_url(), pdf, "Ký biên bản kiểm tra", row, "fees.scan_audit", SIGNING,
                  "fees/audit_sign.html", "Kết luận")  # fmt: skip
    read = audit_record.agreed(row) | {"steps": queries.steps(row), "steps_label": "Tiến trình kiểm tra"}
    return sign_page(request, row.paper, place, read)


def audit_pdf(request, pk):
    """The stored file once sealed; before that the draft with its watermark."""
    row = fetch(request, pk, "fees.view_result")
    if row.paper is None:
        messages.error(request, "Biên bản được lập khi có kết luận.")
        return redirect(row)
    if queries.is_sealed(row):
        return stored_file(documents.current_file(row.paper).file, audit_record.file_name(row))
    return made_pdf(audit_record.draft(row), audit_record.file_name(row))
