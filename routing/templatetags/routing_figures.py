"""Figures of routing as templates show them."""

from django import template

from routing import report

register = template.Library()
register.filter(report.percent)
