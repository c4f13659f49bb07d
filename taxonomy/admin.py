from django.contrib import admin

from taxonomy.models import Affect, Proposal, Taxonomy


class AffectInline(admin.TabularInline):
    model = Affect
    fields = ["position", "key", "name", "definition", "valence", "importance"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Taxonomy)
class TaxonomyAdmin(admin.ModelAdmin):
    """Read-only: taxonomies come in as files, and a used one is never edited."""

    list_display = ["key", "version", "question", "frozen_at"]
    inlines = [AffectInline]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return obj is None or obj.frozen_at is None


@admin.register(Proposal)
class ProposalAdmin(admin.ModelAdmin):
    """Read-only: proposals are made and withdrawn on the page of a campaign's consensus."""

    list_display = ["name", "taxonomy", "proposed_by", "proposed_at", "withdrawn_at"]
    list_select_related = ["taxonomy", "proposed_by"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
