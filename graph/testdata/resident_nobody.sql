
	SELECT p.*
	FROM (
		SELECT p.person_id, p.restricted
		FROM   mosaic.dm_persons p
		WHERE  p.person_id = ANY ($1::bigint[])
	) p;

	SELECT (SELECT loaded_at FROM gateway.load WHERE source = 'mosaic') AS loaded_at,
	       EXISTS (SELECT FROM mosaic.dm_persons) AS has_rows
