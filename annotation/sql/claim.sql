-- What a claim does inside the database: one round trip, and each statement planned once for a
-- connection. assignments.py calls it; a change here needs a migration that installs it again.
--
-- Locks are taken in this order: the rater's membership, then posts. Posts that others hold are
-- passed over; only a rater who would go empty-handed waits, for one post, holding none.

-- A place in the queue: higher priorities first, then lower ids.
DROP TYPE IF EXISTS annotation_position CASCADE;
CREATE TYPE annotation_position AS (priority double precision, id bigint);

-- How posts are shared out among strata: the one that asks for a place, the others there are, and how
-- many posts in front may be left to them. NULL where nothing is shared out.
DROP TYPE IF EXISTS annotation_share CASCADE;
CREATE TYPE annotation_share AS (stratum smallint, others smallint[], look_ahead integer);

-- Closes leases that have ended, and gives their places back to the queue. The advisory lock lets
-- one claim at a time do so; the others need not wait for it.
CREATE OR REPLACE FUNCTION annotation_release(of_campaign bigint, many_posts_lock integer)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH ended AS MATERIALIZED (
        SELECT id FROM annotation_assignment
        WHERE campaign_id = of_campaign AND state = 'offered' AND lease_expires_at <= now()
          AND pg_try_advisory_xact_lock(many_posts_lock, of_campaign::integer)
        FOR NO KEY UPDATE SKIP LOCKED
    ), closed AS (
        UPDATE annotation_assignment AS assignment SET state = 'expired', closed_at = now()
        FROM ended WHERE assignment.id = ended.id
        RETURNING assignment.campaign_post_id
    )
    UPDATE annotation_campaignpost AS post SET reserved = reserved - freed.places
    FROM (SELECT campaign_post_id, count(*) AS places FROM closed GROUP BY 1) AS freed
    WHERE post.id = freed.campaign_post_id;
END $$;

-- The first place in the queue that this rater can have, locked, with `waits` even if others hold it
-- at this moment; NULL when there is none. `first` is the first one in the queue, held or not.
--
-- The walk begins at `start`: before it the rater has had all posts that had a place when it was
-- noted, and those that have one again since are marked as reopened. OFFSET 0 keeps the look at the
-- rater's own posts from becoming a join; without sorting, the index that the queue is kept in is
-- the only way, however old the statistics are.
--
-- With a `share`, posts that the rater's stratum has its part of are left to others. The whole part
-- of a priority is its level, what follows just an order inside it: nobody gets a post of a lower
-- level in exchange.
CREATE OR REPLACE FUNCTION annotation_first_place(
    of_campaign bigint, for_rater bigint, spares boolean, waits boolean, start annotation_position,
    share annotation_share, OUT place bigint, OUT first annotation_position
) LANGUAGE plpgsql SET enable_sort = off AS $$
DECLARE
    candidate annotation_position;
    left_to_others integer := 0;
    walk CURSOR FOR
        SELECT priority, id FROM (
            (SELECT priority, id, sensitive FROM annotation_campaignpost
             WHERE campaign_id = of_campaign AND state = 'open' AND reserved < wanted AND reopened
               AND priority >= start.priority AND (priority > start.priority OR id < start.id)
             ORDER BY priority DESC, id)
            UNION ALL
            (SELECT priority, id, sensitive FROM annotation_campaignpost
             WHERE campaign_id = of_campaign AND state = 'open' AND reserved < wanted
               AND priority = start.priority AND id >= start.id
             ORDER BY id)
            UNION ALL
            (SELECT priority, id, sensitive FROM annotation_campaignpost
             WHERE campaign_id = of_campaign AND state = 'open' AND reserved < wanted
               AND priority < start.priority
             ORDER BY priority DESC, id)
        ) AS post
        WHERE NOT (sensitive AND spares) AND NOT EXISTS (
            SELECT FROM annotation_assignment
            WHERE campaign_post_id = post.id AND rater_id = for_rater OFFSET 0
        );
BEGIN
    OPEN walk;
    LOOP
        FETCH walk INTO candidate;
        EXIT WHEN NOT FOUND;
        first := coalesce(first, candidate);
        IF share.stratum IS NOT NULL THEN
            EXIT WHEN left_to_others = share.look_ahead
                OR floor(candidate.priority) < floor(first.priority);
            IF NOT annotation_has_share(candidate.id, share) THEN
                left_to_others := left_to_others + 1;
                CONTINUE;
            END IF;
        END IF;
        place := annotation_locked_place(candidate.id, waits, share);
        EXIT WHEN place IS NOT NULL;
    END LOOP;
    CLOSE walk;
END $$;

-- Whether the post can still be shared out evenly if a rater of this stratum judges it: no stratum
-- comes to have more than its part rounded up, and there are places left for the others' parts
-- rounded down. What strata are now decides, so one that was withdrawn takes no part.
CREATE OR REPLACE FUNCTION annotation_has_share(post bigint, share annotation_share)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    strata integer := 1 + cardinality(share.others);
BEGIN
    RETURN (
        SELECT part.own < ceil(wanted::numeric / strata)
            AND wanted - reserved > (strata - 1) * (wanted / strata) - part.of_others
        FROM annotation_campaignpost AS place CROSS JOIN LATERAL (
            SELECT coalesce(sum(raters) FILTER (WHERE stratum = share.stratum), 0) AS own,
                coalesce(sum(least(raters, wanted / strata))
                    FILTER (WHERE stratum = ANY (share.others)), 0) AS of_others
            FROM (
                SELECT stratum, count(*) AS raters FROM annotation_assignment AS assignment
                JOIN annotation_membership AS member USING (campaign_id, rater_id)
                WHERE campaign_post_id = place.id AND assignment.state IN ('offered', 'done')
                GROUP BY stratum
            ) AS counted
        ) AS part
        WHERE place.id = post
    );
END $$;

-- The post, locked, if it still has a place; NULL if not.
CREATE OR REPLACE FUNCTION annotation_locked_place(
    post bigint, waits boolean, share annotation_share
) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    IF waits THEN
        RETURN annotation_awaited_place(post);
    END IF;
    IF share.stratum IS NOT NULL THEN
        RETURN annotation_shared_place(post, share);
    END IF;
    RETURN (
        SELECT id FROM annotation_campaignpost
        WHERE id = post AND state = 'open' AND reserved < wanted
        FOR NO KEY UPDATE SKIP LOCKED
    );
END $$;

-- The same, waiting for whoever holds it. If it is full by then, the exception lets go of its lock,
-- so that nobody waits for a post while holding another one.
CREATE OR REPLACE FUNCTION annotation_awaited_place(post bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM annotation_campaignpost
    WHERE id = post AND state = 'open' AND reserved < wanted FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'full by now';
    END IF;
    RETURN post;
EXCEPTION WHEN raise_exception THEN
    RETURN NULL;
END $$;

-- The same for a rater of a stratum, whose part may have been taken until the post was locked.
CREATE OR REPLACE FUNCTION annotation_shared_place(post bigint, share annotation_share)
RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM annotation_campaignpost
    WHERE id = post AND state = 'open' AND reserved < wanted FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND OR NOT annotation_has_share(post, share) THEN
        RAISE EXCEPTION 'taken by now';
    END IF;
    RETURN post;
EXCEPTION WHEN raise_exception THEN
    RETURN NULL;
END $$;

-- Posts that get a place again, or move up in the queue, where raters may have walked past them. It
-- comes after the update: a trigger before it would lock the row once more each time.
CREATE OR REPLACE FUNCTION annotation_reopen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE annotation_campaignpost SET reopened = true WHERE id = NEW.id AND NOT reopened;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER reopen
AFTER UPDATE OF state, reserved, wanted, priority, sensitive ON annotation_campaignpost
FOR EACH ROW WHEN (
    NEW.state = 'open' AND NEW.reserved < NEW.wanted AND NOT NEW.reopened AND (
        OLD.state <> 'open' OR OLD.reserved >= OLD.wanted
        OR NEW.priority > OLD.priority OR (OLD.sensitive AND NOT NEW.sensitive)
    )
) EXECUTE FUNCTION annotation_reopen();

-- Gold is for every rater, in no order that anybody could learn; maybe NULL, by the share of gold.
CREATE OR REPLACE FUNCTION annotation_gold_place(
    of_campaign bigint, for_rater bigint, spares boolean, gold_share double precision
) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    IF random() >= gold_share THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT id FROM annotation_campaignpost AS post
        WHERE campaign_id = of_campaign AND state = 'gold' AND reserved < wanted
          AND NOT (sensitive AND spares)
          AND NOT EXISTS (
            SELECT FROM annotation_assignment
            WHERE campaign_post_id = post.id AND rater_id = for_rater OFFSET 0
          )
        ORDER BY random()
        LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
    );
END $$;

-- Hands a locked place to the rater.
CREATE OR REPLACE FUNCTION annotation_offer(
    place bigint, of_campaign bigint, to_rater bigint, lease interval
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE annotation_campaignpost SET reserved = reserved + 1 WHERE id = place;
    INSERT INTO annotation_assignment (
        campaign_id, campaign_post_id, rater_id, state, offered_at, lease_expires_at, skip_reason
    ) VALUES (of_campaign, place, to_rater, 'offered', now(), now() + lease, '');
END $$;

-- A post of the rater's own that was let go is theirs again, if it still has a place for them.
CREATE OR REPLACE FUNCTION annotation_take_back(which bigint, lease interval)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    WITH ended AS (
        SELECT assignment.id, post.id AS post FROM annotation_assignment AS assignment
        JOIN annotation_campaignpost AS post ON post.id = assignment.campaign_post_id
        WHERE assignment.id = which AND assignment.state = 'expired'
          AND post.state IN ('open', 'gold') AND reserved < wanted
        FOR NO KEY UPDATE OF assignment, post
    ), place AS (
        UPDATE annotation_campaignpost AS post SET reserved = reserved + 1
        FROM ended WHERE post.id = ended.post
        RETURNING post.id
    )
    UPDATE annotation_assignment AS assignment SET state = 'offered', offered_at = now(),
        lease_expires_at = now() + lease, closed_at = NULL
    FROM ended JOIN place ON place.id = ended.post WHERE assignment.id = ended.id;
    RETURN FOUND;
END $$;

-- When the queue has nothing else: the first of the rater's own posts that were let go.
CREATE OR REPLACE FUNCTION annotation_offer_again(
    of_campaign bigint, to_rater bigint, spares boolean, lease interval
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN coalesce(annotation_take_back((
        SELECT assignment.id FROM annotation_assignment AS assignment
        JOIN annotation_campaignpost AS post ON post.id = assignment.campaign_post_id
        WHERE assignment.campaign_id = of_campaign AND assignment.rater_id = to_rater
          AND assignment.state = 'expired' AND post.state IN ('open', 'gold')
          AND reserved < wanted AND NOT (sensitive AND spares)
        ORDER BY priority DESC, post.id
        LIMIT 1 FOR NO KEY UPDATE OF assignment, post SKIP LOCKED
    ), lease), false);
END $$;

-- How many posts the rater may be handed at most, by their quota and the campaign's daily limit.
CREATE OR REPLACE FUNCTION annotation_allowance(
    of_campaign bigint, of_rater bigint, quota integer, daily integer, midnight timestamptz
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    allowed integer;
BEGIN
    IF quota IS NOT NULL THEN
        allowed := quota - (
            SELECT count(*) FROM annotation_judgement
            WHERE campaign_id = of_campaign AND rater_id = of_rater
        );
    END IF;
    IF daily IS NOT NULL THEN
        allowed := least(allowed, daily - (
            SELECT count(*) FROM annotation_judgement
            WHERE campaign_id = of_campaign AND rater_id = of_rater AND judged_at >= midnight
        ));
    END IF;
    RETURN allowed;
END $$;

-- Where the walk begins for this rater. If it left out sensitive posts, and no longer does, all posts
-- are looked at.
CREATE OR REPLACE FUNCTION annotation_start(member annotation_membership, spares boolean)
RETURNS annotation_position LANGUAGE plpgsql AS $$
BEGIN
    IF member.walked_spares <= spares THEN
        RETURN (member.walked_priority, member.walked_id)::annotation_position;
    END IF;
    RETURN ('Infinity', 0)::annotation_position;
END $$;

-- The rater's part of a post: NULL where posts aren't shared out or the rater told nothing.
CREATE OR REPLACE FUNCTION annotation_share_of(member annotation_membership, look_ahead integer)
RETURNS annotation_share LANGUAGE plpgsql AS $$
BEGIN
    IF look_ahead = 0 OR member.stratum IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (member.stratum, ARRAY(
        SELECT DISTINCT stratum FROM annotation_membership
        WHERE campaign_id = member.campaign_id AND state = 'active' AND admitted
          AND stratum <> member.stratum
    ), look_ahead)::annotation_share;
END $$;

-- Hands out one place of the queue, and if none is left for the rater's stratum just the first one.
-- Where a walk ended that took longer than `patience`, the next one begins: no need to pass by
-- thousands of own posts again. (New posts come in with priority 0.)
--
-- Gold comes in the place of another post only: what came after the last one would be gold for sure.
CREATE OR REPLACE FUNCTION annotation_offer_first(
    member annotation_membership, spares boolean, waits boolean, share annotation_share,
    gold_share double precision, lease interval, patience interval
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    start annotation_position := annotation_start(member, spares);
    walked record;
    began timestamptz := clock_timestamp();
BEGIN
    SELECT * INTO walked FROM annotation_first_place(
        member.campaign_id, member.rater_id, spares, waits, start, share
    );
    IF walked.place IS NULL AND share.stratum IS NOT NULL THEN
        SELECT * INTO walked FROM annotation_first_place(
            member.campaign_id, member.rater_id, spares, waits, start, NULL
        );
    END IF;
    IF clock_timestamp() - began > patience AND (walked.first).priority >= 0 THEN
        UPDATE annotation_membership SET walked_priority = (walked.first).priority,
            walked_id = (walked.first).id, walked_spares = spares
        WHERE id = member.id;
    END IF;
    IF walked.place IS NULL THEN
        RETURN false;
    END IF;
    PERFORM annotation_offer(coalesce(
        annotation_gold_place(member.campaign_id, member.rater_id, spares, gold_share), walked.place
    ), member.campaign_id, member.rater_id, lease);
    RETURN true;
END $$;

-- Tops up what the rater holds to `ask` posts and returns it, oldest first: nothing when nothing is
-- left, and nothing to somebody who isn't an active, admitted member.
CREATE OR REPLACE FUNCTION annotation_claim(
    of_campaign bigint, by_rater bigint, ask integer, lease_seconds integer, spares boolean,
    gold_share double precision, daily integer, midnight timestamptz, patience interval,
    look_ahead integer, many_posts_lock integer
) RETURNS TABLE (
    assignment annotation_assignment, campaign_post annotation_campaignpost, post annotation_post
) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    member annotation_membership;
    lease interval := lease_seconds * interval '1 second';
    share annotation_share;
    held integer;
    most integer;
BEGIN
    SELECT m.* INTO member FROM annotation_membership AS m
    WHERE m.campaign_id = of_campaign AND m.rater_id = by_rater AND m.state = 'active' AND admitted
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM annotation_release(of_campaign, many_posts_lock);
    SELECT count(*) INTO held FROM annotation_assignment AS a
    WHERE a.campaign_id = of_campaign AND a.rater_id = by_rater
      AND a.state = 'offered' AND lease_expires_at > now();
    most := least(ask, annotation_allowance(of_campaign, by_rater, member.quota, daily, midnight));
    spares := spares OR member.avoids_sensitive;
    share := annotation_share_of(member, look_ahead);
    WHILE held < most LOOP
        IF NOT annotation_offer_first(
            member, spares, false, share, gold_share, lease, patience
        ) THEN
            EXIT WHEN held > 0 OR NOT (
                annotation_offer_first(member, spares, true, NULL, gold_share, lease, patience)
                OR annotation_offer_again(of_campaign, by_rater, spares, lease)
            );
        END IF;
        held := held + 1;
    END LOOP;
    RETURN QUERY
        SELECT a, place, p FROM annotation_assignment AS a
        JOIN annotation_campaignpost AS place ON place.id = a.campaign_post_id
        JOIN annotation_post AS p ON p.id = place.post_id
        WHERE a.campaign_id = of_campaign AND a.rater_id = by_rater
          AND a.state = 'offered' AND a.lease_expires_at > now()
        ORDER BY a.id
        LIMIT ask;
END $$;
