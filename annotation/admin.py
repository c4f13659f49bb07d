"""Behind the pages: where admins look things up. Judgements are never edited here."""

from django.contrib import admin
from django.http import HttpRequest

from annotation.models import Campaign, Flag, Judgement, Membership, Post, Rater


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


@admin.register(Campaign)
class CampaignAdmin(admin.ModelAdmin):
    """What raters read may be improved; what figures rest on is set when a campaign is made."""

    list_display = ["slug", "name", "state", "taxonomy", "frame", "raters_per_post"]
    list_filter = ["state"]
    list_select_related = ["taxonomy"]
    fields = ["slug", "name", "guideline", "lease_seconds"]
    readonly_fields = ["slug"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


@admin.register(Post)
class PostAdmin(ReadOnly):
    list_display = ["key", "__str__", "publisher", "language", "sensitive"]
    search_fields = ["key"]
    show_full_result_count = False


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["rater", "campaign", "state", "joined_at"]
    list_filter = ["state", "campaign"]
    list_select_related = ["rater", "campaign"]
    search_fields = ["rater__key"]
    readonly_fields = ["rater", "campaign"]
    exclude = ["stratum", "walked_priority", "walked_id", "walked_spares"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Judgement)
class JudgementAdmin(ReadOnly):
    list_display = ["id", "campaign", "rater", "picks", "other", "revision", "judged_at"]
    list_select_related = ["campaign", "rater"]
    show_full_result_count = False


@admin.register(Flag)
class FlagAdmin(ReadOnly):
    list_display = ["campaign_post", "rater", "reason", "flagged_at", "resolved_at"]
    list_select_related = ["campaign_post__post", "campaign_post__campaign", "rater"]


admin.site.register(Rater, ReadOnly)
