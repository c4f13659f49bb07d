"""Behind the pages: the reports that are stored. They are never edited."""

from django.contrib import admin

from agreement.models import Report
from annotation.admin import ReadOnly


@admin.register(Report)
class ReportAdmin(ReadOnly):
    list_display = ["id", "campaign", "state", "options", "judgements", "seconds", "computed_at"]
    list_filter = ["state"]
    list_select_related = ["campaign"]
