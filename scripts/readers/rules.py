"""The derived tables and columns, worked out once more in SQL from the tables they are derived from."""

# Each table with the query that ought to give the same rows.
DERIVED = {
    "site_ancestors": """
        WITH RECURSIVE up AS (
            SELECT id AS site_id, id AS ancestor_id, 0 AS depth FROM sites
            UNION
            SELECT up.site_id, parent_site_id, depth + 1
            FROM up JOIN site_subsites below ON below.site_id = up.ancestor_id
            WHERE depth < (SELECT count(*) FROM sites)
        )
        SELECT site_id, ancestor_id, min(depth)::INTEGER FROM up GROUP BY ALL""",
    "operator_access": """
        SELECT operator_id, below.site_id, granted.site_id, depth
        FROM operator_sites granted JOIN site_ancestors below ON ancestor_id = granted.site_id""",
    # The one table without a key: its rows are compared with their places.
    "(SELECT *, rowid FROM evses)": """
        SELECT evse_uid, charger_id, socket_id, evse_id,
            row_number() OVER (ORDER BY charger_id, position) - 1
        FROM (
            SELECT charger_id AS evse_uid, charger_id, NULL::INTEGER AS socket_id, evse_id, 0 AS position
            FROM chargers WHERE split_evse_by_socket IS NOT TRUE
            UNION ALL
            SELECT charger_id || coalesce(sockets.id::VARCHAR, ''), charger_id, sockets.id, evse_id, position
            FROM chargers JOIN sockets USING (charger_id) WHERE split_evse_by_socket)""",
}

# Each names the rows that break a rule.
BROKEN = {
    "a parent that is no parent": """
        SELECT id FROM sites WHERE parent_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM site_subsites
            WHERE site_id = id AND parent_site_id = parent_id AND parent_site_id <> site_id)""",
    "a site below another, without a parent": """
        SELECT id FROM sites JOIN site_subsites ON site_id = id
        WHERE parent_id IS NULL AND parent_site_id <> site_id""",
    "a tag of nobody": "SELECT id FROM tags WHERE user_id IS NULL",
    "an extra whose field is no anomaly": """
        SELECT entity, key, field FROM extras WHERE NOT EXISTS (
            SELECT 1 FROM anomalies WHERE kind = 'unknown_field'
            AND anomalies.entity = extras.entity AND anomalies.field = extras.field)""",
    "a conflict between equal values": "SELECT * FROM conflicts WHERE kept = other",
    "a circle that is no anomaly": """
        SELECT a.site_id FROM site_ancestors a JOIN site_ancestors b
        ON a.site_id = b.ancestor_id AND a.ancestor_id = b.site_id AND a.depth > 0
        WHERE NOT EXISTS (SELECT 1 FROM anomalies WHERE kind = 'cycle'
            AND list_contains(TRY_CAST(raw AS BIGINT[]), a.site_id))""",
}


def derived(report, package):
    database = package.database()
    for table, sql in DERIVED.items():
        for one, other, what in (
            (f"({sql})", table, "rows are missing"),
            (table, f"({sql})", "rows should not be there"),
        ):
            query = f"SELECT count(*) FROM (FROM {one} EXCEPT ALL FROM {other})"
            count = database.execute(query).fetchone()[0]
            report.check(count == 0, f"{table}: {count} {what}")
    for what, sql in BROKEN.items():
        found = database.execute(sql).fetchall()
        report.check(not found, f"{len(found)} times {what}, such as {found[:1]}")
