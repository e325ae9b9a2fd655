-- The eight tables migrated out of Academy, with the columns that are served and no others. Names
-- and types are Academy's own: a date is the text that DMS makes of it. No foreign keys: rows
-- arrive in any order. A table has a key here where one identifies Academy's rows; occupations,
-- e-mail addresses and phones have none, and the same row may stand there twice.

-- +goose Up

-- A member of the household of a benefit claim: one row for each address that the claim has had.
CREATE TABLE academy.hbmember (
    claim_id      integer,
    house_id      smallint,          -- counts the addresses of a claim
    member_id     smallint,
    person_ref    integer,           -- the same person at every address; null in rows of nobody
    name          varchar(32),       -- the whole name
    title         varchar(4),
    forename      varchar(32),
    surname       varchar(32),
    birth_date    varchar(37),
    deceased_date varchar(37),
    nino          varchar(10),
    PRIMARY KEY (claim_id, house_id, member_id),
    CONSTRAINT references_count_up CHECK (claim_id >= 0 AND person_ref >= 0)
);

-- An address of a benefit claim.
CREATE TABLE academy.hbhousehold (
    claim_id  integer,
    house_id  smallint,
    from_date varchar(37),
    to_date   varchar(37),           -- 2099-12-31 while the claim is there
    addr1     varchar(35),
    addr2     varchar(35),
    addr3     varchar(32),
    addr4     varchar(32),
    post_code varchar(10),
    uprn      varchar(12),
    PRIMARY KEY (claim_id, house_id)
);

CREATE TABLE academy.hbclaim (
    claim_id    integer PRIMARY KEY,
    check_digit varchar(1),          -- the last character of the number that letters quote
    status_ind  integer              -- 1 for a claim that is live
);

-- A council tax account, with whoever is first of those liable.
CREATE TABLE academy.ctaccount (
    account_ref        integer PRIMARY KEY,
    account_cd         varchar(1),   -- the last character of the number that letters quote
    lead_liab_name     varchar(32),  -- the whole name, in capitals, the last name first
    lead_liab_title    varchar(8),
    lead_liab_forename varchar(32),
    lead_liab_surname  varchar(32),
    CONSTRAINT references_count_up CHECK (account_ref >= 0)
);

-- A property that an account is or was liable for.
CREATE TABLE academy.ctoccupation (
    account_ref   integer,
    property_ref  varchar(18),
    vacation_date varchar(37)        -- 2099-12-31 while it is occupied
);

CREATE TABLE academy.ctproperty (
    property_ref varchar(18) PRIMARY KEY,
    addr1        varchar(35),
    addr2        varchar(35),
    addr3        varchar(32),
    addr4        varchar(32),
    postcode     varchar(8),
    uprn         varchar(12)
);

-- The e-mail addresses and the phones of every application of Academy, each with references of its
-- own: one says nothing without applic_id and what kind of reference it is.
CREATE TABLE academy.syemail (
    applic_id          varchar(2),
    reference_id       integer,
    person_type        varchar(2),
    person_type_seq_no smallint,
    email_addr         varchar(128),
    email_start_date   varchar(37),
    email_end_date     varchar(37)
);

CREATE TABLE academy.syphone (
    applic_id varchar(2),
    ref_type  varchar(2),
    ref       varchar(20),
    phonenum1 varchar(20),
    phonenum2 varchar(20),
    phonenum3 varchar(20),
    phonenum4 varchar(20)
);
