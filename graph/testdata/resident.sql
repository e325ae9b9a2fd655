
	SELECT p.*,
		(
			SELECT json_agg(json_build_object('u', a.unique_id, 'i', a.ref_addresses_people_id, 'a', a.address, 'p', a.post_code, 'd', a.is_display_address, 'm', a.is_contact_address, 's', nullif(a.start_date::date, '1900-01-01'), 'e', nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31'), 'c', coalesce(nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31') >= $2::date, true) AND coalesce(nullif(a.start_date::date, '1900-01-01') <= $2::date, true))
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
	FROM (
		SELECT p.person_id, p.restricted, p.full_name, p.title, p.first_name, p.last_name, CASE WHEN isfinite(p.date_of_birth) THEN p.date_of_birth END AS date_of_birth, CASE WHEN isfinite(p.date_of_death) THEN p.date_of_death END AS date_of_death, p.gender, p.nationality, p.nhs_id, p.context_flag, p.email_address AS email_address, p.person_id_legacy
		FROM   mosaic.dm_persons p
		WHERE  p.person_id = ANY ($1::bigint[])
	) p;

	SELECT (SELECT loaded_at FROM gateway.load WHERE source = 'mosaic') AS loaded_at,
	       EXISTS (SELECT FROM mosaic.dm_persons) AS has_rows
