-- Other contact details of everybody.
UPDATE mosaic.dm_persons SET email_address = 'b' || person_id || '@b.example' WHERE person_id % 4 > 0;
UPDATE mosaic.dm_persons SET email_address = NULL WHERE person_id % 4 = 0;
DELETE FROM mosaic.dm_addresses WHERE ref_addresses_people_id % 3 = 0;
UPDATE mosaic.dm_addresses
SET    address = person_id || ' Elsewhere Lane', post_code = 'W1 2BB', unique_id = 77000000 + person_id,
       end_date = NULL;
DELETE FROM mosaic.dm_telephone_numbers WHERE telephone_number_id % 3 = 0;
UPDATE mosaic.dm_telephone_numbers
SET    telephone_number = '0118 496 ' || right(telephone_number_id::text, 4),
       telephone_number_type = 'Ex-directory';
