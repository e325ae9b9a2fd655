
	SELECT p.*
	FROM (
		SELECT p.person_id, p.restricted
		FROM   mosaic.dm_persons p
		WHERE  p.person_id = ANY ($1::bigint[])
	) p;
SELECT EXISTS (SELECT FROM gateway.load WHERE source = 'mosaic') OR EXISTS (SELECT FROM mosaic.dm_persons)
