"""The page and the REST door on strata."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRefresh
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agreement import tasks
from agreement.api import accepted
from agreement.charted import affect_names
from agreement.models import Slices
from agreement.serializers import ReportSerializer
from agreement.text import PART_NAMES
from annotation.access import get_campaign
from annotation.models import Campaign
from lib.permissions import IsEngineer, engineer_required


class SlicesSerializer(ReportSerializer):
    class Meta(ReportSerializer.Meta):
        model = Slices


class OfStrata(APIView):
    permission_classes = [IsEngineer]

    @extend_schema(responses={200: OpenApiTypes.OBJECT, 202: SlicesSerializer})
    def get(self, request: Request, slug: str) -> Response:
        """How groups of raters agree and what they pick: the newest release. Groups of fewer than
        five raters are left out, and so is another one where it would tell of them. Where there is
        none yet, or too few raters have changed for one to be shown, the answer is 202."""
        found = tasks.show_slices(campaign=get_campaign(slug), created_by=request.user)
        if found.report is None:
            return accepted(SlicesSerializer(found.latest))
        return Response(found.report.figures | {"computed_at": found.report.computed_at})


@engineer_required
def strata(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest release, a table for each question; while a worker computes, HTMX asks again."""
    campaign = get_campaign(slug)
    found = tasks.show_slices(campaign=campaign, created_by=request.user)
    if request.htmx:
        if found.is_queued:
            return render(request, "agreement/_drift_waiting.html")
        return HttpResponseClientRefresh()
    shown = {"campaign": campaign, "found": found}
    if found.report:
        shown["parts"] = _parts(campaign, found.report.figures)
    return render(request, "agreement/strata.html", shown)


def _parts(campaign: Campaign, figures: dict) -> list[dict]:
    names = affect_names(campaign)
    return [
        {
            "name": PART_NAMES[key],
            "key": key,
            "raters_left_out": part["raters_left_out"],
            "groups": [
                {**group, "cells": list(group["rates"].values())} for group in part["groups"]
            ],
            "affects": [names[key] for key in part["groups"][0]["rates"]] if part["groups"] else [],
        }
        for key, part in figures["parts"].items()
    ]
