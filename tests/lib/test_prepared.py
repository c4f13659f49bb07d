"""Rows of statements that are planned once, as objects."""

import pytest
from django.db import connection
from django.db.utils import IntegrityError

from annotation.models import CampaignPost, Post
from lib.prepared import Joined, rows

JOINED = Joined(place=CampaignPost, post=(Post, "body", "metadata"))
PLACES = f"""
SELECT {JOINED.columns} FROM annotation_campaignpost AS place
JOIN annotation_post AS post ON post.id = place.post_id
WHERE place.campaign_id = %(campaign)s ORDER BY place.id
"""


@pytest.fixture
def read(campaign, add_posts):
    add_posts(campaign, "first", "second")
    return [JOINED.read(row) for row in rows(PLACES, {"campaign": campaign.id})]


def test_each_row_becomes_one_object_of_each_model(read):
    assert [objects[0] for objects in read] == list(CampaignPost.objects.order_by("id"))
    assert [objects[1] for objects in read] == list(Post.objects.order_by("id"))
    assert read[0][0].wanted == 2


def test_fields_left_out_are_fetched_when_asked_for(read, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert read[1][1].key == "p2"
    with django_assert_num_queries(1):
        assert read[1][1].body == "second"


def test_the_server_keeps_the_plan(read, campaign):
    rows(PLACES, {"campaign": campaign.id})

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s",
                       ["%annotation_campaignpost AS place%"])  # fmt: skip
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_refusals_of_the_database_are_the_ones_of_django(campaign, add_posts):
    (post,) = add_posts(campaign, "first")

    with pytest.raises(IntegrityError):
        rows(
            "UPDATE annotation_campaignpost SET reserved = 9 WHERE id = %(id)s RETURNING id",
            {"id": post.id},
        )
