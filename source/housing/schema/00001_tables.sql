-- The eight tables migrated out of the two databases of Universal Housing, UHT (tenancies) and UHW
-- (the contact centre, whose names have capitals), with the columns that are served and no others.
-- Names and types are their own: char(n) is filled with blanks, which count for nothing when two
-- are compared. A table has no primary key where its system has none. No foreign keys: rows arrive
-- in any order.
--
-- References are in the order of their bytes (COLLATE "C"), in every table, or an index on them
-- would not serve a join.

-- +goose Up

-- A member of a household. Someone who has had several tenancies is a member several times.
CREATE TABLE housing.member (
    house_ref char(10) COLLATE "C",
    person_no numeric(2,0),          -- within the household
    title     char(10),
    forename  char(24),              -- what is longer was cut
    surname   char(20),              -- likewise
    dob       timestamp,             -- 1900-01-01 where nobody knows it
    ni_no     char(12)
);

-- The order of the list too.
CREATE UNIQUE INDEX member01 ON housing.member (house_ref, person_no);

CREATE TABLE housing.property (
    prop_ref   char(12) COLLATE "C",
    house_ref  char(10) COLLATE "C", -- whose home it is; several may be one household's
    address1   char(255),            -- the whole address above the postcode
    post_code  char(10),
    u_llpg_ref char(16),             -- the UPRN; u_llpgref, which is there too, is something else
    dtstamp    timestamp             -- when the row was last changed
);

CREATE UNIQUE INDEX property01 ON housing.property (prop_ref);

-- A tenancy agreement of a household, which may have had several.
CREATE TABLE housing.tenagree (
    tag_ref    char(11) COLLATE "C",
    house_ref  char(10) COLLATE "C",
    tenure     char(3),
    terminated boolean,
    cot        timestamp,            -- the first day
    eot        timestamp             -- the last day; 1900-01-01 while there is none
);

CREATE TABLE housing.tenure (
    ten_type char(3),
    ten_desc char(15)
);

CREATE TABLE housing.contacts (
    con_key integer,                 -- what the housing register knows a household by
    con_ref char(12) COLLATE "C",    -- the house_ref
    tag_ref char(11) COLLATE "C"
);

CREATE UNIQUE INDEX contacts01 ON housing.contacts (con_key);

-- Whose phones and e-mail addresses those of a ContactNo are. Rows without keys are nobody's.
CREATE TABLE housing."CCContactLink" (
    "ContactNo" integer,
    "Key1"      char(20) COLLATE "C", -- the tag_ref of a tenancy
    "Key2"      char(10)              -- the person_no of a member of its household
);

CREATE TABLE housing."CCPhone" (
    "PhoneID"   integer PRIMARY KEY,
    "ContactNo" integer,
    "PhoneNo"   varchar(20),
    "PhoneType" varchar(1),           -- H home, M mobile, F fax, W work
    "modDate"   timestamp,
    "OKToCall"  varchar(1)            -- Y or N: whether the resident agreed to be called
);

CREATE TABLE housing."CCEmailAddress" (
    "EmailID"   integer PRIMARY KEY,
    "ContactNo" integer,
    "Email"     varchar(50),
    "EmailType" varchar(1),
    "modDate"   timestamp,
    "OKToEmail" varchar(1),           -- Y or N: whether the resident agreed to be written to
    "Defualt"   varchar(1)            -- Y for the one to be tried first
);
