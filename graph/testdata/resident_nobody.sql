
	SELECT p.*
	FROM   (SELECT p.person_id, (p.restricted = 'N') IS TRUE AS is_unrestricted
	FROM   mosaic.dm_persons p
	WHERE  p.person_id = ANY ($1::bigint[])) p;
SELECT EXISTS (SELECT FROM gateway.load WHERE source = 'mosaic') OR EXISTS (SELECT FROM mosaic.dm_persons)
