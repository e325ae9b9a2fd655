
	SELECT count(*) FROM (SELECT FROM mosaic.dm_persons p
	WHERE  p.nhs_id = $1::bigint AND p.nhs_id > 0
	LIMIT  $2::bigint) p;

	SELECT p.*
	FROM   (SELECT p.person_id, (p.restricted = 'N') IS TRUE AS is_unrestricted
	FROM   mosaic.dm_persons p
	WHERE  p.context_flag = 'C'
	ORDER  BY person_id
	LIMIT  $1::bigint) p
	ORDER  BY p.person_id;

	SELECT p.*
	FROM   (SELECT p.person_id, (p.restricted = 'N') IS TRUE AS is_unrestricted
	FROM   mosaic.dm_persons p
	WHERE  p.nhs_id = $1::bigint AND p.nhs_id > 0
	ORDER  BY person_id
	LIMIT  $2::bigint) p
	ORDER  BY p.person_id
