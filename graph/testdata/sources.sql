
	SELECT (SELECT loaded_at FROM gateway.load WHERE source = 'mosaic') AS loaded_at,
	       EXISTS (SELECT FROM mosaic.dm_persons) AS has_rows
