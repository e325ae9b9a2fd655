-- How the data of each source came here: loads under way, changes that are followed, what is wrong
-- with a table, and what was proved. None of it holds personal data but the keys of rows that
-- differ.

-- +goose Up

-- Since when what is served is what it is: a load takes longer than it takes to swap in, and an
-- older one may be served again. Null for since it was loaded.
ALTER TABLE gateway.load ADD COLUMN served_since timestamptz;

-- The last load before that in gateway.load, whose tables are kept until the next: they are in the
-- schema <source>_previous.
CREATE TABLE gateway.load_before (
    source    text        PRIMARY KEY,
    loaded_at timestamptz NOT NULL,
    origin    text        NOT NULL
);

-- A load of our own that is under way, beside what is served: its tables are in the schema
-- <source>_next. It is gone once they are swapped in.
CREATE TABLE gateway.loading (
    source   text        PRIMARY KEY,
    origin   text        NOT NULL,       -- what is read: sqlserver, files, landing
    began_at timestamptz NOT NULL,       -- what is loaded is at least as new as this
    told_at  timestamptz NOT NULL,       -- when it last got on
    phase    text        NOT NULL,       -- what it does: rows, indexes, proof or swap
    shape    text        NOT NULL,       -- of the tables: with another, a load begins anew
    fault    text                        -- why it stopped, in words; null while nothing is wrong
);

CREATE TABLE gateway.loading_table (
    source   text    NOT NULL REFERENCES gateway.loading ON DELETE CASCADE,
    name     text    NOT NULL,
    next     text    NOT NULL,           -- where the reader goes on
    rows     bigint  NOT NULL,           -- that are loaded
    xor      bigint  NOT NULL,           -- with rows and sum, the digest of what was read
    sum      bigint  NOT NULL,
    expected bigint,                     -- how many rows there are about; null where nobody knows
    done     boolean NOT NULL,
    version  text,                       -- of the changes to follow from; null where none are
    PRIMARY KEY (source, name)
);

-- Changes that our own follower applies: all that were committed before applied_at are here.
CREATE TABLE gateway.following (
    source     text        NOT NULL,
    name       text        NOT NULL,     -- the table
    version    text        NOT NULL,     -- of the last change applied, as the system counts them
    applied_at timestamptz NOT NULL,
    PRIMARY KEY (source, name)
);

-- What is wrong with one table, which is then left as it is. The others go on.
CREATE TABLE gateway.table_fault (
    source text        NOT NULL,
    name   text        NOT NULL,
    kind   text        NOT NULL,         -- drift: the system's table is not what is described;
                                         -- reread: its changes are lost, and it is being read again;
                                         -- apply: a change cannot be applied to it
    reason text        NOT NULL,         -- in words for an operator
    since  timestamptz NOT NULL,
    PRIMARY KEY (source, name, kind)
);

-- A comparison of what is here with the system, with its evidence.
CREATE TABLE gateway.proof (
    id       bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    source   text        NOT NULL,
    origin   text        NOT NULL,       -- what it was compared with
    began_at timestamptz NOT NULL,
    ended_at timestamptz,                -- null while it is under way, and where it was cut off
    result   text        NOT NULL,       -- running, same, differs or failed
    rows     bigint      NOT NULL,       -- of the system that were compared
    differ   bigint      NOT NULL,       -- how many rows differ: all, and not only those that are kept
    evidence jsonb       NOT NULL,       -- by table: counts and digests of both sides
    CONSTRAINT result_is_known CHECK (result IN ('running', 'same', 'differs', 'failed'))
);

CREATE INDEX proof_by_source ON gateway.proof (source, id DESC);

-- The rows that differ, the first of them: by key, without values.
CREATE TABLE gateway.proof_finding (
    proof   bigint  NOT NULL REFERENCES gateway.proof ON DELETE CASCADE,
    place   integer NOT NULL,
    name    text    NOT NULL,            -- the table
    kind    text    NOT NULL,            -- in the words of DMS
    key     text    NOT NULL,            -- a JSON list
    columns text,                        -- the names of those that differ, of a RECORD_DIFF
    PRIMARY KEY (proof, place),
    CONSTRAINT kind_is_known
        CHECK (kind IN ('MISSING_TARGET', 'MISSING_SOURCE', 'RECORD_DIFF'))
);
