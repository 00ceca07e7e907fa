"""What every page needs: places to go, the cell's and the person's name, the size of print."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from chibo.demo.people import demo_people
from chibo.demo.texts import PASSWORD
from members.queries import demo_accounts_exist

TEXT_COOKIE = "chibo_text"


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    url: str
    label: str
    icon: str
    group: str = ""
    current: bool = False
    count: int = 0


def page(request):
    """Context of base.html. No query beyond the person's posts and cell, which the pages need anyway."""
    found = {"text_size": "large" if request.COOKIES.get(TEXT_COOKIE) == "large" else ""}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return found | demo(request)
    cell = user.home_cell
    nav = places(request, user)
    return found | {
        "nav": nav,
        "tabs": tabs(request, nav),
        "cell_name": cell.short_name if cell else "",
        "person_name": user.get_full_name(),
    }


def demo(request):
    """What the login page offers in demo mode: the people, and the certificate files with their password."""
    if not settings.DEMO or request.path != reverse("account_login") or not demo_accounts_exist():
        return {}
    people = demo_people()
    holders = [each for each in people if (settings.DEMO_PKI / f"{each['username']}.p12").exists()]
    return {
        "demo_people": people,
        "demo_password": PASSWORD,
        "demo_certificates": [
            {
                "label": f"{each['role']}: {each['username']}.p12",
                "url": reverse("demo_certificate", args=[f"{each['username']}.p12"]),
                "password": PASSWORD,
            }
            for each in holders
        ],
    }


def places(request, user):
    """The side list, by the rights of the person."""

    def place(name, label, icon, group=""):
        url = reverse(name)
        here = request.path == url if url == "/" else request.path.startswith(url)
        return Place(url, label, icon, group, here)

    entries = [
        place("home", "Trang chính", "house"),
        place("meetings:list", "Cuộc họp", "calendar3"),
        *([place("calendar:home", "Lịch năm", "calendar-week")] if user.home_cell else []),
        place("resolutions:list", "Nghị quyết", "file-text"),
        place("assignments:list", "Nhiệm vụ", "list-check"),
        place("members:list", "Đảng viên", "people", "Chi bộ"),
        *(_of_a_cell(place) if user.home_cell else []),
        place("notices:list", "Thông báo", "bell", "Chi bộ"),
        place("members:rules", "Quy định", "sliders", "Chi bộ"),
    ]
    if user.committee_ids:
        entries.append(place("members:diary", "Nhật ký", "journal-text", "Chi bộ"))
    else:
        entries.append(place("members:diary", "Việc tôi đã làm", "journal-text", "Chi bộ"))
    return entries


def _of_a_cell(place):
    """Places for whoever has a cell."""
    return [
        place("duties:list", "Phân công", "card-checklist", "Chi bộ"),
        place("fees:home", "Đảng phí", "wallet2", "Chi bộ"),
        place("pledges:home", "Làm theo Bác", "star", "Chi bộ"),
        place("reviews:turns_home", "Tự phê bình", "chat-left-text", "Chi bộ"),
        place("numbers", "Số liệu", "list-ol", "Chi bộ"),
    ]


def tabs(request, nav):
    """The four labelled places at the foot of a phone."""
    wanted = {reverse("home"), reverse("meetings:list"), reverse("assignments:list")}
    chosen = [entry for entry in nav if entry.url in wanted]
    everything = reverse("all")
    return [*chosen, Place(everything, "Tất cả mục", "grid", current=request.path == everything)]
