-- One index for each question that is asked, beside those of the system itself. Text is searched by
-- the very expression that is indexed, or the index is not used.

-- +goose Up

-- Residents in order of name.
CREATE INDEX member_by_name ON housing.member
    ((gateway.name_key(surname, forename, NULL) COLLATE "C"), house_ref, person_no);

-- Any part of a first name, of a last name, or of both.
CREATE INDEX member_by_name_part ON housing.member USING gin
    (gateway.name_form(forename) gin_trgm_ops, gateway.name_form(surname) gin_trgm_ops);

CREATE INDEX member_by_dob ON housing.member (dob);

-- The properties of a page of residents, and which one their household has now.
CREATE INDEX property_by_house ON housing.property (house_ref);

-- A postcode, whole or its first half.
CREATE INDEX property_by_postcode ON housing.property
    ((gateway.postcode_outward(post_code)), (gateway.postcode_inward(post_code)));

-- Any part of an address.
CREATE INDEX property_by_part ON housing.property USING gin
    (gateway.address_form(address1) gin_trgm_ops);

CREATE INDEX property_by_uprn ON housing.property (ltrim(btrim(u_llpg_ref), '0'));

-- The tenancies of a household, and whether any has not ended.
CREATE INDEX tenagree_by_house ON housing.tenagree (house_ref);

-- The household of whoever a phone or an e-mail address is of.
CREATE INDEX tenagree_by_reference ON housing.tenagree (tag_ref);

CREATE INDEX tenure_by_type ON housing.tenure (ten_type);

CREATE INDEX contacts_by_house ON housing.contacts (con_ref);
CREATE INDEX contacts_by_tenancy ON housing.contacts (tag_ref);

-- The phones and e-mail addresses of a page of residents, and whose one is.
CREATE INDEX contact_link_by_keys ON housing."CCContactLink"
    ("Key1", (CASE WHEN btrim("Key2") ~ '^[0-9]{1,2}$' THEN btrim("Key2")::numeric END));
CREATE INDEX contact_link_by_contact ON housing."CCContactLink" ("ContactNo");
CREATE INDEX phone_by_contact ON housing."CCPhone" ("ContactNo");
CREATE INDEX email_by_contact ON housing."CCEmailAddress" ("ContactNo");

-- Who has a number, or an e-mail address.
CREATE INDEX phone_by_digits ON housing."CCPhone" USING gin
    (gateway.digits("PhoneNo") gin_trgm_ops);
CREATE INDEX email_by_form ON housing."CCEmailAddress" (gateway.email_form("Email"));
