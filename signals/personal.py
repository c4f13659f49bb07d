"""Which person made an affect their own: who liked or loved a post feels what it makes one feel.

A *fan* of a post is a person who liked or loved it. For a post whose label for a personalised
affect is 1, each fan has a row with label 1. A row with label 0 pairs a post on which nobody
picked the affect with a fan of that post too: were negatives drawn from anybody, a model would
learn "liked it?" instead of the affect. (KDD 2022, section 3.4; the negatives are our reading.)
"""

import numpy as np

FAN_KINDS = ("like", "love")
#: So that a post which the whole platform likes does not outweigh all others.
MOST_FANS = 200

#: SQL: a campaign's posts with their fans, in columns campaign_post_id and person_id. Of more than
#: %(most_fans)s, a sample that depends on nothing but %(seed)s and the keys. Consent is required.
FANS = """
SELECT campaign_post_id, person_id FROM (
    SELECT campaign_post_id, person_id, row_number() OVER (
        PARTITION BY campaign_post_id
        ORDER BY sha256(convert_to(concat_ws(' ', %(seed)s::text, post_key, person_key), 'UTF8'))
    ) AS place
    FROM (
        SELECT DISTINCT campaign_post.id AS campaign_post_id, person.id AS person_id,
            post.key AS post_key, person.key AS person_key
        FROM annotation_campaignpost AS campaign_post
        JOIN annotation_post AS post ON post.id = campaign_post.post_id
        JOIN signals_signal AS signal ON signal.post_id = post.id
        JOIN signals_person AS person ON person.id = signal.person_id
        WHERE campaign_post.campaign_id = %(campaign)s AND signal.kind = ANY(%(fan_kinds)s)
            AND person.consented
    ) AS fan
) AS placed
WHERE place <= %(most_fans)s
"""


def personalise(
    labels: np.ndarray, votes: np.ndarray, raters: np.ndarray, fans: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows of F fans of posts.

    labels  [P, A] 1 where a post has the affect, by a consensus rule; the A personalised affects
    votes   int[P, A] raters who picked it, of raters int[P]
    fans    int[F] each fan's post, as a position in P

    Returns (fan int[R], affect int[R], label int8[R]), in the order of the fans. A judged post that
    somebody, but not the rule, gives the affect says neither yes nor no, and has no row.

    >>> personalise(np.array([[1, 0, 0]]), np.array([[3, 1, 0]]), np.array([5]), np.array([0, 0]))
    (array([0, 0, 1, 1]), array([0, 2, 0, 2]), array([1, 0, 1, 0], dtype=int8))
    """
    positive = labels == 1
    known = positive | ((votes == 0) & (raters > 0)[:, None])
    fan, affect = np.nonzero(known[fans])
    return fan, affect, positive[fans[fan], affect].astype(np.int8)
