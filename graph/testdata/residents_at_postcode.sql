
	SELECT p.*,
		(
			SELECT json_agg(json_build_object('i', a.ref_addresses_people_id, 'u', a.unique_id, 'a', a.address, 'p', a.post_code, 'm', a.is_contact_address, 's', a.start_date::date, 'e', a.end_date::date, 'c', true)
			       ORDER BY (coalesce(a.end_date >= $4::date, true) AND coalesce(a.start_date < $4::date + 1, true)) DESC, (a.is_display_address = 'Y') DESC NULLS LAST,
			                a.start_date DESC NULLS LAST, a.ref_addresses_people_id DESC)
			FROM   mosaic.dm_addresses a
			WHERE  a.person_id = p.person_id AND coalesce(a.end_date >= $4::date, true) AND coalesce(a.start_date < $4::date + 1, true)) AS addresses
	FROM (
		SELECT p.person_id, p.restricted
		FROM   mosaic.dm_persons p
		WHERE  gateway.name_form(p.last_name) LIKE $1::text
		AND    p.person_id IN (SELECT a.person_id FROM mosaic.dm_addresses a WHERE gateway.postcode_outward(a.post_code) = $2::text AND gateway.address_form(a.address) LIKE $3::text AND coalesce(a.end_date >= $4::date, true) AND coalesce(a.start_date < $4::date + 1, true))
		ORDER BY person_id
		LIMIT $5::bigint
	) p
	ORDER BY p.person_id
