"""Addresses: audits and hand-overs."""

from django.urls import path

from fees.views import audits, findings, handovers

urlpatterns: list = [
    path("audits/", audits.audits, name="audits"),
    path("audits/new/", audits.audit_new, name="audit_new"),
    path("audits/<int:pk>/", audits.audit, name="audit"),
    path("audits/<int:pk>/do/<slug:action>/", audits.audit_move, name="audit_move"),
    path("audits/<int:pk>/check/", audits.audit_check, name="audit_check"),
    path("audits/<int:pk>/count/", audits.audit_count, name="audit_count"),
    path("audits/<int:pk>/findings/new/", findings.finding_new, name="finding_new"),
    path("audits/<int:pk>/demands/new/", findings.demand_new, name="demand_new"),
    path("audits/<int:pk>/conclusion/", audits.audit_reword, name="audit_reword"),
    path("audits/<int:pk>/seal/", audits.audit_seal, name="audit_seal"),
    path("audits/<int:pk>/withdraw/", audits.audit_withdraw, name="audit_withdraw"),
    path("audits/<int:pk>/sign/", audits.audit_sign, name="audit_sign"),
    path("audits/<int:pk>.pdf", audits.audit_pdf, name="audit_pdf"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<int:pk>/answer/", findings.answer, name="finding_answer"),
    path("findings/<int:pk>/judge/", findings.judge, name="finding_judge"),
    path("demands/<int:pk>/remove/", findings.demand_remove, name="demand_remove"),
    path("handovers/", handovers.handovers, name="handovers"),
    path("handovers/new/", handovers.handover_new, name="handover_new"),
    path("handovers/<int:pk>/", handovers.handover, name="handover"),
    path("handovers/<int:pk>/seal/", handovers.handover_seal, name="handover_seal"),
    path("handovers/<int:pk>/withdraw/", handovers.handover_withdraw, name="handover_withdraw"),
    path("handovers/<int:pk>/sign/", handovers.handover_sign, name="handover_sign"),
    path("handovers/<int:pk>.pdf", handovers.handover_pdf, name="handover_pdf"),
]
