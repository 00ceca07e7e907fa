"""The life of a meeting, from the draft of its agenda to its signed minutes."""

from meetings.models.agenda import AgendaItem, ItemAssignment, MeetingPaper, PaperRead, Question, Reply
from meetings.models.carrying import DroppedItem, PutOff, ReviewLine
from meetings.models.clauses import Clause, ClauseAssignment, ClauseDecision, Duty, DutyPlan
from meetings.models.meeting import Meeting
from meetings.models.minutes import Explanation, Minutes, Resolution
from meetings.models.planning import PlannedMeeting
from meetings.models.session import Attendance, Guest, Speech, Vote

__all__ = [
    "AgendaItem",
    "Attendance",
    "Clause",
    "ClauseAssignment",
    "ClauseDecision",
    "DroppedItem",
    "Duty",
    "DutyPlan",
    "Explanation",
    "Guest",
    "ItemAssignment",
    "Meeting",
    "MeetingPaper",
    "Minutes",
    "PaperRead",
    "PlannedMeeting",
    "PutOff",
    "Question",
    "Reply",
    "Resolution",
    "ReviewLine",
    "Speech",
    "Vote",
]
