-- The three tables migrated out of Mosaic, with the columns that are served and no others. The names
-- are Mosaic's own. No foreign keys: rows arrive in any order, and some are orphans for ever.
-- person_id is bigint in all three, though Mosaic has numeric(16) in two: a join needs no cast.

-- +goose Up

CREATE TABLE mosaic.dm_persons (
    person_id        bigint PRIMARY KEY,
    person_id_legacy varchar(16),
    full_name        varchar(62),
    title            varchar(8),
    first_name       varchar(30),
    last_name        varchar(30),
    date_of_birth    timestamp,
    date_of_death    timestamp,
    gender           varchar(1),
    restricted       varchar(1),      -- 'Y' or 'N'; null is read as restricted
    context_flag     varchar(1),      -- 'A' adult, 'C' child
    nationality      varchar(80),
    nhs_id           bigint,          -- ten digits, the leading zeros lost
    email_address    varchar(240)
);

CREATE TABLE mosaic.dm_addresses (
    ref_addresses_people_id bigint PRIMARY KEY,  -- the link between a person and an address
    person_id               bigint,              -- null in some rows
    start_date              timestamp,
    end_date                timestamp,           -- the last day; null while it holds
    address                 varchar(464),        -- the whole address in one text
    post_code               varchar(16),         -- any spacing, any letter case
    is_contact_address      varchar(1),          -- 'Y' or 'N'
    is_display_address      varchar(1),          -- 'Y' or 'N'
    unique_id               bigint               -- the UPRN
);

CREATE TABLE mosaic.dm_telephone_numbers (
    telephone_number_id   bigint,
    person_id             bigint,
    telephone_number      varchar(32),           -- free text: `0791121212121 - Daughter`
    telephone_number_type varchar(80),
    PRIMARY KEY (telephone_number_id, person_id)
);
