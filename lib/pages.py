"""Cursor pagination, the same for every list behind REST."""

from rest_framework.pagination import CursorPagination


class ByIdPagination(CursorPagination):
    """Walks a table by its key, so page 10,000 costs what page 1 costs."""

    ordering = "id"
    page_size = 100
    max_page_size = 1000
    page_size_query_param = "page_size"
