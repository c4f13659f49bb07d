"""A campaign as large as the paper's, put into an embedded PostgreSQL once and kept there.

820,000 posts judged by 5 of 348 raters each, over 60 days that end now, each judgement with its
assignment; 20,000 posts nobody was asked about yet; 40 gold posts that every rater has answered;
flags, rounds, snapshots, a model. Rows are put in without triggers, and counted afterwards.
"""

from datetime import date, timedelta

import numpy as np

from bench import paper_rounds
from bench.agreement import AFFECTS, PER_POST, RATERS, crowd

SLUG = "paper"
DAYS, WAITING, GOLD, FLAGS = 60, 20_000, 40, 30
POSTS = """
INSERT INTO annotation_post (id, key, title, body, ocr_text, transcript, image, image_alt, language,
    publisher, publisher_feeling, sensitive, metadata, content_hash, imported_at)
SELECT n, 'p' || n, '', repeat('A post about the weather and the sea. ', 1 + n %% 9), '', '', '', '',
    'en', 'Someone', CASE WHEN n %% 50 = 0 THEN 'grateful' ELSE '' END, false, '{}', '', now()
FROM generate_series(1, %(posts)s + %(waiting)s + %(gold)s) AS n
"""
PLACES = """
INSERT INTO annotation_campaignpost (id, campaign_id, post_id, state, priority, wanted, reserved,
    judged)
SELECT n, %(campaign)s, n,
    CASE WHEN n > %(posts)s + %(waiting)s THEN 'gold' ELSE 'open' END, random(),
    CASE WHEN n > %(posts)s + %(waiting)s THEN 32767 ELSE %(per_post)s END,
    CASE WHEN n <= %(posts)s THEN %(per_post)s WHEN n > %(posts)s + %(waiting)s THEN %(raters)s
        ELSE 0 END,
    CASE WHEN n <= %(posts)s THEN %(per_post)s WHEN n > %(posts)s + %(waiting)s THEN %(raters)s
        ELSE 0 END
FROM generate_series(1, %(posts)s + %(waiting)s + %(gold)s) AS n
"""
GOLD_ANSWERS = """
INSERT INTO made SELECT %(posts)s + %(waiting)s + n %% %(gold)s + 1, n / %(gold)s + 1,
    1 << (n %% 3)::integer, n %% 7 < 6
FROM generate_series(0, %(gold)s * %(raters)s - 1) AS n
"""
ASSIGNMENTS = """
INSERT INTO annotation_assignment (id, campaign_id, campaign_post_id, rater_id, state, offered_at,
    lease_expires_at, closed_at, skip_reason)
SELECT n, %(campaign)s, post, rater, 'done', at, at, at, '' FROM dated
"""
JUDGEMENTS = """
INSERT INTO annotation_judgement (id, campaign_id, campaign_post_id, rater_id, assignment_id, picks,
    other, frame, seconds, judged_at, revision, set_aside, gold_right)
SELECT n, %(campaign)s, post, rater, n, picks, CASE WHEN n %% 500 = 0 THEN 'nostalgic' ELSE '' END,
    'universal', 3 + 60 * random() ^ 3, at, 0, false, gold_right FROM dated
"""


def fill(posts: int) -> None:
    """Everything, in some minutes. Does nothing where the campaign is there already."""
    from django.db import connection, transaction

    from annotation.models import Campaign

    if Campaign.objects.filter(slug=SLUG).exists():
        return
    campaign = make_campaign()
    scale = {"posts": posts, "waiting": WAITING, "gold": GOLD, "raters": RATERS}
    scale |= {"per_post": PER_POST, "campaign": campaign.id}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(POSTS, scale)
        cursor.execute(PLACES, scale)
        copy_judgements(cursor, posts)
        cursor.execute(GOLD_ANSWERS, scale)
        date_judgements(cursor)
        cursor.execute(ASSIGNMENTS, scale)
        cursor.execute(JUDGEMENTS, scale)
        mend_sequences(cursor)
    finish(campaign)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def make_campaign():
    from annotation import campaigns
    from annotation.models import Membership, Rater
    from taxonomy import files, taxonomies

    affects = [{"key": f"affect_{n:02}", "name": f"Affect {n}"} for n in range(AFFECTS)]
    raw = {"key": "bench", "version": 1, "question": "How might someone feel?", "max_picks": 3}
    taxonomy = taxonomies.load(file=files.parse({**raw, "affects": affects}))[0]
    campaign = campaigns.create(slug=SLUG, taxonomy=taxonomy, raters_per_post=PER_POST)
    campaigns.change(campaign=campaign, pay_per_hour="14.50")
    raters = [Rater(id=n + 1, key=f"rater {n:03}") for n in range(RATERS)]
    Rater.objects.bulk_create(raters)
    Membership.objects.bulk_create(Membership(campaign=campaign, rater=rater) for rater in raters)
    return campaign


def copy_judgements(cursor, posts: int) -> None:
    made = crowd(np.random.default_rng(0), posts)
    cursor.execute(
        "CREATE TEMP TABLE made (post bigint, rater bigint, picks bigint, gold_right boolean)"
        " ON COMMIT DROP"
    )
    columns = (made.posts + 1, made.raters + 1, made.picks)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    with cursor.copy("COPY made (post, rater, picks) FROM STDIN") as copy:
        for post, rater, picks in rows:
            copy.write(f"{post}\t{rater}\t{picks}\n")


def date_judgements(cursor) -> None:
    """Posts were judged one after the other, gold in between, as many on each day."""
    cursor.execute(
        """CREATE TEMP TABLE dated ON COMMIT DROP AS
           SELECT row_number() OVER in_order AS n, post, rater, picks, gold_right,
               now() - %(days)s * interval '1 day' * (1 - percent_rank() OVER in_order) AS at
           FROM made WINDOW in_order AS (ORDER BY
               CASE WHEN gold_right IS NULL THEN post ELSE hashint8(post * 1000 + rater) END, rater)
        """,
        {"days": DAYS},
    )


def mend_sequences(cursor) -> None:
    for table in ("post", "campaignpost", "assignment", "judgement", "rater"):
        cursor.execute(f"SELECT setval('annotation_{table}_id_seq', 10000000)")


def finish(campaign) -> None:
    """What the triggers would have noted, and all that hangs on a campaign besides."""
    from agreement import live
    from annotation import counts
    from annotation.models import CampaignPost, Flag, Gold, Rater

    places = CampaignPost.objects.filter(campaign=campaign)
    gold = places.filter(state=CampaignPost.State.GOLD)
    Gold.objects.bulk_create(Gold(campaign_post=place, expected=1) for place in gold)
    rater = Rater.objects.earliest("id")
    Flag.objects.bulk_create(
        Flag(campaign_post=place, rater=rater, reason="This is an advertisement.")
        for place in places.order_by("id")[:FLAGS]
    )
    live.current(campaign=campaign)
    counts.recount(campaign=campaign)
    add_snapshots(campaign)


def add_snapshots(campaign) -> None:
    """Rows as if they had been built: the pages read no file of theirs."""
    from django.utils import timezone

    from modelling.models import ModelVersion, TrainingRun
    from snapshots.models import Snapshot

    for number in range(1, 11):
        snapshot = Snapshot.objects.create(
            campaign=campaign, name=f"{SLUG} {number}", rules=["votes>=3"], state="ready",
            progress=1.0, sha256="0" * 64, counts={"posts": 820_000, "judgements": 4_100_000},
            finished_at=timezone.now(),
        )  # fmt: skip
        run = TrainingRun.objects.create(
            snapshot=snapshot, recipe="small", state="done", progress=1.0, curve=[0.2, 0.3],
            started_at=timezone.now(), finished_at=timezone.now(),
        )  # fmt: skip
        ModelVersion.objects.create(
            name=f"pathos-{SLUG}", version=number, champion=number == 10, run=run,
            mlflow_run_id="0", recipe="small", bundle="", sha256="0" * 64, taxonomy="bench:1",
            campaign=SLUG, snapshot_sha256="0" * 64,
        )  # fmt: skip


def do_the_workers_part() -> None:
    """What pages show until it is asked for again: computed by workers where Pathos runs."""
    from agreement.models import Reading, Slices, Weeks
    from annotation.models import Campaign
    from quality import tables
    from routing import gained
    from routing.models import Gained

    campaign = Campaign.objects.get(slug=SLUG)
    paper_rounds.add(campaign)
    if tables.kept(campaign) is None:
        tables.keep(campaign)
    if not Gained.objects.filter(campaign=campaign).exists():
        gained.count(campaign=campaign)
    if not Slices.objects.filter(campaign=campaign).exists():
        add_answers(campaign)
    for kind in (Reading, Weeks, Slices):
        keep(kind, campaign)
    keep_reports(campaign)
    add_analysis(campaign)


def add_answers(campaign) -> None:
    """What raters say of themselves: one group in three for each question."""
    from joining.models import Strata

    raters = campaign.memberships.order_by("id").values_list("rater_id", flat=True)
    Strata.objects.bulk_create(
        [Strata(rater_id=rater, gender=("woman", "man", "")[rater % 3]) for rater in raters],
        ignore_conflicts=True,
    )


def keep(kind: type, campaign) -> None:
    """The campaign's readings, weeks or slices, if it has none."""
    from agreement import drift, readings, slices
    from agreement.consensus_views import ON_THE_PAGE
    from agreement.options import Options

    if kind.objects.filter(campaign=campaign, state="done").exists():
        return
    compute = {
        "Reading": lambda: readings.compute(campaign=campaign, asked=ON_THE_PAGE),
        "Weeks": lambda: drift.compute(campaign=campaign, options=Options()),
        "Slices": lambda: slices.compute(campaign=campaign),
    }
    compute[kind.__name__]().save()


def keep_reports(campaign) -> None:
    """As pages ask for them: all judgements, without a rater, and before and after a day."""
    from agreement import comparing, reports
    from agreement.models import Report
    from agreement.options import Options

    if Report.objects.filter(campaign=campaign).exists():
        return
    member = campaign.memberships.order_by("id").first().id
    around = comparing.around(middle(), Options())
    for options in (
        Options(),
        Options(correlation="spearman"),
        Options(without=(member,)),
        *around,
    ):
        reports.compute(campaign=campaign, options=options).save()


def middle() -> date:
    """The day in the middle of the campaign."""
    from annotation.models import Judgement

    return Judgement.objects.order_by("id").first().judged_at.date() + timedelta(days=DAYS // 2)


def add_analysis(campaign) -> None:
    """A file that was read, but for some of its rows."""
    from analysis.models import Analysis

    Analysis.objects.get_or_create(
        name=SLUG,
        defaults={
            "file_name": "labels.csv", "state": "ready", "answers": 4_100_000, "stored": 4_099_990,
            "rejected": 10, "campaign": campaign,
        },
    )  # fmt: skip
