
	SELECT p.*
	FROM   (SELECT p.person_id, (p.restricted = 'N') IS TRUE AS is_unrestricted, p.full_name, p.last_name, gateway.name_key(p.last_name, p.first_name, p.full_name) COLLATE "C" AS name_key
	FROM   mosaic.dm_persons p
	ORDER  BY name_key, person_id
	LIMIT  $1::bigint) p
	ORDER  BY p.name_key, p.person_id
