"""Addresses: the cash book, remittances, spending, counts, and the sums that lie open."""

from django.urls import path

from fees.views import cash, counts, disclosed, vouchers

urlpatterns: list = [
    path("cash/", cash.book, name="cash"),
    path("cash/opening/", cash.opening, name="opening"),
    path("cash/remit/", cash.remit, name="remit"),
    path("cash/spend/", cash.spend, name="spend"),
    path("cash/transfer/", cash.transfer, name="transfer"),
    path("cash/count/", counts.count, name="count"),
    path("cash/counts/", counts.counts, name="counts"),
    path("cash/counts/<int:pk>/", counts.detail, name="count_detail"),
    path("cash/counts/<int:pk>/book/", counts.settle, name="count_settle"),
    path("cash/public/", disclosed.public, name="public"),
    path("cash/overseen/", disclosed.overseen, name="overseen"),
    path("vouchers/<int:pk>/", vouchers.voucher, name="voucher"),
    path("vouchers/<int:pk>/reverse/", vouchers.reverse_voucher, name="voucher_reverse"),
    path("vouchers/<int:pk>/paper/", vouchers.paper, name="voucher_paper"),
    path("vouchers/<int:pk>/paper/add/", vouchers.attach, name="voucher_attach"),
]
