-- The keys of services.

-- +goose Up

-- A key is made, replaced by another and revoked, and never deleted: the record of access names it.
CREATE TABLE access.key (
    id                  text        PRIMARY KEY,  -- the part of the key that is no secret
    name                text        NOT NULL,     -- the service; keys that follow each other share it
    secret_hash         bytea       NOT NULL,     -- SHA-256 of the part that is
    scopes              text[]      NOT NULL,
    requests_per_minute integer,                  -- null for as many as any caller may ask
    created_at          timestamptz NOT NULL,
    expires_at          timestamptz NOT NULL,     -- from then on it is no key
    revoked_at          timestamptz,
    CONSTRAINT id_is_short CHECK (id ~ '^[a-z2-7]{12}$'),
    CONSTRAINT name_is_one CHECK (name ~ '^[a-z0-9][a-z0-9.-]{0,63}$'),
    CONSTRAINT secret_is_hashed CHECK (octet_length(secret_hash) = 32),
    CONSTRAINT key_is_for_something CHECK (cardinality(scopes) > 0),
    CONSTRAINT rate_is_one CHECK (requests_per_minute > 0),
    CONSTRAINT lasts_a_year_at_most
        CHECK (expires_at > created_at AND expires_at <= created_at + interval '366 days')
);

-- `key list`, `key rotate` and `key revoke` ask by name.
CREATE INDEX key_by_name ON access.key (name);
