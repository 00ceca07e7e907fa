"""Addresses of preparing a meeting."""

from django.urls import path

from meetings.views import agenda, meeting, notices, papers, preparation, review, topics

meeting_urls = [
    path("", meeting.meeting_list, name="list"),
    path("new/", meeting.new, name="new"),
    path("<int:pk>/", meeting.detail, name="detail"),
    path("<int:pk>/edit/", meeting.edit, name="edit"),
    path("<int:pk>/do/<slug:action>/", meeting.move, name="move"),
    path("<int:pk>/notices/", notices.notices, name="notices"),
]
agenda_urls = [
    path("<int:pk>/agenda/", agenda.working_page, name="agenda"),
    path("<int:pk>/agenda.pdf", agenda.agenda_pdf, name="agenda_pdf"),
    path("<int:pk>/agenda/new/", agenda.item_new, name="item_new"),
    path("<int:pk>/agenda/order/", agenda.order, name="order"),
    path("<int:pk>/agenda/proposals/", agenda.proposals, name="proposals"),
    path("<int:pk>/agenda/<int:item>/", agenda.item, name="item"),
    path("<int:pk>/agenda/<int:item>/edit/", agenda.item_edit, name="item_edit"),
    path("<int:pk>/agenda/<int:item>/delete/", agenda.item_delete, name="item_delete"),
    path("<int:pk>/agenda/<int:item>/papers/", agenda.item_paper, name="item_paper"),
    path("<int:pk>/review/", review.review, name="review"),
    path("topics/<int:item>/", topics.topic, name="topic"),
]
paper_urls = [
    path("<int:pk>/papers/", papers.papers, name="papers"),
    path("<int:pk>/papers/<int:paper>/", papers.paper, name="paper"),
    path("<int:pk>/papers/<int:paper>/read/", papers.paper_read, name="paper_read"),
    path("<int:pk>/papers/<int:paper>/delete/", papers.paper_delete, name="paper_delete"),
]
preparation_urls = [
    path("<int:pk>/opinions/", preparation.opinions, name="opinions"),
    path("<int:pk>/opinions/<int:question>/", preparation.answer, name="answer"),
    path("<int:pk>/reply/", preparation.reply, name="reply"),
    path("<int:pk>/replies/", preparation.replies, name="replies"),
    path("<int:pk>/replies/<int:reply>/", preparation.decide, name="decide"),
]
urls = [*meeting_urls, *agenda_urls, *paper_urls, *preparation_urls]
