
	SELECT count(*) FROM ((SELECT FROM academy.hbmember m
	WHERE  (m.house_id, m.member_id) = (
			SELECT l.house_id, l.member_id
			FROM   academy.hbmember l
			WHERE  l.claim_id = m.claim_id AND l.person_ref = m.person_ref
			ORDER  BY l.house_id DESC, l.member_id DESC
			LIMIT  1)
	AND    gateway.name_form(m.forename) LIKE $1::text
	AND    gateway.name_form(m.surname) LIKE $2::text
	LIMIT  $5::bigint)
	UNION  ALL
	(SELECT FROM academy.ctaccount a
	WHERE  gateway.name_form(a.lead_liab_forename) LIKE $3::text
	AND    gateway.name_form(a.lead_liab_surname) LIKE $4::text
	LIMIT  $5::bigint)
	LIMIT  $5::bigint) p;

	SELECT count(*) FROM (SELECT FROM housing.member m
	WHERE  m.house_ref > '' AND m.person_no >= 0
	AND    gateway.name_form(m.forename) LIKE $1::text
	AND    gateway.name_form(m.surname) LIKE $2::text
	LIMIT  $3::bigint) p;

	SELECT count(*) FROM (SELECT FROM mosaic.dm_persons p
	WHERE  gateway.name_form(p.first_name) LIKE $1::text
	AND    gateway.name_form(p.last_name) LIKE $2::text
	LIMIT  $3::bigint) p;

	SELECT known.is_loaded,
	       h.uprn,
	       h.health_condition_or_disability,
	       h.receives_council_tax_support,
	       h.living_in_temporary_accomodation,
	       h.low_income,
	       h.child_with_send,
	       h.single_parent,
	       h.learning_disability,
	       h.asc_cases,
	       h.csc_cases,
	       h.date_created
	FROM   (SELECT EXISTS (SELECT FROM gateway.load WHERE source = 'qlik')
	               OR EXISTS (SELECT FROM qlik.qlik_vulnerability) AS is_loaded) AS known
	LEFT   JOIN qlik.qlik_vulnerability AS h ON h.uprn = ANY ($1::bigint[]);

	SELECT p.*,
	       (
			SELECT json_agg(json_build_object('u', a.unique_id::text, 'i', a.ref_addresses_people_id, 'a', a.address, 'p', a.post_code, 'd', a.is_display_address, 'm', a.is_contact_address, 's', nullif(a.start_date::date, '1900-01-01'), 'e', nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31'), 'c', true)
			       ORDER BY (coalesce(nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31') >= $4::date, true) AND coalesce(nullif(a.start_date::date, '1900-01-01') <= $4::date, true)) DESC, (a.is_display_address = 'Y') DESC NULLS LAST,
			                nullif(a.start_date::date, '1900-01-01') DESC NULLS LAST, a.ref_addresses_people_id DESC)
			FROM   mosaic.dm_addresses a
			WHERE  a.person_id = p.person_id
			AND    (a.address ~ '[[:alnum:]]' OR a.post_code ~ '[[:alnum:]]' OR a.unique_id > 0)
			AND    coalesce(nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31') >= $4::date, true) AND coalesce(nullif(a.start_date::date, '1900-01-01') <= $4::date, true)) AS addresses,
	       (
			SELECT json_agg(json_build_object('i', t.telephone_number_id,
			           'n', t.telephone_number, 't', t.telephone_number_type)
			       ORDER BY t.telephone_number_id)
			FROM   mosaic.dm_telephone_numbers t
			WHERE  t.person_id = p.person_id) AS phones
	FROM   (SELECT p.person_id, (p.restricted = 'N') IS TRUE AS is_unrestricted, p.full_name, CASE WHEN isfinite(p.date_of_death) THEN p.date_of_death END AS date_of_death, p.context_flag, p.email_address, p.person_id_legacy, (gateway.name_key(p.last_name, p.first_name, p.full_name) COLLATE "C") || '' AS name_key
	FROM   mosaic.dm_persons p
	WHERE  gateway.name_form(p.first_name) LIKE $1::text
	AND    gateway.name_form(p.last_name) LIKE $2::text
	ORDER  BY name_key, person_id
	LIMIT  $3::bigint) p
	ORDER  BY p.name_key, p.person_id;

	SELECT p.*,
	       (
		SELECT json_agg(json_build_object('a', NOT (t.terminated IS NOT false AND coalesce(nullif(t.eot::date, '1900-01-01') < $4::date, t.terminated IS true)), 't', t.terminated, 's', nullif(t.cot::date, '1900-01-01'), 'e', nullif(t.eot::date, '1900-01-01'), 'r', t.tag_ref, 'c', t.tenure, 'd', (
		           SELECT max(y.ten_desc) FROM housing.tenure y WHERE y.ten_type = t.tenure))
		       ORDER BY (t.terminated IS NOT false AND coalesce(nullif(t.eot::date, '1900-01-01') < $4::date, t.terminated IS true)), nullif(t.cot::date, '1900-01-01') DESC NULLS LAST, t.tag_ref DESC)
		FROM   housing.tenagree t
		WHERE  t.house_ref = p.house_ref
		AND    t.tag_ref > '') AS tenancies,
	       (
		SELECT json_agg(json_build_object('u', d.u_llpg_ref, 'i', d.prop_ref, 'a', d.address1, 'p', d.post_code)
		       ORDER BY d.dtstamp DESC NULLS LAST, d.prop_ref DESC)
		FROM   (SELECT d.prop_ref, d.address1, d.post_code, d.u_llpg_ref, d.dtstamp
		        FROM   housing.property d
		        WHERE  d.house_ref = p.house_ref
		        AND    d.prop_ref > '' AND (
		           concat(d.address1, d.post_code) ~ '[[:alnum:]]'
		           OR d.u_llpg_ref ~ '^ *0*[1-9][0-9]{0,11} *$')
		        ORDER  BY d.dtstamp DESC NULLS LAST, d.prop_ref DESC
		        LIMIT  1) d) AS properties,
	       (
		SELECT json_agg(json_build_object('i', c."PhoneID", 'n', c."PhoneNo", 't', c."PhoneType",
		           'k', c."OKToCall")
		       ORDER BY c."modDate" DESC NULLS LAST, c."PhoneID" DESC)
		FROM   housing."CCPhone" c
		WHERE  c."ContactNo" IN (
		           SELECT l."ContactNo"
		           FROM   housing.tenagree t
		           JOIN   housing."CCContactLink" l ON l."Key1" = t.tag_ref
		           WHERE  t.house_ref = p.house_ref
		           AND    t.tag_ref > ''
		           AND    t.house_ref = ALL (
		               SELECT x.house_ref
		               FROM   housing.tenagree x
		               WHERE  x.tag_ref = t.tag_ref AND x.house_ref > '')
		           AND    (CASE WHEN btrim(l."Key2") ~ '^[0-9]{1,2}$' THEN btrim(l."Key2")::numeric END) = p.person_no)) AS phones,
	       (
		SELECT json_agg(json_build_object('i', c."EmailID", 'n', c."Email", 't', c."EmailType",
		           'k', c."OKToEmail", 'd', c."Defualt")
		       ORDER BY c."modDate" DESC NULLS LAST, c."EmailID" DESC)
		FROM   housing."CCEmailAddress" c
		WHERE  c."ContactNo" IN (
		           SELECT l."ContactNo"
		           FROM   housing.tenagree t
		           JOIN   housing."CCContactLink" l ON l."Key1" = t.tag_ref
		           WHERE  t.house_ref = p.house_ref
		           AND    t.tag_ref > ''
		           AND    t.house_ref = ALL (
		               SELECT x.house_ref
		               FROM   housing.tenagree x
		               WHERE  x.tag_ref = t.tag_ref AND x.house_ref > '')
		           AND    (CASE WHEN btrim(l."Key2") ~ '^[0-9]{1,2}$' THEN btrim(l."Key2")::numeric END) = p.person_no)
		AND    position('@' IN c."Email") > 0) AS emails,
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
	FROM   (SELECT m.house_ref, m.person_no, m.ni_no, (gateway.name_key(m.surname, m.forename, NULL) COLLATE "C") || '' AS name_key
	FROM   housing.member m
	WHERE  m.house_ref > '' AND m.person_no >= 0
	AND    gateway.name_form(m.forename) LIKE $1::text
	AND    gateway.name_form(m.surname) LIKE $2::text
	ORDER  BY name_key, house_ref, person_no
	LIMIT  $3::bigint) p
	ORDER  BY p.name_key, p.house_ref, p.person_no;

	SELECT p.*,
	       CASE p.kind WHEN 0 THEN coalesce((SELECT CASE WHEN c.check_digit ~ '^[0-9A-Za-z]$' THEN c.check_digit ELSE '_' END FROM academy.hbclaim c
			WHERE c.claim_id = p.number), '_')
	       WHEN 1 THEN p.number_mark END AS mark,
	       CASE p.kind WHEN 0 THEN (SELECT c.status_ind FROM academy.hbclaim c WHERE c.claim_id = p.number) END AS status_ind,
	       CASE p.kind WHEN 0 THEN (
		SELECT json_agg(json_build_object('i', d.house_id::text, 'l', json_build_array(d.addr1, d.addr2, d.addr3, d.addr4), 'u', d.uprn, 'p', d.post_code,
		           's', academy.day(d.from_date), 'e', academy.day(d.to_date), 'c', coalesce(academy.day(d.to_date) >= $6::date
			AND coalesce(academy.day(d.from_date) <= $6::date, true), false))
		       ORDER BY coalesce(academy.day(d.to_date) >= $6::date
			AND coalesce(academy.day(d.from_date) <= $6::date, true), false) DESC, academy.day(d.from_date) DESC NULLS LAST, d.house_id DESC)
		FROM   academy.hbhousehold d
		WHERE  d.claim_id = p.number
		AND    EXISTS (SELECT FROM academy.hbmember o WHERE o.claim_id = d.claim_id
		               AND o.house_id = d.house_id AND o.person_ref = p.person)
		AND    concat(d.addr1, d.addr2, d.addr3, d.addr4, d.uprn, d.post_code) ~ '[[:alnum:]]'
		AND    coalesce(academy.day(d.to_date) >= $6::date
			AND coalesce(academy.day(d.from_date) <= $6::date, true), false))
	       WHEN 1 THEN (
		SELECT json_agg(json_build_object('i', o.property_ref, 'n', (
		           SELECT count(DISTINCT coalesce(academy.day(x.vacation_date), '0001-01-01'))
		           FROM   academy.ctoccupation x
		           WHERE  x.account_ref = o.account_ref AND x.property_ref = o.property_ref
		           AND    coalesce(academy.day(x.vacation_date), '0001-01-01') <
		                  coalesce(academy.day(o.vacation_date), '0001-01-01')), 'l', json_build_array(d.addr1, d.addr2, d.addr3, d.addr4), 'u', d.uprn, 'p', d.postcode, 's', NULL,
		           'e', academy.day(o.vacation_date), 'c', coalesce(academy.day(o.vacation_date) >= $6::date
			AND (academy.day(o.vacation_date), o.property_ref) = (
				SELECT academy.day(l.vacation_date), l.property_ref
				FROM   academy.ctoccupation l
				WHERE  l.account_ref = o.account_ref
				ORDER  BY 1 DESC NULLS LAST, 2 DESC NULLS LAST
				LIMIT  1), false))
		       ORDER BY coalesce(academy.day(o.vacation_date) >= $6::date
			AND (academy.day(o.vacation_date), o.property_ref) = (
				SELECT academy.day(l.vacation_date), l.property_ref
				FROM   academy.ctoccupation l
				WHERE  l.account_ref = o.account_ref
				ORDER  BY 1 DESC NULLS LAST, 2 DESC NULLS LAST
				LIMIT  1), false) DESC, academy.day(o.vacation_date) DESC NULLS LAST,
		                o.property_ref DESC)
		FROM   academy.ctoccupation o
		JOIN   academy.ctproperty d ON d.property_ref = o.property_ref
		WHERE  o.account_ref = p.number
		AND    concat(d.addr1, d.addr2, d.addr3, d.addr4, d.uprn, d.postcode) ~ '[[:alnum:]]'
		AND    coalesce(academy.day(o.vacation_date) >= $6::date
			AND (academy.day(o.vacation_date), o.property_ref) = (
				SELECT academy.day(l.vacation_date), l.property_ref
				FROM   academy.ctoccupation l
				WHERE  l.account_ref = o.account_ref
				ORDER  BY 1 DESC NULLS LAST, 2 DESC NULLS LAST
				LIMIT  1), false)) END AS addresses,
	       CASE p.kind WHEN 1 THEN (
		SELECT json_agg(json_build_array(s.phonenum1, s.phonenum2, s.phonenum3, s.phonenum4)
		       ORDER BY s.phonenum1, s.phonenum2, s.phonenum3, s.phonenum4)
		FROM   academy.syphone s
		WHERE  (CASE WHEN btrim(s.ref) ~ '^[0-9]{1,9}$' THEN btrim(s.ref)::integer END) = p.number
		AND    s.applic_id = 'CT' AND s.ref_type = 'A') END AS phones,
	       CASE p.kind WHEN 1 THEN (
		SELECT json_agg(json_build_object('i', coalesce(e.person_type_seq_no, 0),
		           'n', (SELECT count(*) FROM academy.syemail x
		                 WHERE x.reference_id = e.reference_id AND x.applic_id = e.applic_id
		                 AND x.person_type = e.person_type
		                 AND coalesce(x.person_type_seq_no, 0) = coalesce(e.person_type_seq_no, 0)
		                 AND (coalesce(x.email_start_date, ''), coalesce(x.email_addr, ''), coalesce(x.email_end_date, '')) < (coalesce(e.email_start_date, ''), coalesce(e.email_addr, ''), coalesce(e.email_end_date, ''))),
		           'v', e.email_addr, 's', academy.day(e.email_start_date),
		           'e', academy.day(e.email_end_date), 'c', (coalesce(academy.day(e.email_start_date) <= $6::date, true)
			AND coalesce(academy.day(e.email_end_date) >= $6::date, true)))
		       ORDER BY (coalesce(academy.day(e.email_start_date) <= $6::date, true)
			AND coalesce(academy.day(e.email_end_date) >= $6::date, true)) DESC, academy.day(e.email_start_date) DESC NULLS LAST,
		                e.person_type_seq_no DESC NULLS LAST, (coalesce(e.email_start_date, ''), coalesce(e.email_addr, ''), coalesce(e.email_end_date, '')))
		FROM   academy.syemail e
		WHERE  e.reference_id = p.number
		AND    e.applic_id = 'CT' AND e.person_type = 'L'
			AND position('@' IN e.email_addr) > 0
		AND    (coalesce(academy.day(e.email_start_date) <= $6::date, true)
			AND coalesce(academy.day(e.email_end_date) >= $6::date, true))) END AS emails
	FROM   ((SELECT 0 AS kind, m.claim_id AS number, m.person_ref AS person, NULL::text AS number_mark, m.name AS full_name, m.nino AS ni_number, (gateway.name_key(m.surname, m.forename, m.name) COLLATE "C") || '' AS name_key
	FROM   academy.hbmember m
	WHERE  (m.house_id, m.member_id) = (
			SELECT l.house_id, l.member_id
			FROM   academy.hbmember l
			WHERE  l.claim_id = m.claim_id AND l.person_ref = m.person_ref
			ORDER  BY l.house_id DESC, l.member_id DESC
			LIMIT  1)
	AND    gateway.name_form(m.forename) LIKE $1::text
	AND    gateway.name_form(m.surname) LIKE $2::text
	ORDER  BY name_key, number, person
	LIMIT  $5::bigint)
	UNION  ALL
	(SELECT 1 AS kind, a.account_ref AS number, NULL AS person, CASE WHEN a.account_cd ~ '^[0-9A-Za-z]$' THEN a.account_cd ELSE '_' END AS number_mark, a.lead_liab_name AS full_name, NULL::text AS ni_number, (gateway.name_key(a.lead_liab_surname, a.lead_liab_forename, a.lead_liab_name) COLLATE "C") || '' AS name_key
	FROM   academy.ctaccount a
	WHERE  gateway.name_form(a.lead_liab_forename) LIKE $3::text
	AND    gateway.name_form(a.lead_liab_surname) LIKE $4::text
	ORDER  BY name_key, number
	LIMIT  $5::bigint)
	ORDER  BY name_key, kind, number, person
	LIMIT  $5::bigint) p
	ORDER  BY p.name_key, p.kind, p.number, p.person
