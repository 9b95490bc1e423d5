"""The database itself keeps the order of a report's life, and what passed between the two sides."""

from django.db import migrations

NEVER_CHANGE = ("query", "reply", "submission", "acceptance")

FORWARD = """
CREATE FUNCTION reports_refuse_life(why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', why USING ERRCODE = 'restrict_violation', CONSTRAINT = why;
END $$;

CREATE FUNCTION reports_life_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_refuse_life('reports_life_never_changes');
    RETURN NULL;
END $$;

-- A review that was asked for is decided once; then it stays.
CREATE TRIGGER reports_decided_reviews_never_change
    BEFORE UPDATE ON reports_review
    FOR EACH ROW WHEN (OLD.verdict <> '') EXECUTE FUNCTION reports_life_refuse_change();
CREATE TRIGGER reports_reviews_stay
    BEFORE DELETE ON reports_review
    FOR EACH ROW EXECUTE FUNCTION reports_life_refuse_change();
CREATE TRIGGER reports_reviews_are_not_emptied
    BEFORE TRUNCATE ON reports_review
    FOR EACH STATEMENT EXECUTE FUNCTION reports_life_refuse_change();

-- Four eyes, where the programme wants them.
CREATE FUNCTION reports_release_is_reviewed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM reports_report r
          JOIN reports_grant g ON g.id = r.grant_id
          JOIN reports_programme p ON p.id = g.programme_id
         WHERE r.id = NEW.report_id AND p.wants_review
    ) AND NOT EXISTS (
        SELECT FROM reports_review v
         WHERE v.version_id = NEW.id AND v.verdict = 'passed'
           AND v.reviewer_id <> NEW.released_by_id
    ) THEN
        PERFORM reports_refuse_life('reports_release_is_reviewed');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reports_release_is_reviewed
    BEFORE UPDATE ON reports_reportversion
    FOR EACH ROW WHEN (NEW.status = 'released' AND OLD.status <> 'released')
    EXECUTE FUNCTION reports_release_is_reviewed();

-- Only what was released is submitted, not before it, and only the newest.
CREATE FUNCTION reports_newest_released(version bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT v.status = 'released' AND NOT EXISTS (
        SELECT FROM reports_reportversion w
         WHERE w.report_id = v.report_id AND w.number > v.number AND w.status = 'released'
    ) FROM reports_reportversion v WHERE v.id = version
$$;

CREATE FUNCTION reports_submission_follows_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT reports_newest_released(NEW.version_id) OR NEW.submitted_on < (
        SELECT (released_at AT TIME ZONE 'Europe/Berlin')::date
          FROM reports_reportversion WHERE id = NEW.version_id
    ) THEN
        PERFORM reports_refuse_life('reports_submission_follows_release');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reports_submission_follows_release
    BEFORE INSERT ON reports_submission
    FOR EACH ROW EXECUTE FUNCTION reports_submission_follows_release();

-- Asked is about the newest version submitted, as long as it is not accepted.
CREATE FUNCTION reports_query_follows_submission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT reports_newest_released(NEW.version_id)
        OR NOT EXISTS (SELECT FROM reports_submission WHERE version_id = NEW.version_id)
        OR EXISTS (SELECT FROM reports_acceptance WHERE version_id = NEW.version_id)
    THEN
        PERFORM reports_refuse_life('reports_query_follows_submission');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reports_query_follows_submission
    BEFORE INSERT ON reports_query
    FOR EACH ROW EXECUTE FUNCTION reports_query_follows_submission();

-- Accepted is the newest version submitted, with no query of the report left open.
CREATE FUNCTION reports_acceptance_follows_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT reports_newest_released(NEW.version_id)
        OR NOT EXISTS (SELECT FROM reports_submission WHERE version_id = NEW.version_id)
        OR EXISTS (
            SELECT FROM reports_query q
              JOIN reports_reportversion v ON v.id = q.version_id
              LEFT JOIN reports_reply a ON a.query_id = q.id
             WHERE a.id IS NULL
               AND v.report_id = (
                   SELECT report_id FROM reports_reportversion WHERE id = NEW.version_id
               )
        )
    THEN
        PERFORM reports_refuse_life('reports_acceptance_follows_answers');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reports_acceptance_follows_answers
    BEFORE INSERT ON reports_acceptance
    FOR EACH ROW EXECUTE FUNCTION reports_acceptance_follows_answers();
"""
FOR_EACH = """
CREATE TRIGGER reports_{0}_never_changes
    BEFORE UPDATE OR DELETE ON reports_{0}
    FOR EACH ROW EXECUTE FUNCTION reports_life_refuse_change();
CREATE TRIGGER reports_{0}_is_not_emptied
    BEFORE TRUNCATE ON reports_{0}
    FOR EACH STATEMENT EXECUTE FUNCTION reports_life_refuse_change();
"""
BACKWARD_EACH = """
DROP TRIGGER reports_{0}_never_changes ON reports_{0};
DROP TRIGGER reports_{0}_is_not_emptied ON reports_{0};
"""
BACKWARD = """
DROP TRIGGER reports_acceptance_follows_answers ON reports_acceptance;
DROP TRIGGER reports_query_follows_submission ON reports_query;
DROP TRIGGER reports_submission_follows_release ON reports_submission;
DROP TRIGGER reports_release_is_reviewed ON reports_reportversion;
DROP TRIGGER reports_reviews_are_not_emptied ON reports_review;
DROP TRIGGER reports_reviews_stay ON reports_review;
DROP TRIGGER reports_decided_reviews_never_change ON reports_review;
DROP FUNCTION reports_acceptance_follows_answers();
DROP FUNCTION reports_query_follows_submission();
DROP FUNCTION reports_submission_follows_release();
DROP FUNCTION reports_newest_released(bigint);
DROP FUNCTION reports_release_is_reviewed();
DROP FUNCTION reports_life_refuse_change();
DROP FUNCTION reports_refuse_life(text);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0007_the_life_of_reports")]

    operations = [
        migrations.RunSQL(
            FORWARD + "".join(map(FOR_EACH.format, NEVER_CHANGE)),
            "".join(map(BACKWARD_EACH.format, NEVER_CHANGE)) + BACKWARD,
        )
    ]
