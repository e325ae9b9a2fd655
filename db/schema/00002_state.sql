-- What the gateway keeps of its own.

-- +goose Up

-- When the data of a source was last loaded, and by whom. A source without a row has never been
-- loaded by us.
CREATE TABLE gateway.load (
    source    text        PRIMARY KEY,
    loaded_at timestamptz NOT NULL,      -- the data is at least as new as this
    origin    text        NOT NULL,      -- 'sample' for made-up residents, which may be replaced
    CONSTRAINT source_is_named CHECK (source <> ''),
    CONSTRAINT origin_is_named CHECK (origin <> '')
);

-- The secret that cursors are sealed with: in the database, so that every replica has the same one
-- and a restart does not end a client's walk through a list.
CREATE TABLE gateway.cursor_key (
    one    boolean PRIMARY KEY DEFAULT true,
    secret bytea   NOT NULL,
    CONSTRAINT only_one_row CHECK (one),
    CONSTRAINT secret_is_long_enough CHECK (octet_length(secret) >= 32)
);

INSERT INTO gateway.cursor_key (secret)
SELECT sha256(convert_to(string_agg(gen_random_uuid()::text, ''), 'UTF8'))
FROM   generate_series(1, 4);
