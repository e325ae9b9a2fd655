-- What the endpoint keeps beside the tables that it stands for.
CREATE SCHEMA IF NOT EXISTS tds;
CREATE SEQUENCE tds.version;
CREATE SEQUENCE tds.rowversion;

-- One row for each transaction that has changed a tracked table. The lock is held until the
-- transaction ends, so that versions are in the order of commits.
CREATE TABLE tds.commits (
    version bigint PRIMARY KEY,
    xid     xid8 NOT NULL UNIQUE
);

CREATE TABLE tds.objects (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_schema text NOT NULL,
    table_name   text NOT NULL,
    tracked      boolean NOT NULL,
    min_valid    bigint NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX ON tds.objects (lower(table_schema), lower(table_name));

-- INFORMATION_SCHEMA, as SQL Server has it.
CREATE TABLE tds.tables (
    table_catalog text NOT NULL DEFAULT current_database(),
    table_schema  text COLLATE "C" NOT NULL,
    table_name    text COLLATE "C" NOT NULL,
    table_type    text COLLATE "C" NOT NULL DEFAULT 'BASE TABLE'
);
CREATE TABLE tds.columns (
    table_catalog            text NOT NULL DEFAULT current_database(),
    table_schema             text COLLATE "C" NOT NULL,
    table_name               text COLLATE "C" NOT NULL,
    column_name              text COLLATE "C" NOT NULL,
    ordinal_position         integer NOT NULL,
    column_default           text,
    is_nullable              text COLLATE "C" NOT NULL,
    data_type                text COLLATE "C" NOT NULL,
    character_maximum_length integer,
    character_octet_length   integer,
    numeric_precision        smallint,
    numeric_scale            integer,
    datetime_precision       smallint,
    collation_name           text,
    declared                 text NOT NULL
);
CREATE TABLE tds.table_constraints (
    constraint_catalog text NOT NULL DEFAULT current_database(),
    constraint_schema  text COLLATE "C" NOT NULL,
    constraint_name    text COLLATE "C" NOT NULL,
    table_catalog      text NOT NULL DEFAULT current_database(),
    table_schema       text COLLATE "C" NOT NULL,
    table_name         text COLLATE "C" NOT NULL,
    constraint_type    text COLLATE "C" NOT NULL DEFAULT 'PRIMARY KEY'
);
CREATE TABLE tds.key_column_usage (
    constraint_catalog text NOT NULL DEFAULT current_database(),
    constraint_schema  text COLLATE "C" NOT NULL,
    constraint_name    text COLLATE "C" NOT NULL,
    table_catalog      text NOT NULL DEFAULT current_database(),
    table_schema       text COLLATE "C" NOT NULL,
    table_name         text COLLATE "C" NOT NULL,
    column_name        text COLLATE "C" NOT NULL,
    ordinal_position   integer NOT NULL
);

CREATE FUNCTION tds.next_version() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v bigint;
BEGIN
    SELECT version INTO v FROM tds.commits WHERE xid = pg_current_xact_id();
    IF v IS NULL THEN
        PERFORM pg_advisory_xact_lock(7473, 7473);
        INSERT INTO tds.commits (version, xid) VALUES (nextval('tds.version'), pg_current_xact_id())
        RETURNING version INTO v;
    END IF;
    RETURN v;
END $$;

CREATE FUNCTION tds.current_version() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT COALESCE(max(version), 0) FROM tds.commits
$$;

CREATE FUNCTION tds.object_id(name text) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT id
    FROM   tds.objects,
           (SELECT lower(translate(name, '[]"', '')) AS wanted) AS w
    WHERE  lower(table_schema) = CASE WHEN wanted LIKE '%.%' THEN split_part(wanted, '.', -2)
                                      ELSE 'dbo' END
    AND    lower(table_name) = split_part(wanted, '.', -1)
$$;

CREATE FUNCTION tds.min_valid_version(object integer) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT min_valid FROM tds.objects WHERE id = object AND tracked
$$;

-- A datetime2 as it is kept: always with 7 digits, rounded to so many.
CREATE FUNCTION tds.exact(value text, scale integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    part   text[];
    whole  timestamp;
    digits bigint;
    unit   bigint := (10 ^ (7 - scale))::bigint;
BEGIN
    IF scale = 7 AND value ~ '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{7}$' THEN
        RETURN value;
    END IF;
    part := regexp_match(value, '^\s*(\d{4}-?\d{2}-?\d{2})(?:[T ]+(\d{2}:\d{2}(?::\d{2})?)' ||
        '(?:\.(\d{1,7})\d*)?)?(?:\s*(?:[+-]\d\d:\d\d|Z))?\s*$');
    IF part IS NULL THEN
        RAISE EXCEPTION 'Conversion failed when converting date and/or time from character string.'
            USING ERRCODE = '22007';
    END IF;
    whole := (part[1] || ' ' || COALESCE(part[2], '00:00'))::timestamp;
    digits := (rpad(COALESCE(part[3], ''), 7, '0')::bigint + unit / 2) / unit * unit;
    IF digits = 10000000 THEN
        whole := whole + interval '1 second';
        digits := 0;
    END IF;
    RETURN to_char(whole, 'YYYY-MM-DD HH24:MI:SS') || '.' || lpad(digits::text, 7, '0');
END $$;

-- A datetime as a datetime2: its three-hundredths of a second, to 7 digits. What is .997 as a
-- datetime is .9966667, as in SQL Server from 2016 on; a client that sends back .997 sends another.
CREATE FUNCTION tds.precise(value timestamp) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT to_char(date_trunc('second', value) + ticks / 300 * interval '1 second',
                   'YYYY-MM-DD HH24:MI:SS.') || lpad(((ticks % 300 * 100000 + 1) / 3)::text, 7, '0')
    FROM   (SELECT (extract(microseconds FROM value)::bigint % 1000000 * 3 + 5000) / 10000
                   AS ticks) AS t
$$;

-- A datetimeoffset as it is kept: a datetime2 of its own place, and how far that is from UTC.
CREATE FUNCTION tds.zoned(value text, scale integer) RETURNS text
LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT tds.exact(value, scale) || ' ' ||
           COALESCE((regexp_match(value, ':.*([+-]\d\d:\d\d)\s*$'))[1], '+00:00')
$$;

-- A datetimeoffset in UTC, for comparing.
CREATE FUNCTION tds.instant(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT to_char(left(value, 19)::timestamp - right(value, 6)::interval,
                   'YYYY-MM-DD HH24:MI:SS') || substr(value, 20, 8)
$$;

CREATE FUNCTION tds.clock(value text, scale integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    kept text := tds.exact('2000-01-01 ' || trim(value), scale);
BEGIN
    RETURN substr(kept, 12);
END $$;
