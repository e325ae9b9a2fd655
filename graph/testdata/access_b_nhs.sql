-- Other NHS numbers of everybody.
UPDATE mosaic.dm_persons
SET    nhs_id = CASE WHEN person_id % 4 > 0 THEN 9980000000 + person_id % 10000000 END;
