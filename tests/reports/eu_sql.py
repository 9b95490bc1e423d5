"""The indicators of the European funds in plain SQL, written without looking at the rules."""

# Everybody who entered under the grant, by their first entry and their last exit; a column for
# each question holds what was said then.
STAYS = """
    SELECT DISTINCT ON (person_id) * FROM consultations_participation
     WHERE project_id = %(project)s AND entered_on BETWEEN %(since)s AND %(end)s
     ORDER BY person_id, entered_on {direction}
"""
FIRST, LAST_ONE = STAYS.format(direction="ASC"), STAYS.format(direction="DESC")
TOLD = f"""
    SELECT first.id, first.entered_on, last.left_on, e.birth_on,
           (last.left_on + interval '6 months')::date AS later_on,
           {{said}}
      FROM ({FIRST}) first
      JOIN ({LAST_ONE}) last USING (person_id)
      JOIN enterprises_person e ON e.id = person_id
     WHERE e.birth_on IS NOT NULL
"""
CODES = [
    "gender",
    "status",
    "isced",
    "unemployed_since",
    "disability",
    "third_country",
    "foreign_background",
    "minority",
    "housing",
    "rural",
    "exit_searching",
    "exit_working",
    "exit_training",
    "exit_qualified",
    "later_working",
    "later_improved",
]
SAID = """(SELECT a.value FROM consultations_answer a
    JOIN consultations_question q ON q.id = a.question_id
    WHERE a.participation_id = {stay}.id AND q.code = '{code}' AND a.state = 'given') AS {code}"""
EVERYBODY = TOLD.format(
    said=", ".join(
        SAID.format(code=code, stay="last" if code.startswith(("exit_", "later_")) else "first")
        for code in CODES
    )
)


def people(condition, day="entered_on"):
    return f"""SELECT count(*) FROM ({EVERYBODY}) p
        WHERE gender IS NOT NULL AND status IS NOT NULL AND isced IS NOT NULL
          AND (status <> 'unemployed' OR unemployed_since IS NOT NULL)
          AND {day} BETWEEN %(start)s AND %(end)s AND ({condition})"""


AGE = "extract(year FROM age(entered_on, birth_on))"
WINDOW = "nullif({0}, 'no')::date BETWEEN left_on AND left_on + 28"
WORKS, SEEKS = WINDOW.format("exit_working"), WINDOW.format("exit_searching")
LAST = "nullif(exit_working, 'no') >= coalesce(nullif(exit_searching, 'no'), '0')"
IS_LAST = f"(({WORKS}) AND ({LAST} OR coalesce(NOT ({SEEKS}), true)))"
PEOPLE = {
    "people_eeco01": people("true"),
    "people_eeco02": people("status = 'unemployed'"),
    "people_eeco03": people(
        "status = 'unemployed' AND unemployed_since::date + interval '12 months' < entered_on"
    ),
    "people_eeco04": people("status = 'inactive'"),
    "people_eeco05": people("status = 'employed'"),
    "people_eeco06": people(f"{AGE} < 18"),
    "people_eeco07": people(f"{AGE} BETWEEN 18 AND 29"),
    "people_eeco08": people(f"{AGE} >= 55"),
    "people_eeco09": people("isced = '0-2'"),
    "people_eeco10": people("isced = '3-4'"),
    "people_eeco11": people("isced = '5-8'"),
    "people_eeco12": people("disability = 'yes'"),
    "people_eeco13": people("third_country = 'yes'"),
    "people_eeco14": people("foreign_background = 'yes'"),
    "people_eeco15": people("minority = 'yes'"),
    "people_eeco16": people("housing = 'yes'"),
    "people_eeco17": people("rural = 'yes'"),
    "people_eecr01": people(
        f"status = 'inactive' AND ({SEEKS}) AND NOT coalesce({IS_LAST}, false)", "left_on"
    ),
    "people_eecr02": people(WINDOW.format("exit_training"), "left_on"),
    "people_eecr03": people(WINDOW.format("exit_qualified"), "left_on"),
    "people_eecr04": people(f"status <> 'employed' AND {IS_LAST}", "left_on"),
    "people_eecr05": people("status <> 'employed' AND later_working = 'yes'", "later_on"),
    "people_eecr06": people("status = 'employed' AND later_improved = 'yes'", "later_on"),
}

# Enterprise → the day its hours reach the threshold, and the day it was supported first. Hours
# count once it is founded; whoever was advised before has been supported from then on.
REACHED = """
    SELECT organisation_id AS id, min(held_on) AS first,
           min(held_on) FILTER (WHERE so_far >= greatest(%(minimum)s * 60, 1)) AS reached
    FROM (
      SELECT c.organisation_id, c.held_on,
             sum(CASE WHEN {counts} AND c.held_on >= coalesce(o.founded_on, c.held_on)
                      THEN c.minutes ELSE 0 END)
               OVER (PARTITION BY c.organisation_id ORDER BY c.held_on, c.id) so_far
      FROM consultations_consultation c
      JOIN enterprises_organisation o ON o.id = c.organisation_id
      LEFT JOIN consultations_supportcase s ON s.id = c.case_id
      WHERE c.project_id = %(project)s AND c.withdrawn_at IS NULL
        AND c.held_on BETWEEN %(since)s AND %(end)s
        AND o.kind IN ('social_enterprise', 'local_business') {more}
    ) sums GROUP BY organisation_id
"""
DOCUMENTED = REACHED.format(counts="c.channel NOT IN ('phone', 'email')", more="")
AS_ENTERPRISE = REACHED.format(
    counts="true", more="AND (s.withdrawn_at IS NULL AND s.support_target = 'person') IS NOT TRUE"
)
SIZE = """(SELECT size_class FROM enterprises_sizedeclaration d
    WHERE d.organisation_id = r.id AND d.withdrawn_at IS NULL
    ORDER BY (d.as_of <= r.first) DESC,
             CASE WHEN d.as_of <= r.first THEN r.first - d.as_of ELSE d.as_of - r.first END
    LIMIT 1)"""
IN_PERIOD = "r.reached BETWEEN %(start)s AND %(end)s"
# The first end of support after which, for a year, nothing runs and nothing begins.
CASES = """SELECT s.opened_on AS begun, s.closed_on AS day FROM consultations_supportcase s
    WHERE s.organisation_id = r.id AND s.project_id = %(project)s AND s.withdrawn_at IS NULL
      AND (s.support_target <> 'person' OR NOT EXISTS (
        SELECT FROM consultations_supportcase o WHERE o.organisation_id = r.id
           AND o.project_id = %(project)s AND o.withdrawn_at IS NULL
           AND o.support_target <> 'person' AND o.opened_on <= s.opened_on))"""
FIRST_END = """(SELECT min(e.day) FROM ({spells}) e WHERE NOT EXISTS (
    SELECT FROM ({spells}) f WHERE f.begun < (e.day + interval '12 months')::date
       AND (f.day IS NULL OR f.day > e.day)))"""
IS_NEW = "r.first <= r.founded_on + interval '36 months'"
FTE = """(SELECT coalesce(sum(j.fte), 0) FROM enterprises_job j
    WHERE j.organisation_id = r.id AND j.withdrawn_at IS NULL AND j.confirmed_on IS NOT NULL
      AND j.kind = '{kind}' AND j.since {begun} AND (j.until IS NULL OR j.until >= {day}))"""
MORE = "({after} - {before})".format(
    after=FTE.format(kind="{0}", begun="<= r.after", day="r.after"),
    before=FTE.format(kind="{0}", begun="< r.first", day="r.first"),
)
HAS_JOBS = """EXISTS (SELECT FROM enterprises_job j WHERE j.organisation_id = r.id
    AND j.withdrawn_at IS NULL AND j.confirmed_on IS NOT NULL)"""
# What is kept is never more, but may be less.
CREATED = f"{MORE.format('new')} + least({MORE.format('kept')}, 0)"
TURNOVER = """(SELECT {what} FROM enterprises_sizedeclaration d
    WHERE d.organisation_id = r.id AND d.withdrawn_at IS NULL AND d.turnover IS NOT NULL
      AND {when} LIMIT 1)"""
BEFORE = TURNOVER.format(what="turnover", when="d.as_of <= r.first ORDER BY d.as_of DESC")
LATER = "d.as_of > r.first AND d.as_of >= r.after ORDER BY d.as_of"
# Awards of the grant; `completed` is the first that was, and one of those asked for is enough.
AWARDED = """
    SELECT w.organisation_id AS id, min(w.granted_on) AS first, min(w.completed_on) AS completed
      FROM reports_enterpriseaward w
      JOIN enterprises_organisation o ON o.id = w.organisation_id
     WHERE w.grant_id = %(grant)s AND w.withdrawn_at IS NULL
       AND w.granted_on BETWEEN %(since)s AND %(end)s
       AND o.kind IN ('social_enterprise', 'local_business')
       AND (o.founded_on IS NULL OR w.granted_on >= o.founded_on) {more}
     GROUP BY w.organisation_id"""
WITH_KIND = "SELECT count(*) FROM ({}) r WHERE r.completed BETWEEN %(start)s AND %(end)s"
ANY_WAY = f"""(SELECT * FROM (
      SELECT coalesce(d.id, w.id) AS id, least(d.reached, w.completed) AS reached,
             least(d.first, w.first) AS first
        FROM ({DOCUMENTED}) d FULL JOIN ({AWARDED.format(more="")}) w ON w.id = d.id) every
    WHERE reached IS NOT NULL)"""
AWARDS = """SELECT w.granted_on AS begun, w.completed_on AS day FROM reports_enterpriseaward w
    WHERE w.organisation_id = r.id AND w.grant_id = %(grant)s AND w.withdrawn_at IS NULL
      AND w.granted_on BETWEEN %(since)s AND %(end)s
      AND w.granted_on >= coalesce(
          (SELECT founded_on FROM enterprises_organisation WHERE id = r.id), w.granted_on)"""
ANY_ENDED = f"""(SELECT CASE WHEN count(*) = count(e.day) THEN max(e.day) END FROM (
      SELECT s.closed_on AS day FROM consultations_supportcase s
       WHERE s.organisation_id = r.id AND s.project_id = %(project)s AND s.withdrawn_at IS NULL
      UNION ALL SELECT w.day FROM ({AWARDS}) w) e)"""
AFTER = f"""(SELECT r.*, (r.ended + interval '12 months')::date AS after FROM (
      SELECT r.*, o.founded_on, {FIRST_END.format(spells=f"{CASES} UNION ALL {AWARDS}")} AS ended
        FROM {ANY_WAY} r JOIN enterprises_organisation o ON o.id = r.id) r)"""
IS_SME = f"{SIZE} IN ('micro', 'small', 'medium')"


def innovating(condition):
    return f"""SELECT count(*) FROM (
        SELECT r.id, r.first, min(greatest(i.introduced_on, r.reached)) AS day
          FROM {ANY_WAY} r JOIN enterprises_innovation i ON i.organisation_id = r.id
         WHERE i.withdrawn_at IS NULL AND i.confirmed_on IS NOT NULL AND {condition}
           AND i.introduced_on >= r.first
           AND i.introduced_on <= coalesce(
               ({ANY_ENDED} + interval '12 months')::date, i.introduced_on)
         GROUP BY r.id, r.first) r
      WHERE r.day BETWEEN %(start)s AND %(end)s AND {IS_SME}"""


PER_HEAD = """(SELECT {what} FROM enterprises_sizedeclaration d
    WHERE d.organisation_id = r.id AND d.withdrawn_at IS NULL AND d.value_added IS NOT NULL
      AND d.employees > 0 AND {when} LIMIT 1)"""
HEAD_BEFORE = PER_HEAD.format(
    what="value_added / employees", when="d.as_of <= r.first ORDER BY d.as_of DESC"
)
ENTERPRISES = {
    "enterprises_in_any_way": f"SELECT count(*) FROM {ANY_WAY} r WHERE {IN_PERIOD}",
    "enterprises_with_grants": WITH_KIND.format(AWARDED.format(more="AND w.kind = 'grant'")),
    "enterprises_with_instruments": WITH_KIND.format(
        AWARDED.format(more="AND w.kind = 'instrument'")
    ),
    "private_investments": """SELECT
        CASE WHEN count(*) > 0 AND count(w.private_amount) = 0 THEN NULL
             ELSE coalesce(sum(w.private_amount), 0) END
        FROM reports_enterpriseaward w
        JOIN enterprises_organisation o ON o.id = w.organisation_id
       WHERE w.grant_id = %(grant)s AND w.withdrawn_at IS NULL
         AND w.granted_on BETWEEN %(since)s AND %(end)s
         AND o.kind IN ('social_enterprise', 'local_business')
         AND (o.founded_on IS NULL OR w.granted_on >= o.founded_on)
         AND w.completed_on BETWEEN %(start)s AND %(end)s""",
    "new_products_or_processes": innovating("i.kind IN ('product', 'process')"),
    "new_marketing_or_organisation": innovating("i.kind IN ('marketing', 'organisation')"),
    "innovations_in_house": innovating("i.is_in_house"),
    "higher_value_added": f"""SELECT count(*) FROM {AFTER} r
        WHERE {PER_HEAD.format(what="value_added / employees", when=LATER)} > {HEAD_BEFORE}
          AND {PER_HEAD.format(what="as_of", when=LATER)} BETWEEN %(start)s AND %(end)s
          AND {IS_SME}""",
    "enterprises_supported": None,
    "enterprises_advised": None,
    "small_enterprises": f"""SELECT count(*) FROM ({AS_ENTERPRISE}) r
        WHERE {IN_PERIOD} AND {SIZE} IN ('micro', 'small', 'medium')""",
    "enterprises_by_size": f"SELECT count(*) FROM ({DOCUMENTED}) r WHERE {IN_PERIOD}",
    "new_enterprises": f"SELECT count(*) FROM {AFTER} r WHERE {IN_PERIOD} AND {IS_NEW}",
    "public_bodies": """SELECT count(*) FROM (
        SELECT min(c.held_on) AS first FROM consultations_consultation c
        JOIN enterprises_organisation o ON o.id = c.organisation_id
        WHERE c.project_id = %(project)s AND c.withdrawn_at IS NULL
          AND c.held_on BETWEEN %(since)s AND %(end)s AND o.kind = 'public_body'
        GROUP BY o.id) f WHERE f.first >= %(start)s""",
    "jobs_created": f"""SELECT
        CASE WHEN count(*) > 0 AND NOT bool_or({HAS_JOBS}) THEN NULL
             ELSE coalesce(sum({CREATED}), 0) END
        FROM {AFTER} r WHERE r.after BETWEEN %(start)s AND %(end)s""",
    "new_enterprises_surviving": f"""SELECT count(*) FROM {AFTER} r
        WHERE r.after BETWEEN %(start)s AND %(end)s AND {IS_NEW}
          AND coalesce((SELECT g.stage FROM enterprises_stagechange g
              WHERE g.organisation_id = r.id AND g.since <= r.after
              ORDER BY g.since DESC, g.id DESC LIMIT 1), '') <> 'given_up'""",
    "higher_turnover": f"""SELECT count(*) FROM {AFTER} r
        WHERE {TURNOVER.format(what="turnover", when=LATER)} > {BEFORE}
          AND {TURNOVER.format(what="as_of", when=LATER)} BETWEEN %(start)s AND %(end)s""",
}
