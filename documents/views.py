"""The check page: the only page that papers serve by themselves. Files are served by their owners' pages."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from documents import codes, queries, throttle
from documents.forms import AmountForm, CheckForm
from documents.services.checking import check_file

TOO_OFTEN = "Có quá nhiều lần kiểm tra từ địa chỉ này. Chờ mười phút rồi thử lại."


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request, code):
    """GET shows what was issued under this code; POST compares a file with it and keeps nothing."""
    paper = queries.checkable().filter(code=code).first()
    if paper is None:
        return _issued(request, code)
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm()
    result, status = None, 200
    if request.method == "POST":
        if not throttle.allow_check(request):
            form.add_error(None, TOO_OFTEN)
            status = 429
        elif form.is_valid():
            result = check_file(paper, form.cleaned_data["data"])
        else:
            status = 422
    context = {"paper": paper, "form": form, "result": result, "hash_head": queries.hash_head(paper)}
    return render(request, "documents/verify.html", context, status=status)


def _issued(request, code):
    """What an app above answers for: shown without its amount, which a POST compares with the one typed."""
    issued = codes.find(code)
    if issued is None:
        raise Http404
    form = AmountForm(request.POST if request.method == "POST" else None)
    matches, status = None, 200
    if form.is_bound and not throttle.allow_check(request):
        form.add_error(None, TOO_OFTEN)
        status = 429
    elif form.is_bound:
        matches = form.cleaned_data["amount"] == issued.amount if form.is_valid() else None
        status = 200 if form.is_valid() else 422
    context = {"issued": issued, "form": form, "matches": matches}
    return render(request, "documents/issued.html", context, status=status)
