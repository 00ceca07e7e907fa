"""The life of a meeting, from the draft of its agenda to its signed minutes."""

from meetings.models.agenda import AgendaItem, ItemAssignment, MeetingPaper, PaperRead, Question, Reply
from meetings.models.meeting import Meeting
from meetings.models.minutes import Clause, Explanation, Minutes, Resolution
from meetings.models.session import Attendance, Guest, Speech, Vote

__all__ = [
    "AgendaItem",
    "Attendance",
    "Clause",
    "Explanation",
    "Guest",
    "ItemAssignment",
    "Meeting",
    "MeetingPaper",
    "Minutes",
    "PaperRead",
    "Question",
    "Reply",
    "Resolution",
    "Speech",
    "Vote",
]
