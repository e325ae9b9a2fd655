
	SELECT p.*,
	       (
			SELECT json_agg(json_build_object('u', a.unique_id::text, 'i', a.ref_addresses_people_id, 'a', a.address, 'p', a.post_code, 'd', a.is_display_address, 'm', a.is_contact_address, 's', nullif(a.start_date::date, '1900-01-01'), 'e', nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31'), 'c', coalesce(nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31') >= $2::date, true) AND coalesce(nullif(a.start_date::date, '1900-01-01') <= $2::date, true))
			       ORDER BY (coalesce(nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31') >= $2::date, true) AND coalesce(nullif(a.start_date::date, '1900-01-01') <= $2::date, true)) DESC, (a.is_display_address = 'Y') DESC NULLS LAST,
			                nullif(a.start_date::date, '1900-01-01') DESC NULLS LAST, a.ref_addresses_people_id DESC)
			FROM   mosaic.dm_addresses a
			WHERE  a.person_id = p.person_id
			AND    (a.address ~ '[[:alnum:]]' OR a.post_code ~ '[[:alnum:]]' OR a.unique_id > 0)) AS addresses,
	       (
			SELECT json_agg(json_build_object('i', t.telephone_number_id,
			           'n', t.telephone_number, 't', t.telephone_number_type)
			       ORDER BY t.telephone_number_id)
			FROM   mosaic.dm_telephone_numbers t
			WHERE  t.person_id = p.person_id) AS phones
	FROM   (SELECT p.person_id, (p.restricted = 'N') IS TRUE AS is_unrestricted, p.full_name, p.title, p.first_name, p.last_name, CASE WHEN isfinite(p.date_of_birth) THEN p.date_of_birth END AS date_of_birth, CASE WHEN isfinite(p.date_of_death) THEN p.date_of_death END AS date_of_death, p.gender, p.nationality, p.nhs_id, p.context_flag, p.email_address, p.person_id_legacy
	FROM   mosaic.dm_persons p
	WHERE  p.person_id = ANY ($1::bigint[])) p;

	SELECT json_build_object(
		'hasRows', EXISTS (SELECT FROM "mosaic"."dm_persons"),
		'heartbeat', (SELECT max("beat_at") AT TIME ZONE 'UTC' FROM "mosaic"."gateway_heartbeat"),
		'loadedAt', (SELECT loaded_at FROM gateway.load WHERE source = $1),
		'origin', (SELECT origin FROM gateway.load WHERE source = $1),
		'loading', (
			SELECT json_build_object('origin', g.origin, 'beganAt', g.began_at, 'toldAt', g.told_at,
				'phase', g.phase, 'fault', g.fault, 'goesOn', g.shape <> '', 'isUnderWay', EXISTS (
					SELECT FROM pg_locks
					WHERE  locktype = 'advisory' AND classid = 67418510 -- that of a load under way
					AND    objid::bigint = hashtext($1)::bigint & 4294967295 AND granted
					AND    database = (SELECT oid FROM pg_database WHERE datname = current_database())),
				 'rows', coalesce(t.rows, 0), 'expected', t.expected)
			FROM   gateway.loading AS g, LATERAL (
				SELECT sum(rows)::bigint AS rows,
				       CASE WHEN bool_and(expected IS NOT NULL OR done) THEN
				           sum(CASE WHEN done THEN rows ELSE expected END)::bigint END AS expected
				FROM   gateway.loading_table WHERE source = g.source) AS t
			WHERE  g.source = $1),
		'followed', (
			SELECT coalesce(min(f.applied_at) FILTER (WHERE NOT EXISTS (
			           SELECT FROM gateway.table_fault AS t
			           WHERE  t.source = f.source AND t.name = f.name)), min(f.applied_at))
			FROM   gateway.following AS f WHERE source = $1 AND name = ANY ($2::text[])),
		'following', (SELECT json_agg(name) FROM gateway.following WHERE source = $1),
		'faults', (
			SELECT json_agg(json_build_object(
				'name', name, 'kind', kind, 'reason', reason, 'since', since) ORDER BY name, kind)
			FROM   gateway.table_fault WHERE source = $1 AND name = ANY ($2::text[])),
		'proof', (
			SELECT json_build_object('endedAt', ended_at, 'origin', origin, 'result', result,
				'rows', rows, 'differ', differ)
			FROM   gateway.proof
			WHERE  source = $1 AND result <> 'running' AND ended_at IS NOT NULL
			AND    began_at >= coalesce( -- what is served since then, it has not seen
				(SELECT greatest(served_since, loaded_at) FROM gateway.load WHERE source = $1),
				'-infinity')
			ORDER  BY id DESC LIMIT 1),
		'provedSince', (
			SELECT began_at FROM gateway.proof
			WHERE  source = $1 AND result = 'same' ORDER BY id DESC LIMIT 1),
		'rows', (
			SELECT json_object_agg(relname, reltuples::bigint)
			FROM   pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
			WHERE  n.nspname = $1 AND relname = ANY ($2::text[]) AND reltuples >= 0),
		'control', (
			SELECT json_agg(json_build_object('schema', n.nspname, 'name', coalesce(c.relname, ''),
				'mayUse', has_schema_privilege(n.oid, 'USAGE'), 'columns', (
					SELECT json_object_agg(lower(a.attname), json_build_object(
						'name', a.attname, 'type', format_type(a.atttypid, NULL),
						'mayRead', has_column_privilege(c.oid, a.attnum, 'SELECT')))
					FROM   pg_attribute AS a
					WHERE  a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
				ORDER BY n.nspname DESC, c.relname DESC)
			FROM   pg_namespace AS n
			LEFT   JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v')
			       AND lower(c.relname) = ANY ($3::text[])
			WHERE  lower(n.nspname) = $4))
