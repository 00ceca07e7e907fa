"""Hand-overs of the book: the list, a new one, its page, its record as a paper."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from core.access import get_for
from core.downloads import made_pdf, stored_file
from core.forms import attempt, form_status, posted
from core.paging import paginate
from core.states import Move
from documents import queries as documents
from documents.forms import WayForm, WithdrawForm
from documents.sign_page import Place, may_be_signed, sign_page
from documents.states import PaperState
from fees.forms.audits import HandoverForm
from fees.queries import handovers as queries
from fees.queries.payers import collector
from fees.services import handing_over
from fees.services.signing import SIGNING
from fees.views import places
from fees.views.whose import address

SEAL = Move("Khóa biên bản", (), "", question="Khóa biên bản bàn giao để ký?",
            effect="Sau khi khóa, nội dung không sửa được nữa. Bên giao và bên nhận được mời ký.")  # fmt: skip
WITHDRAW = Move("Hủy bản đã khóa", (), "", question="Hủy biên bản đã khóa?", risk=True,
                effect="Số biên bản giữ nguyên và ghi là hủy. Khóa lại thì lấy số tiếp theo.")  # fmt: skip


def handovers(request):
    """Every hand-over of a cell, newest first; who collects now, and where that is changed."""
    cell = places.cell_for(request, "fees.view_handovers")
    context = {
        "cell": cell,
        "page": paginate(request, queries.whole().visible_to(request.user).filter(cell=cell)),
        "collector": collector(cell),
        "may_add": request.user.has_perm("fees.add_handover", cell),
        "here": places.here(request),
    }
    return render(request, "fees/handovers.html", context)


def handover_new(request):
    """Count the cash and write down who hands over to whom."""
    cell, made = places.cell_for(request, "fees.add_handover"), []
    form = HandoverForm(posted(request), cell=cell)

    def service(**values):
        made.append(handing_over.hand_over(cell, **values))

    if attempt(request, form, service, by=request.user, success="Đã lập biên bản. Khóa biên bản để hai bên ký."):
        return redirect(made[0] if made else "fees:handovers")
    back = reverse("fees:handovers") + places.here(request)
    context = {"form": form, "heading": "Lập biên bản bàn giao", "verb": "Lập biên bản", "meta": [cell.name],
               "back_url": back, "back_name": "Bàn giao sổ"}  # fmt: skip
    return render(request, "fees/handover_new.html", context, status=form_status(form))


def _fetch(request, pk, perm="fees.view_handover"):
    return get_for(request.user, queries.whole(), perm, pk=pk)


def handover(request, pk):
    """Both sides, the cash, the balances, what is open, the record."""
    row, user = _fetch(request, pk), request.user
    paper = row.paper
    sealed = paper.state == PaperState.SEALED and not paper.has_signatures
    context = {
        **queries.record_context(row),
        "paper": paper,
        "sealable": not may_be_signed(paper) and user.has_perm("fees.seal_handover", row),
        "withdrawable": sealed and user.has_perm("fees.withdraw_handover", row),
        "signable": may_be_signed(paper),
        "collects": collector(row.cell) == row.receiver,
        "back_url": address("fees:handovers", row.cell, user) if user.has_perm("fees.view_handovers", row.cell) else "",
    }
    return render(request, "fees/handover.html", context)


def _question(request, row, form, step, **context):
    back = {"obj": row, "back_name": "Biên bản bàn giao", "step": step, "form": form}
    return render(request, context.pop("template", "core/move.html"), back | context, status=form_status(form))


def handover_seal(request, pk):
    """Choose the way of signing and seal."""
    row, form = _fetch(request, pk, "fees.seal_handover"), WayForm(posted(request))
    if attempt(request, form, handing_over.seal, row, by=request.user, success="Đã khóa biên bản, chờ ký."):
        return redirect("fees:handover_sign", pk)
    return _question(request, row, form, SEAL, template="documents/seal.html", warning=documents.base_url_warning())


def handover_withdraw(request, pk):
    """Take back the sealed record that nobody has signed."""
    row, form = _fetch(request, pk, "fees.withdraw_handover"), WithdrawForm(posted(request))
    if attempt(request, form, handing_over.withdraw, row, by=request.user, success="Đã hủy bản đã khóa."):
        return redirect(row)
    return _question(request, row, form, WITHDRAW)


@sensitive_post_parameters("passphrase")
def handover_sign(request, pk):
    """Giver and receiver sign, in any order."""
    row = _fetch(request, pk)
    if not may_be_signed(row.paper):
        messages.error(request, "Biên bản chưa khóa nên chưa ký được.")
        return redirect(row)
    here, pdf = reverse("fees:handover_sign", args=[pk]), reverse("fees:handover_pdf", args=[pk])
    place = Place(here, row.get_absolute_url(), pdf, "Ký biên bản bàn giao", row, "fees.scan_handover", SIGNING,
                  "fees/handover_sign.html", "Lập biên bản")  # fmt: skip
    return sign_page(request, row.paper, place, queries.record_context(row))


def handover_pdf(request, pk):
    """The stored file once sealed; before that the draft with its watermark."""
    row = _fetch(request, pk)
    name = f"bien-ban-ban-giao-dang-phi-{row.handed_on:%Y%m%d}.pdf"
    if may_be_signed(row.paper):
        return stored_file(documents.current_file(row.paper).file, name)
    return made_pdf(queries.draft(row), name)
