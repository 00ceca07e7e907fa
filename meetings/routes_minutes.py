"""Addresses of the minutes, the signatures and the draft of the resolution; included by ``meetings.urls``."""

from django.urls import path

from meetings.views import draft_clauses, minutes, resolution, signing

minutes_urls = [
    path("<int:pk>/minutes/", minutes.minutes, name="minutes"),
    path("<int:pk>/minutes.pdf", minutes.minutes_pdf, name="minutes_pdf"),
    path("<int:pk>/minutes/text/<slug:field>/", minutes.minutes_text, name="minutes_text"),
    path("<int:pk>/minutes/items/<int:item>/", minutes.minutes_narrative, name="minutes_narrative"),
    path("<int:pk>/minutes/explain/", minutes.minutes_explain, name="minutes_explain"),
    path("<int:pk>/minutes/do/adopt/", minutes.minutes_adopt, name="minutes_adopt"),
    path("<int:pk>/minutes/do/times/", minutes.minutes_times, name="minutes_times"),
    path("<int:pk>/minutes/do/seal/", minutes.minutes_seal, name="minutes_seal"),
    path("<int:pk>/minutes/do/withdraw/", minutes.minutes_withdraw, name="minutes_withdraw"),
    path("<int:pk>/sign/", signing.sign, name="sign"),
]
resolution_urls = [
    path("<int:pk>/resolution/", resolution.resolution, name="resolution"),
    path("<int:pk>/resolution.pdf", resolution.resolution_pdf, name="resolution_pdf"),
    path("<int:pk>/resolution/do/start/", resolution.resolution_start, name="resolution_start"),
    path("<int:pk>/resolution/do/adopt/", resolution.resolution_adopt, name="resolution_adopt"),
    path("<int:pk>/resolution/subject/", resolution.resolution_subject, name="resolution_subject"),
    path("<int:pk>/resolution/text/<slug:field>/", resolution.resolution_text, name="resolution_text"),
    path("<int:pk>/resolution/clauses/new/", draft_clauses.clause_new, name="clause_new"),
    path("<int:pk>/resolution/clauses/<int:clause>/edit/", draft_clauses.clause_edit, name="clause_edit"),
    path("<int:pk>/resolution/clauses/<int:clause>/delete/", draft_clauses.clause_delete, name="clause_delete"),
    path("<int:pk>/resolution/clauses/<int:clause>/move/", draft_clauses.clause_move, name="clause_move"),
]
urls = minutes_urls + resolution_urls
