-- How a text that is a date is read, and one index for each question that is asked. Text is
-- searched by the very expression that is indexed, or the index is not used.

-- +goose Up
-- +goose StatementBegin

-- The day that a text says, whatever time of day stands after it. Null for a text that is no day of
-- the calendar, and for 1900-01-01, which stands for a day that nobody knows. It is never an error:
-- one row that cannot be read would take a page of residents with it.
CREATE FUNCTION academy.day(t text) RETURNS date
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
DECLARE
    y integer;
    m integer;
    d integer;
BEGIN
    t := btrim(t);
    IF t !~ ('^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]*)?)?'
             '( ?[+-][0-9]{2}:?[0-9]{2}|Z)?)?$') THEN
        RETURN NULL;
    END IF;
    y := substr(t, 1, 4)::integer;
    m := substr(t, 6, 2)::integer;
    d := substr(t, 9, 2)::integer;
    IF y = 0 OR m NOT BETWEEN 1 AND 12 OR d NOT BETWEEN 1 AND 31
       OR d = 31 AND m IN (2, 4, 6, 9, 11) OR d = 30 AND m = 2
       OR d = 29 AND m = 2 AND NOT (y % 4 = 0 AND (y % 100 <> 0 OR y % 400 = 0)) THEN
        RETURN NULL;
    END IF;
    RETURN nullif(make_date(y, m, d), DATE '1900-01-01');
END
$$;

-- +goose StatementEnd

-- Members in the order of their references, and the row of the last address of each.
CREATE INDEX hbmember_by_person ON academy.hbmember (claim_id, person_ref, house_id, member_id);

-- Residents in order of name.
CREATE INDEX hbmember_by_name ON academy.hbmember
    ((gateway.name_key(surname, forename, name) COLLATE "C"), claim_id, person_ref);
CREATE INDEX ctaccount_by_name ON academy.ctaccount
    ((gateway.name_key(lead_liab_surname, lead_liab_forename, lead_liab_name) COLLATE "C"),
     account_ref);

-- Any part of a first name, of a last name, or of both.
CREATE INDEX hbmember_by_name_part ON academy.hbmember USING gin
    (gateway.name_form(forename) gin_trgm_ops, gateway.name_form(surname) gin_trgm_ops);
CREATE INDEX ctaccount_by_name_part ON academy.ctaccount USING gin
    (gateway.name_form(lead_liab_forename) gin_trgm_ops,
     gateway.name_form(lead_liab_surname) gin_trgm_ops);

CREATE INDEX hbmember_by_birth_date ON academy.hbmember (academy.day(birth_date));

-- A postcode, whole or its first half.
CREATE INDEX hbhousehold_by_postcode ON academy.hbhousehold
    ((gateway.postcode_outward(post_code)), (gateway.postcode_inward(post_code)));
CREATE INDEX ctproperty_by_postcode ON academy.ctproperty
    ((gateway.postcode_outward(postcode)), (gateway.postcode_inward(postcode)));

-- Any part of an address.
CREATE INDEX hbhousehold_by_part ON academy.hbhousehold USING gin
    (gateway.address_form(coalesce(addr1, '') || ' ' || coalesce(addr2, '') || ' ' ||
                          coalesce(addr3, '') || ' ' || coalesce(addr4, '')) gin_trgm_ops);
CREATE INDEX ctproperty_by_part ON academy.ctproperty USING gin
    (gateway.address_form(coalesce(addr1, '') || ' ' || coalesce(addr2, '') || ' ' ||
                          coalesce(addr3, '') || ' ' || coalesce(addr4, '')) gin_trgm_ops);

CREATE INDEX hbhousehold_by_uprn ON academy.hbhousehold (ltrim(btrim(uprn), '0'));
CREATE INDEX ctproperty_by_uprn ON academy.ctproperty (ltrim(btrim(uprn), '0'));

-- The properties of a page of accounts, and the accounts of a property.
CREATE INDEX ctoccupation_by_account ON academy.ctoccupation (account_ref);
CREATE INDEX ctoccupation_by_property ON academy.ctoccupation (property_ref);

-- The e-mail addresses of a page of accounts, and who has an address.
CREATE INDEX syemail_by_reference ON academy.syemail (reference_id);
CREATE INDEX syemail_by_email ON academy.syemail (gateway.email_form(email_addr));

-- The phones of a page of accounts, and who has a number. The blanks keep the digits of one number
-- from running into those of the next.
CREATE INDEX syphone_by_account ON academy.syphone
    ((CASE WHEN btrim(ref) ~ '^[0-9]{1,9}$' THEN btrim(ref)::integer END));
CREATE INDEX syphone_by_digits ON academy.syphone USING gin
    ((coalesce(gateway.digits(phonenum1), '') || ' ' || coalesce(gateway.digits(phonenum2), '') ||
      ' ' || coalesce(gateway.digits(phonenum3), '') || ' ' ||
      coalesce(gateway.digits(phonenum4), '')) gin_trgm_ops);
