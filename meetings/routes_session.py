"""Addresses of the meeting in session: console, attendance, votes; included by ``meetings.urls``."""

from django.urls import path

from meetings.views import attendance, session, voting

urls = [
    path("<int:pk>/session/", session.session, name="session"),
    path("<int:pk>/session/items/<int:item>/go/", session.go, name="item_go"),
    path("<int:pk>/session/items/<int:item>/postpone/", session.postpone, name="item_postpone"),
    path("<int:pk>/session/items/<int:item>/conclusion/", session.conclusion, name="conclusion"),
    path("<int:pk>/session/items/<int:item>/speeches/", session.speech_add, name="speech_add"),
    path("<int:pk>/session/items/<int:item>/tasks/new/", session.task_new, name="task_new"),
    path("<int:pk>/session/items/<int:item>/votes/new/", voting.vote_new, name="vote_new"),
    path("<int:pk>/session/speeches/<int:speech>/", session.speech, name="speech"),
    path("<int:pk>/session/speeches/<int:speech>/delete/", session.speech_delete, name="speech_delete"),
    path("<int:pk>/session/officers/", attendance.officers, name="officers"),
    path("<int:pk>/attendance/", attendance.attendance, name="attendance"),
    path("<int:pk>/attendance/all-present/", attendance.all_present, name="all_present"),
    path("<int:pk>/attendance/guests/", attendance.guest_add, name="guest_add"),
    path("<int:pk>/attendance/guests/<int:guest>/delete/", attendance.guest_remove, name="guest_remove"),
    path("<int:pk>/attendance/<int:attendance>/", attendance.attendance_mark, name="attendance_mark"),
    path("<int:pk>/votes/<int:vote>/", voting.vote, name="vote"),
    path("<int:pk>/votes/<int:vote>/do/<slug:action>/", voting.vote_do, name="vote_do"),
    path("<int:pk>/votes/<int:vote>/delete/", voting.vote_delete, name="vote_delete"),
]
