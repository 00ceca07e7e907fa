"""Addresses of people, organisations, accounts and the first set-up."""

from django.urls import path

from members.views import accounts, importing, member, organisations, roll, rows, setup

people_urls = [
    path("members/", roll.roll, name="list"),
    path("members/new/", roll.new, name="new"),
    path("members/visitors/new/", roll.new, {"visiting": True}, name="new_visitor"),
    path("members/import/", importing.import_lines, name="import"),
    path("members/<int:pk>/", member.detail, name="detail"),
    path("members/<int:pk>/edit/", roll.edit, name="edit"),
    path("members/<int:pk>/account/<slug:action>/", accounts.act, name="account"),
    path("members/<int:pk>/rows/<slug:kind>/new/", rows.new, name="row_new"),
    path("members/<int:pk>/rows/<slug:kind>/<int:row>/edit/", rows.edit, name="row_edit"),
    path("members/<int:pk>/rows/<slug:kind>/<int:row>/delete/", rows.delete, name="row_delete"),
    path("cells/<slug:slug>/", organisations.cell, name="cell"),
    path("cells/<slug:slug>/edit/", organisations.edit, name="cell_edit"),
    path("cells/<slug:slug>/new/", organisations.new, name="cell_new"),
    path("cells/<slug:slug>/posts/new/", organisations.choose, name="post_choose"),
    path("cells/<slug:slug>/posts/new/<int:pk>/", organisations.give, name="post_give"),
    path("cells/<slug:slug>/posts/officer/", organisations.officer, name="post_officer"),
    path("cells/<slug:slug>/posts/<int:pk>/edit/", organisations.edit_post, name="post_edit"),
    path("cells/<slug:slug>/posts/<int:pk>/delete/", organisations.delete_post, name="post_delete"),
    path("l/<str:token>/", accounts.slip, name="slip"),
    path("setup/<str:token>/", setup.setup, name="setup"),
]
