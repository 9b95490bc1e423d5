"""Projects name the forums and agreements they build; what a locked period counts of them stays."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION consultations_refuse_locked(the_refusal text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', the_refusal USING
        ERRCODE = 'restrict_violation', CONSTRAINT = the_refusal;
END $$;

-- --- meetings ---
CREATE FUNCTION consultations_forum_is_locked(the_forum bigint, moment timestamptz)
RETURNS boolean LANGUAGE sql AS $$
    SELECT EXISTS (
        SELECT FROM consultations_project_forums f
         WHERE f.forum_id = the_forum
           AND consultations_is_locked(
                   f.project_id, ARRAY[(moment AT TIME ZONE 'Europe/Berlin')::date]
               )
    )
$$;

CREATE FUNCTION consultations_keep_meetings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    counted boolean := TG_OP <> 'INSERT' AND OLD.withdrawn_at IS NULL AND NOT OLD.is_cancelled;
    counts boolean := TG_OP <> 'DELETE' AND NEW.withdrawn_at IS NULL AND NOT NEW.is_cancelled;
BEGIN
    IF TG_OP = 'UPDATE' AND counted = counts
        AND (OLD.forum_id, OLD.starts_at, OLD.minutes, OLD.guests)
            = (NEW.forum_id, NEW.starts_at, NEW.minutes, NEW.guests) THEN
        RETURN NULL;
    END IF;
    IF counted AND consultations_forum_is_locked(OLD.forum_id, OLD.starts_at)
        OR counts AND consultations_forum_is_locked(NEW.forum_id, NEW.starts_at) THEN
        PERFORM consultations_refuse_locked('consultations_locked_meetings_stay');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consultations_locked_meetings_stay
    AFTER INSERT OR UPDATE OR DELETE ON enterprises_meeting
    FOR EACH ROW EXECUTE FUNCTION consultations_keep_meetings();

CREATE FUNCTION consultations_keep_who_met() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM enterprises_meeting m
         WHERE m.id IN (
                   CASE WHEN TG_OP <> 'INSERT' THEN OLD.meeting_id END,
                   CASE WHEN TG_OP <> 'DELETE' THEN NEW.meeting_id END
               )
           AND m.withdrawn_at IS NULL AND NOT m.is_cancelled
           AND consultations_forum_is_locked(m.forum_id, m.starts_at)
    ) THEN
        PERFORM consultations_refuse_locked('consultations_locked_meetings_stay');
    END IF;
    RETURN NULL;
END $$;
-- Who it was may be merged: how many were there stays.
CREATE TRIGGER consultations_locked_attendances_stay
    AFTER INSERT OR DELETE OR UPDATE OF meeting_id ON enterprises_meetingattendance
    FOR EACH ROW EXECUTE FUNCTION consultations_keep_who_met();

CREATE FUNCTION consultations_keep_forums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    link record;
BEGIN
    IF TG_OP = 'DELETE' THEN link := OLD; ELSE link := NEW; END IF;
    IF EXISTS (
        SELECT FROM enterprises_meeting m
         WHERE m.forum_id = link.forum_id AND m.withdrawn_at IS NULL AND NOT m.is_cancelled
           AND consultations_is_locked(
                   link.project_id, ARRAY[(m.starts_at AT TIME ZONE 'Europe/Berlin')::date]
               )
    ) THEN
        PERFORM consultations_refuse_locked('consultations_locked_meetings_stay');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consultations_locked_forums_stay
    AFTER INSERT OR DELETE ON consultations_project_forums
    FOR EACH ROW EXECUTE FUNCTION consultations_keep_forums();

-- --- agreements ---
CREATE FUNCTION consultations_keep_agreements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM consultations_project_agreements a
         WHERE a.agreement_id = OLD.id
           AND consultations_is_locked(
                   a.project_id, array_remove(ARRAY[OLD.signed_on, NEW.signed_on], NULL)
               )
    ) THEN
        PERFORM consultations_refuse_locked('consultations_locked_agreements_stay');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consultations_locked_agreements_stay
    AFTER UPDATE ON enterprises_agreement
    FOR EACH ROW WHEN (OLD.signed_on IS DISTINCT FROM NEW.signed_on)
    EXECUTE FUNCTION consultations_keep_agreements();

CREATE FUNCTION consultations_keep_links_of_agreements() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    link record;
BEGIN
    IF TG_OP = 'DELETE' THEN link := OLD; ELSE link := NEW; END IF;
    IF EXISTS (
        SELECT FROM enterprises_agreement a
         WHERE a.id = link.agreement_id AND a.signed_on IS NOT NULL
           AND consultations_is_locked(link.project_id, ARRAY[a.signed_on])
    ) THEN
        PERFORM consultations_refuse_locked('consultations_locked_agreements_stay');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consultations_locked_links_stay
    AFTER INSERT OR DELETE ON consultations_project_agreements
    FOR EACH ROW EXECUTE FUNCTION consultations_keep_links_of_agreements();

-- --- tasks: their numbers are what indicators count by ---
CREATE FUNCTION consultations_keep_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM consultations_consultation c
         WHERE c.task_id = OLD.id AND c.withdrawn_at IS NULL
           AND consultations_is_locked(c.project_id, ARRAY[c.held_on])
    ) THEN
        PERFORM consultations_refuse_locked('consultations_locked_tasks_stay');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consultations_locked_tasks_stay
    AFTER UPDATE ON consultations_projecttask
    FOR EACH ROW WHEN (OLD.number <> NEW.number)
    EXECUTE FUNCTION consultations_keep_tasks();
"""
BACKWARD = """
DROP TRIGGER consultations_locked_tasks_stay ON consultations_projecttask;
DROP FUNCTION consultations_keep_tasks();
DROP TRIGGER consultations_locked_links_stay ON consultations_project_agreements;
DROP FUNCTION consultations_keep_links_of_agreements();
DROP TRIGGER consultations_locked_agreements_stay ON enterprises_agreement;
DROP FUNCTION consultations_keep_agreements();
DROP TRIGGER consultations_locked_forums_stay ON consultations_project_forums;
DROP FUNCTION consultations_keep_forums();
DROP TRIGGER consultations_locked_attendances_stay ON enterprises_meetingattendance;
DROP FUNCTION consultations_keep_who_met();
DROP TRIGGER consultations_locked_meetings_stay ON enterprises_meeting;
DROP FUNCTION consultations_keep_meetings();
DROP FUNCTION consultations_forum_is_locked(bigint, timestamptz);
DROP FUNCTION consultations_refuse_locked(text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0046_cases_of_locked_consultations_stay"),
        ("enterprises", "0021_the_day_is_berlins"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="agreements",
            field=models.ManyToManyField(
                blank=True,
                related_name="projects",
                to="enterprises.agreement",
                verbose_name="cooperation agreements",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="forums",
            field=models.ManyToManyField(
                blank=True,
                related_name="projects",
                to="enterprises.forum",
                verbose_name="forums and networks",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
