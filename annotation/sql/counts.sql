-- Differences for the counts of a campaign, as count_models.py keeps them. A claim changes neither
-- state nor judgements of a post, and so pays nothing.

CREATE OR REPLACE FUNCTION annotation_count_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO annotation_postcount (campaign_id, state, wanted, judged, posts)
    VALUES (OLD.campaign_id, OLD.state, OLD.wanted, OLD.judged, -1),
        (NEW.campaign_id, NEW.state, NEW.wanted, NEW.judged, 1);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION annotation_count_new_posts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO annotation_postcount (campaign_id, state, wanted, judged, posts)
    SELECT campaign_id, state, wanted, judged, count(*) FROM becomes GROUP BY 1, 2, 3, 4;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION annotation_count_gone_posts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO annotation_postcount (campaign_id, state, wanted, judged, posts)
    SELECT campaign_id, state, wanted, judged, -count(*) FROM was GROUP BY 1, 2, 3, 4;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER count_post
AFTER UPDATE OF campaign_id, state, wanted, judged ON annotation_campaignpost
FOR EACH ROW WHEN (
    (OLD.campaign_id, OLD.state, OLD.wanted, OLD.judged)
    IS DISTINCT FROM (NEW.campaign_id, NEW.state, NEW.wanted, NEW.judged)
) EXECUTE FUNCTION annotation_count_post();
CREATE OR REPLACE TRIGGER count_new_posts AFTER INSERT ON annotation_campaignpost
    REFERENCING NEW TABLE AS becomes
    FOR EACH STATEMENT EXECUTE FUNCTION annotation_count_new_posts();
CREATE OR REPLACE TRIGGER count_gone_posts AFTER DELETE ON annotation_campaignpost
    REFERENCING OLD TABLE AS was
    FOR EACH STATEMENT EXECUTE FUNCTION annotation_count_gone_posts();

-- A quarter of an hour: the day begins on one of them in every time zone.
CREATE OR REPLACE FUNCTION annotation_quarter(moment timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE AS $$
    SELECT date_bin('15 minutes', moment, timestamptz '2000-01-01 00:00+00')
$$;

CREATE OR REPLACE FUNCTION annotation_count_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO annotation_workcount
            (campaign_id, rater_id, at, judgements, set_aside, gold, milliseconds)
        SELECT campaign_id, rater_id, annotation_quarter(judged_at),
            count(*) FILTER (WHERE gold_right IS NULL),
            count(*) FILTER (WHERE gold_right IS NULL AND set_aside), count(gold_right),
            coalesce(sum(round(seconds * 1000)), 0)
        FROM becomes GROUP BY 1, 2, 3;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO annotation_workcount
            (campaign_id, rater_id, at, judgements, set_aside, gold, milliseconds)
        SELECT campaign_id, rater_id, annotation_quarter(judged_at),
            -count(*) FILTER (WHERE gold_right IS NULL),
            -count(*) FILTER (WHERE gold_right IS NULL AND set_aside), -count(gold_right),
            -coalesce(sum(round(seconds * 1000)), 0)
        FROM was GROUP BY 1, 2, 3;
    ELSE
        INSERT INTO annotation_workcount
            (campaign_id, rater_id, at, judgements, set_aside, gold, milliseconds)
        SELECT * FROM (
            SELECT campaign_id, rater_id, annotation_quarter(judged_at),
                coalesce(sum(n) FILTER (WHERE gold_right IS NULL), 0) AS judgements,
                coalesce(sum(n) FILTER (WHERE gold_right IS NULL AND set_aside), 0) AS set_aside,
                coalesce(sum(n) FILTER (WHERE gold_right IS NOT NULL), 0) AS gold,
                coalesce(sum(n * round(seconds * 1000)), 0) AS milliseconds
            FROM (
                SELECT campaign_id, rater_id, judged_at, gold_right, set_aside, seconds, -1 AS n
                FROM was
                UNION ALL
                SELECT campaign_id, rater_id, judged_at, gold_right, set_aside, seconds, 1
                FROM becomes
            ) AS both_ways
            GROUP BY 1, 2, 3
        ) AS difference
        WHERE judgements <> 0 OR set_aside <> 0 OR gold <> 0 OR milliseconds <> 0;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER count_new_work AFTER INSERT ON annotation_judgement
    REFERENCING NEW TABLE AS becomes
    FOR EACH STATEMENT EXECUTE FUNCTION annotation_count_work();
CREATE OR REPLACE TRIGGER count_changed_work AFTER UPDATE ON annotation_judgement
    REFERENCING OLD TABLE AS was NEW TABLE AS becomes
    FOR EACH STATEMENT EXECUTE FUNCTION annotation_count_work();
CREATE OR REPLACE TRIGGER count_gone_work AFTER DELETE ON annotation_judgement
    REFERENCING OLD TABLE AS was
    FOR EACH STATEMENT EXECUTE FUNCTION annotation_count_work();
