-- Other whereabouts of everybody who is not plainly unrestricted: other addresses, phones and e-mails,
-- and other numbers of them; and other numbers by which other records are theirs.
CREATE TEMPORARY TABLE hidden AS
SELECT person_id, row_number() OVER (ORDER BY person_id)::int AS n
FROM   mosaic.dm_persons WHERE restricted IS DISTINCT FROM 'N';

UPDATE mosaic.dm_persons p
SET    email_address = CASE WHEN n % 5 = 0 THEN NULL ELSE 'b' || n || '@b.example' END,
       nhs_id = CASE WHEN n % 3 > 0 THEN 9990000000 + n END,
       person_id_legacy = CASE WHEN n % 4 > 0 THEN 'B' || n END
FROM hidden h WHERE h.person_id = p.person_id;

DELETE FROM mosaic.dm_addresses a USING hidden h WHERE h.person_id = a.person_id AND n % 3 = 0;
UPDATE mosaic.dm_addresses a
SET    address = n || ' Elsewhere Lane', post_code = 'W' || 1 + n % 9 || ' ' || n % 10 || 'BB',
       unique_id = 77000000 + n, start_date = NULL, end_date = NULL,
       is_display_address = 'Y', is_contact_address = NULL
FROM   hidden h WHERE h.person_id = a.person_id;
INSERT INTO mosaic.dm_addresses
	(ref_addresses_people_id, person_id, address, post_code, is_display_address, unique_id, end_date)
SELECT 88000000 + 10 * n + k, person_id, k || ' Faraway Road', 'SW1' || k || ' 2BB', 'Y', 78000000 + n,
       CASE k WHEN 3 THEN date '2020-01-01' END
FROM   hidden, generate_series(1, 3) AS k WHERE n % 3 = 1;

DELETE FROM mosaic.dm_telephone_numbers t USING hidden h WHERE h.person_id = t.person_id AND n % 4 = 0;
UPDATE mosaic.dm_telephone_numbers t
SET    telephone_number = '0116 496 ' || lpad((n * 3 + telephone_number_id / 10000 % 3)::text, 4, '0'),
       telephone_number_type = (ARRAY['Work', 'Ex-directory', 'Primary'])[1 + n % 3]
FROM   hidden h WHERE h.person_id = t.person_id;
INSERT INTO mosaic.dm_telephone_numbers
SELECT 930000 + n, person_id, '0118 496 ' || lpad(n::text, 4, '0') || ' - Carer', NULL
FROM   hidden WHERE n % 2 = 1;
DROP TABLE hidden;
