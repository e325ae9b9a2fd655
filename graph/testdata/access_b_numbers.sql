-- Other ex-directory numbers of everybody who has one, wherever it stands.
UPDATE mosaic.dm_telephone_numbers
SET    telephone_number = replace(replace(telephone_number, '0115', '0117'), '+44 115', '0117 ')
WHERE  telephone_number_id BETWEEN 910000 AND 929999;
