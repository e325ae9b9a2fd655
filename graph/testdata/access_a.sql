-- The sample as every database of the attacker's test has it: with many who are restricted, in every
-- way that a source can say so or fail to, and many numbers that are ex-directory.
UPDATE mosaic.dm_persons
SET    restricted = CASE person_id % 9
           WHEN 0 THEN 'Y' WHEN 1 THEN NULL WHEN 2 THEN 'n' WHEN 3 THEN '-' ELSE 'N' END;

-- Everybody has an ordinary number, of a range of its own, and every third one that is ex-directory;
-- some have it twice, the second time under another type.
DELETE FROM mosaic.dm_telephone_numbers;
INSERT INTO mosaic.dm_telephone_numbers
SELECT 900000 + n, person_id, '0113 496 ' || lpad(n::text, 4, '0'), 'Home'
FROM   (SELECT person_id, row_number() OVER (ORDER BY person_id) AS n FROM mosaic.dm_persons) p;
INSERT INTO mosaic.dm_telephone_numbers
SELECT 910000 + n, person_id, '0115 496 ' || lpad(n::text, 4, '0'),
       (ARRAY['Ex-directory (do not disclose number)', 'EX DIRECTORY', 'exdirectory'])[1 + n % 3]
FROM   (SELECT person_id, row_number() OVER (ORDER BY person_id)::int AS n FROM mosaic.dm_persons) p
WHERE  n % 3 < 2;
INSERT INTO mosaic.dm_telephone_numbers
SELECT 920000 + telephone_number_id % 10000, person_id,
       '+44 ' || substr(replace(telephone_number, ' ', ''), 2), 'Mobile - Secondary'
FROM   mosaic.dm_telephone_numbers
WHERE  telephone_number_id BETWEEN 910000 AND 919999 AND telephone_number_id % 2 = 0;
