"""The other pages of the fee book that a person may open: a line of links under the head of its first pages."""

from dataclasses import dataclass

from django.urls import reverse

from fees.models.inspections import collected


@dataclass(frozen=True)
class Door:
    url: str
    label: str
    icon: str


def doors(user, cell, here=None) -> list[Door]:
    """By the posts that the person holds in the cell, so without a query; ``here`` is the page one stands on."""
    collects = cell is not None and cell.pk in collected(user)
    heads = cell is not None and cell.pk in user.headed_ids
    on_committee = cell is not None and cell.pk in user.committee_ids
    is_member = cell is not None and not (collects or on_committee)  # others find it beside the book
    found = [
        ("fees:home", "Sổ thu", "book", collects or heads),
        ("fees:me", "Đảng phí của tôi", "wallet2", True),
        ("fees:declarations", "Kê khai thu nhập", "pencil", collects),
        ("fees:waivers", "Miễn, giảm", "tag", collects or heads),
        ("fees:cash", "Sổ quỹ", "journal-text", collects or on_committee),
        ("fees:public", "Thu, nộp, chi của chi bộ", "journal-text", is_member),
        ("fees:audits", "Kiểm tra", "search", collects or on_committee),
    ]
    return [Door(reverse(name), label, icon) for name, label, icon, open_ in found if open_ and name != here]
