
	SELECT p.*,
		(
			SELECT json_agg(json_build_object('i', a.ref_addresses_people_id, 'u', a.unique_id, 'a', a.address, 'p', a.post_code, 'm', a.is_contact_address, 's', a.start_date::date, 'e', a.end_date::date, 'c', coalesce(a.end_date >= $2::date, true) AND coalesce(a.start_date < $2::date + 1, true))
			       ORDER BY (coalesce(a.end_date >= $2::date, true) AND coalesce(a.start_date < $2::date + 1, true)) DESC, (a.is_display_address = 'Y') DESC NULLS LAST,
			                a.start_date DESC NULLS LAST, a.ref_addresses_people_id DESC)
			FROM   mosaic.dm_addresses a
			WHERE  a.person_id = p.person_id) AS addresses,
		(
			SELECT json_agg(json_build_object('i', t.telephone_number_id,
			           'n', t.telephone_number, 't', t.telephone_number_type)
			       ORDER BY t.telephone_number_id)
			FROM   mosaic.dm_telephone_numbers t
			WHERE  t.person_id = p.person_id) AS phones
	FROM (
		SELECT p.person_id, p.restricted, p.full_name, p.title, p.first_name, p.last_name, p.date_of_birth, p.date_of_death, p.gender, p.nationality, p.nhs_id, p.context_flag, p.email_address, p.person_id_legacy
		FROM   mosaic.dm_persons p
		WHERE  p.person_id = ANY ($1::bigint[])
	) p;

	SELECT (SELECT loaded_at FROM gateway.load WHERE source = 'mosaic') AS loaded_at,
	       EXISTS (SELECT FROM mosaic.dm_persons)                       AS has_rows
