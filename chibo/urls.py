"""One include per app. PUBLIC lists what needs no login; the matrix test holds the views against it."""

from django.urls import include, path, re_path

from chibo import views

# names of addresses that answer without login (allauth's entrance pages are exempt by themselves)
PUBLIC = {
    "healthz",
    "text_size",
    "help",
    "documents:verify",
    "notices:act",
    "notices:feed",
    "members:slip",
    "members:setup",
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_login_code",
    "mfa_authenticate",
    # answer in demo mode only
    "demo_mail",
    "demo_message",
    "demo_html",
    "demo_certificate",
}

urlpatterns = [
    path("", views.home, name="home"),
    path("all/", views.all_places, name="all"),
    path("me/", views.me, name="me"),
    path("numbers/", views.numbers, name="numbers"),
    path("search/", views.search_page, name="search"),
    path("members/<int:pk>/evidence/", views.unpaid_evidence, name="unpaid_evidence"),
    path("help/", views.help_page, name="help"),
    path("text-size/", views.text_size, name="text_size"),
    path("healthz", views.healthz, name="healthz"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("styleguide/floor/", views.floor, name="floor"),
    path("demo/mail/", views.demo_mail, name="demo_mail"),
    path("demo/mail/<str:name>/", views.demo_message, name="demo_message"),
    path("demo/mail/<str:name>/html/", views.demo_html, name="demo_html"),
    path("demo/certificates/<str:name>", views.demo_certificate, name="demo_certificate"),
    path("", include("members.urls")),
    path("meetings/", include("meetings.urls")),
    path("resolutions/", include("meetings.resolution_urls")),
    path("duties/", include("meetings.duty_urls")),
    path("calendar/", include("meetings.calendar_urls")),
    path("assignments/", include("assignments.urls")),
    path("fees/", include("fees.urls")),
    path("pledges/", include("pledges.urls")),
    path("reviews/", include("reviews.urls")),
    path("", include("notices.urls")),
    path("verify/", include("documents.urls")),
    re_path(r"^account/confirm-email/", views.no_mail, name="no_mail"),  # mail plays no part in accounts
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
]

handler403 = "chibo.views.forbidden"
handler404 = "chibo.views.not_found"
handler500 = "chibo.views.server_error"
