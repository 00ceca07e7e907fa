"""Addresses: the member's own fee, declarations of income, exemption and reduction."""

from django.urls import path

from fees.views import declarations, mine, waivers

urlpatterns = [
    path("me/", mine.me, name="me"),
    path("me/declare/", mine.declare, name="declare"),
    path("declarations/", declarations.listing, name="declarations"),
    path("declarations/new/", declarations.enter, name="declaration_enter"),
    path("declarations/remind/", declarations.remind, name="declarations_remind"),
    path("declarations/<int:pk>/", declarations.detail, name="declaration"),
    path("declarations/<int:pk>/do/<slug:action>/", declarations.move, name="declaration_move"),
    path("waivers/", waivers.listing, name="waivers"),
    path("waivers/new/", waivers.new, name="waiver_new"),
    path("waivers/<int:pk>/", waivers.detail, name="waiver"),
    path("waivers/<int:pk>/do/<slug:action>/", waivers.move, name="waiver_move"),
    path("waivers/<int:pk>/paper/", waivers.paper, name="waiver_paper"),
]
