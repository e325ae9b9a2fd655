-- The table that analysts export from Qlik, in the names that it has there, `accomodation` among
-- them. A row is a household by its property: nobody is named here.

-- +goose Up

CREATE TABLE qlik.qlik_vulnerability (
    uprn                             bigint    PRIMARY KEY,  -- the property
    health_condition_or_disability   boolean,                -- null here and below: left blank
    receives_council_tax_support     boolean,
    living_in_temporary_accomodation boolean,
    low_income                       boolean,
    child_with_send                  boolean,
    single_parent                    boolean,
    learning_disability              boolean,
    asc_cases                        integer,                -- of adult social care
    csc_cases                        integer,                -- of children's social care
    date_created                     timestamp NOT NULL,     -- by London's clock
    CONSTRAINT uprn_is_of_twelve_digits_at_most CHECK (uprn BETWEEN 1 AND 999999999999),
    CONSTRAINT cases_are_counted CHECK (asc_cases >= 0 AND csc_cases >= 0)
);

-- How far the data is behind Qlik: as far as its oldest row.
CREATE INDEX qlik_vulnerability_by_date_created ON qlik.qlik_vulnerability (date_created);
