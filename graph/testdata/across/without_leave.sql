
	SELECT p.*,
	       (
		SELECT json_agg(json_build_object('a', NOT (t.terminated IS NOT false AND coalesce(nullif(t.eot::date, '1900-01-01') < $3::date, t.terminated IS true)), 't', t.terminated, 's', nullif(t.cot::date, '1900-01-01'), 'e', nullif(t.eot::date, '1900-01-01'), 'r', t.tag_ref, 'c', t.tenure, 'd', (
		           SELECT max(y.ten_desc) FROM housing.tenure y WHERE y.ten_type = t.tenure))
		       ORDER BY (t.terminated IS NOT false AND coalesce(nullif(t.eot::date, '1900-01-01') < $3::date, t.terminated IS true)), nullif(t.cot::date, '1900-01-01') DESC NULLS LAST, t.tag_ref DESC)
		FROM   housing.tenagree t
		WHERE  t.house_ref = p.house_ref
		AND    t.tag_ref > '') AS tenancies,
	       coalesce(
		(SELECT max(k.con_key) FROM housing.contacts k WHERE k.con_ref = p.house_ref),
		(SELECT max(k.con_key)
		 FROM   housing.tenagree t
		 JOIN   housing.contacts k ON k.tag_ref = t.tag_ref
		 WHERE  t.house_ref = p.house_ref
		 AND    t.tag_ref > ''
		           AND    t.house_ref = ALL (
		               SELECT x.house_ref
		               FROM   housing.tenagree x
		               WHERE  x.tag_ref = t.tag_ref AND x.house_ref > '')))::text AS contact_key
	FROM   (SELECT m.house_ref, m.person_no, (gateway.name_key(m.surname, m.forename, NULL) COLLATE "C") || '' AS name_key
	FROM   housing.member m
	WHERE  m.house_ref > '' AND m.person_no >= 0
	AND    gateway.name_form(m.surname) LIKE $1::text
	ORDER  BY name_key, house_ref, person_no
	LIMIT  $2::bigint) p
	ORDER  BY p.name_key, p.house_ref, p.person_no;

	SELECT p.*,
	       CASE WHEN p.is_unrestricted THEN (
			SELECT json_agg(json_build_object('u', a.unique_id::text, 'i', a.ref_addresses_people_id, 'a', a.address, 'p', a.post_code, 'd', a.is_display_address, 'm', a.is_contact_address, 's', nullif(a.start_date::date, '1900-01-01'), 'e', nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31'), 'c', true)
			       ORDER BY (coalesce(nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31') >= $3::date, true) AND coalesce(nullif(a.start_date::date, '1900-01-01') <= $3::date, true)) DESC, (a.is_display_address = 'Y') DESC NULLS LAST,
			                nullif(a.start_date::date, '1900-01-01') DESC NULLS LAST, a.ref_addresses_people_id DESC)
			FROM   mosaic.dm_addresses a
			WHERE  a.person_id = p.person_id
			AND    (a.address ~ '[[:alnum:]]' OR a.post_code ~ '[[:alnum:]]' OR a.unique_id > 0)
			AND    coalesce(nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31') >= $3::date, true) AND coalesce(nullif(a.start_date::date, '1900-01-01') <= $3::date, true)) END AS addresses
	FROM   (SELECT p.person_id, (p.restricted = 'N') IS TRUE AS is_unrestricted, CASE WHEN isfinite(p.date_of_death) THEN p.date_of_death END AS date_of_death, p.context_flag, p.person_id_legacy, (gateway.name_key(p.last_name, p.first_name, p.full_name) COLLATE "C") || '' AS name_key
	FROM   mosaic.dm_persons p
	WHERE  gateway.name_form(p.last_name) LIKE $1::text
	ORDER  BY name_key, person_id
	LIMIT  $2::bigint) p
	ORDER  BY p.name_key, p.person_id;

	SELECT p.*,
	       CASE p.kind WHEN 0 THEN coalesce((SELECT CASE WHEN c.check_digit ~ '^[0-9A-Za-z]$' THEN c.check_digit ELSE '_' END FROM academy.hbclaim c
			WHERE c.claim_id = p.number), '_')
	       WHEN 1 THEN p.number_mark END AS mark,
	       CASE p.kind WHEN 0 THEN (SELECT c.status_ind FROM academy.hbclaim c WHERE c.claim_id = p.number) END AS status_ind
	FROM   ((SELECT 0 AS kind, m.claim_id AS number, m.person_ref AS person, NULL::text AS number_mark, (gateway.name_key(m.surname, m.forename, m.name) COLLATE "C") || '' AS name_key
	FROM   academy.hbmember m
	WHERE  (m.house_id, m.member_id) = (
			SELECT l.house_id, l.member_id
			FROM   academy.hbmember l
			WHERE  l.claim_id = m.claim_id AND l.person_ref = m.person_ref
			ORDER  BY l.house_id DESC, l.member_id DESC
			LIMIT  1)
	AND    gateway.name_form(m.surname) LIKE $1::text
	ORDER  BY name_key, number, person
	LIMIT  $3::bigint)
	UNION  ALL
	(SELECT 1 AS kind, a.account_ref AS number, NULL AS person, CASE WHEN a.account_cd ~ '^[0-9A-Za-z]$' THEN a.account_cd ELSE '_' END AS number_mark, (gateway.name_key(a.lead_liab_surname, a.lead_liab_forename, a.lead_liab_name) COLLATE "C") || '' AS name_key
	FROM   academy.ctaccount a
	WHERE  gateway.name_form(a.lead_liab_surname) LIKE $2::text
	ORDER  BY name_key, number
	LIMIT  $3::bigint)
	ORDER  BY name_key, kind, number, person
	LIMIT  $3::bigint) p
	ORDER  BY p.name_key, p.kind, p.number, p.person
