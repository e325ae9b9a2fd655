-- One index for each question that is asked. Text is searched by the very expression that is
-- indexed, or the index is not used.

-- +goose Up

-- Residents in order of name.
CREATE INDEX dm_persons_by_name ON mosaic.dm_persons
    ((gateway.name_key(last_name, first_name, full_name) COLLATE "C"), person_id);

-- Any part of a first name, of a last name, or of both.
CREATE INDEX dm_persons_by_name_part ON mosaic.dm_persons USING gin
    (gateway.name_form(first_name) gin_trgm_ops, gateway.name_form(last_name) gin_trgm_ops);

CREATE INDEX dm_persons_by_date_of_birth ON mosaic.dm_persons (date_of_birth);
CREATE INDEX dm_persons_by_nhs_number ON mosaic.dm_persons (nhs_id);
CREATE INDEX dm_persons_by_email ON mosaic.dm_persons (gateway.email_form(email_address));

-- The addresses of a page of residents, and whether a resident has one that matches.
CREATE INDEX dm_addresses_by_person ON mosaic.dm_addresses (person_id);

-- A postcode, whole or its first half.
CREATE INDEX dm_addresses_by_postcode ON mosaic.dm_addresses
    ((gateway.postcode_outward(post_code)), (gateway.postcode_inward(post_code)));

-- Any part of an address.
CREATE INDEX dm_addresses_by_part ON mosaic.dm_addresses USING gin
    (gateway.address_form(address) gin_trgm_ops);

CREATE INDEX dm_addresses_by_uprn ON mosaic.dm_addresses (unique_id);

-- The phone numbers of a page of residents, and who has a number.
CREATE INDEX dm_telephone_numbers_by_person ON mosaic.dm_telephone_numbers (person_id);
CREATE INDEX dm_telephone_numbers_by_digits ON mosaic.dm_telephone_numbers USING gin
    (gateway.digits(telephone_number) gin_trgm_ops);
