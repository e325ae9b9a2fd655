
	SELECT p.*,
	       (
			SELECT json_agg(json_build_object('u', a.unique_id::text, 'i', a.ref_addresses_people_id, 'a', a.address, 'p', a.post_code, 'd', a.is_display_address, 'm', a.is_contact_address, 's', nullif(a.start_date::date, '1900-01-01'), 'e', nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31'), 'c', true)
			       ORDER BY (coalesce(nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31') >= $2::date, true) AND coalesce(nullif(a.start_date::date, '1900-01-01') <= $2::date, true)) DESC, (a.is_display_address = 'Y') DESC NULLS LAST,
			                nullif(a.start_date::date, '1900-01-01') DESC NULLS LAST, a.ref_addresses_people_id DESC)
			FROM   mosaic.dm_addresses a
			WHERE  a.person_id = p.person_id
			AND    (a.address ~ '[[:alnum:]]' OR a.post_code ~ '[[:alnum:]]' OR a.unique_id > 0)
			AND    coalesce(nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31') >= $2::date, true) AND coalesce(nullif(a.start_date::date, '1900-01-01') <= $2::date, true)) AS addresses,
	       (
			SELECT json_agg(json_build_object('i', t.telephone_number_id,
			           'n', t.telephone_number, 't', t.telephone_number_type)
			       ORDER BY t.telephone_number_id)
			FROM   mosaic.dm_telephone_numbers t
			WHERE  t.person_id = p.person_id) AS phones
	FROM   (SELECT p.person_id, (p.restricted = 'N') IS TRUE AS is_unrestricted, p.full_name, p.email_address
	FROM   mosaic.dm_persons p
	ORDER  BY person_id
	LIMIT  $1::bigint) p
	ORDER  BY p.person_id;

	SELECT count(*) FROM (SELECT FROM mosaic.dm_persons p
	LIMIT  $1::bigint) p
