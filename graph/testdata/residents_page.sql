
	SELECT p.*,
		(
			SELECT json_agg(json_build_object('i', a.ref_addresses_people_id, 'u', a.unique_id, 'a', a.address, 'p', a.post_code, 'm', a.is_contact_address, 's', a.start_date::date, 'e', a.end_date::date, 'c', true)
			       ORDER BY (coalesce(a.end_date >= $2::date, true) AND coalesce(a.start_date < $2::date + 1, true)) DESC, (a.is_display_address = 'Y') DESC NULLS LAST,
			                a.start_date DESC NULLS LAST, a.ref_addresses_people_id DESC)
			FROM   mosaic.dm_addresses a
			WHERE  a.person_id = p.person_id AND coalesce(a.end_date >= $2::date, true) AND coalesce(a.start_date < $2::date + 1, true)) AS addresses,
		(
			SELECT json_agg(json_build_object('i', t.telephone_number_id,
			           'n', t.telephone_number, 't', t.telephone_number_type)
			       ORDER BY t.telephone_number_id)
			FROM   mosaic.dm_telephone_numbers t
			WHERE  t.person_id = p.person_id) AS phones
	FROM (
		SELECT p.person_id, p.restricted, p.full_name, p.email_address
		FROM   mosaic.dm_persons p
		ORDER BY person_id
		LIMIT $1::bigint
	) p
	ORDER BY p.person_id;

	SELECT count(*) FROM (
		SELECT FROM mosaic.dm_persons p
		LIMIT $1::bigint
	) p
