
	SELECT p.*
	FROM   (SELECT p.person_id, (p.restricted = 'N') IS TRUE AS is_unrestricted
	FROM   mosaic.dm_persons p
	WHERE  p.restricted = 'N'
	AND    p.person_id IN (SELECT t.person_id FROM mosaic.dm_telephone_numbers t WHERE gateway.digits(t.telephone_number) LIKE $1::text AND NOT EXISTS (
			SELECT FROM mosaic.dm_telephone_numbers x
			WHERE  x.person_id = t.person_id
			AND    gateway.name_form(x.telephone_number_type) LIKE '%exdirectory%'
			AND    (EXISTS (
			SELECT FROM generate_series(1, length(gateway.digits(t.telephone_number)) - 8) AS at
			WHERE  gateway.digits(x.telephone_number) LIKE '%' || substr(gateway.digits(t.telephone_number), at, 9) || '%')
			OR length(gateway.digits(x.telephone_number)) BETWEEN 6 AND 8 AND gateway.digits(t.telephone_number) LIKE '%' || gateway.digits(x.telephone_number) || '%'
			OR length(gateway.digits(t.telephone_number)) BETWEEN 6 AND 8 AND gateway.digits(x.telephone_number) LIKE '%' || gateway.digits(t.telephone_number) || '%')))
	ORDER  BY person_id
	LIMIT  $2::bigint) p
	ORDER  BY p.person_id;
SELECT EXISTS (SELECT FROM gateway.load WHERE source = 'mosaic') OR EXISTS (SELECT FROM mosaic.dm_persons);

	SELECT count(*) FROM (SELECT FROM mosaic.dm_persons p
	WHERE  p.restricted = 'N'
	AND    p.person_id IN (SELECT t.person_id FROM mosaic.dm_telephone_numbers t WHERE gateway.digits(t.telephone_number) LIKE $1::text AND NOT EXISTS (
			SELECT FROM mosaic.dm_telephone_numbers x
			WHERE  x.person_id = t.person_id
			AND    gateway.name_form(x.telephone_number_type) LIKE '%exdirectory%'
			AND    (EXISTS (
			SELECT FROM generate_series(1, length(gateway.digits(t.telephone_number)) - 8) AS at
			WHERE  gateway.digits(x.telephone_number) LIKE '%' || substr(gateway.digits(t.telephone_number), at, 9) || '%')
			OR length(gateway.digits(x.telephone_number)) BETWEEN 6 AND 8 AND gateway.digits(t.telephone_number) LIKE '%' || gateway.digits(x.telephone_number) || '%'
			OR length(gateway.digits(t.telephone_number)) BETWEEN 6 AND 8 AND gateway.digits(x.telephone_number) LIKE '%' || gateway.digits(t.telephone_number) || '%')))
	LIMIT  $2::bigint) p;
SELECT EXISTS (SELECT FROM gateway.load WHERE source = 'mosaic') OR EXISTS (SELECT FROM mosaic.dm_persons)
