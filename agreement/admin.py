"""Behind the pages: the figures that are stored. They are never edited."""

from django.contrib import admin

from agreement.models import Reading, Report
from annotation.admin import ReadOnly


@admin.register(Report, Reading)
class KeptAdmin(ReadOnly):
    list_display = ["id", "campaign", "state", "options", "judgements", "seconds", "computed_at"]
    list_filter = ["state"]
    list_select_related = ["campaign"]
