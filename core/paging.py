"""Every list pages."""

from django.core.paginator import Paginator

PER_PAGE = 30


def paginate(request, queryset, per_page=PER_PAGE):
    """The page asked for by ``?trang=``; a wrong number gives the nearest page.

    The page carries ``query``: the other parameters of the address, ready to be put before ``trang=``.
    """
    page = Paginator(queryset, per_page).get_page(request.GET.get("trang"))
    others = request.GET.copy()
    others.pop("trang", None)
    page.query = f"{others.urlencode()}&" if others else ""
    return page
