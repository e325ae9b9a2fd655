-- The record of access: what was seen, by whom. It is written before an answer leaves, by the one
-- function that a serving role may call, and read by the role that owns it.

-- +goose Up

-- One row for each group of residents who were shown alike in one answer: usually one or two.
-- A month is a partition, so that what is kept long enough goes at once and nothing else can go.
CREATE TABLE access.record (
    at             timestamptz NOT NULL,  -- by this database's clock; one for all written together
    request_id     text        NOT NULL,
    caller_kind    text        NOT NULL,
    caller_id      text        NOT NULL,
    caller         text        NOT NULL,  -- the name, as it was then
    purpose        text,
    operation      text,                  -- its name; null where it has none
    operation_hash bytea,                 -- SHA-256 of its text; null where there is no text
    residents      text[]      NOT NULL,  -- ids such as mosaic:31
    restricted     boolean     NOT NULL,  -- whether these residents were restricted then
    shown          text[]      NOT NULL,  -- the guarded fields that were: Resident.nhsNumber
    withheld       text[]      NOT NULL,  -- and those that were not
    searched       text[]      NOT NULL DEFAULT '{}',  -- the parts of a filter that they were searched by: postcode
    CONSTRAINT somebody_asked CHECK (caller_kind <> '' AND caller_id <> ''),
    CONSTRAINT somebody_was_seen_or_searched_for
        CHECK (cardinality(residents) > 0 OR cardinality(searched) > 0),
    CONSTRAINT texts_are_bounded CHECK (
        greatest(length(request_id), length(caller_id), length(caller), length(purpose),
                 length(operation)) <= 300
        AND concat(request_id, caller_id, caller, purpose, operation) !~ '[[:cntrl:]]'),
    CONSTRAINT operation_is_hashed CHECK (octet_length(operation_hash) = 32)
) PARTITION BY RANGE (at);

-- `access-log --resident`: what a subject access request asks. Without fastupdate each row pays for
-- itself; with it, one in some thousands pays for all, and everybody waits half a second for it.
CREATE INDEX record_by_resident ON access.record USING gin (residents) WITH (fastupdate = off);

-- `access-log --caller`: what an investigation asks, the newest first.
CREATE INDEX record_by_caller ON access.record (caller, at);

-- What is no longer kept, and who saw to it.
CREATE TABLE access.pruned (
    month      date        PRIMARY KEY,   -- its first day
    dropped_at timestamptz NOT NULL,
    dropped_by text        NOT NULL,      -- the role that was connected
    records    bigint      NOT NULL       -- how many rows there were
);

-- +goose StatementBegin

-- The name of the partition of a day.
CREATE FUNCTION access.month_name(day date) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN 'record_' || to_char(day, 'YYYY_MM');
END
$$;

-- Makes the partition of the month of a day, in UTC, where there is none. Any number of sessions
-- may call it at once. It is attached, because one that is created in place would wait for all who
-- read and write the others, and they for it.
CREATE FUNCTION access.add_month(day date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    partition constant text := access.month_name(day);
    first     constant date := date_trunc('month', day::timestamp)::date;
    next      constant date := (first + interval '1 month')::date;
BEGIN
    IF to_regclass('access.' || partition) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(7301552019482467);  -- the number means nothing
    -- Another session may have been first. The table says so; to_regclass remembers its answer.
    IF EXISTS (SELECT FROM pg_class
               WHERE  relname = partition AND relnamespace = 'access'::regnamespace) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE access.%I (LIKE access.record INCLUDING ALL)', partition);
    EXECUTE format(
        'ALTER TABLE access.record ATTACH PARTITION access.%I FOR VALUES FROM (%L) TO (%L)',
        partition,
        to_char(first, 'YYYY-MM-DD') || ' 00:00:00+00',
        to_char(next, 'YYYY-MM-DD') || ' 00:00:00+00');
END
$$;

-- Writes rows, given as a JSON array of objects with the columns of access.record but for `at`,
-- which no caller can choose; operation_hash is in hexadecimal. The rows are durable when the
-- transaction has been committed, even where synchronous_commit is off: to set it here lasts until
-- then.
--
-- It runs as its owner, so that a serving role needs leave for nothing else.
CREATE FUNCTION access.write_records(entries jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    now_is constant timestamptz := clock_timestamp();
    today  constant date := (now_is AT TIME ZONE 'UTC')::date;
BEGIN
    IF current_setting('synchronous_commit') = 'off' THEN
        PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
    IF to_regclass('access.' || access.month_name(today)) IS NULL THEN
        PERFORM access.add_month(today);
    END IF;
    INSERT INTO access.record (
        at, request_id, caller_kind, caller_id, caller, purpose, operation, operation_hash,
        residents, restricted, shown, withheld, searched)
    SELECT now_is, request_id, caller_kind, caller_id, caller, purpose, operation,
           decode(operation_hash, 'hex'), residents, restricted,
           coalesce(shown, '{}'), coalesce(withheld, '{}'), coalesce(searched, '{}')
    FROM   jsonb_to_recordset(entries) AS entry (
               request_id text, caller_kind text, caller_id text, caller text, purpose text,
               operation text, operation_hash text, residents text[], restricted boolean,
               shown text[], withheld text[], searched text[]);
END
$$;

-- Drops the months that were over before a day, notes each, and returns what it noted. While it
-- drops them nobody writes: so it counts first, and gives up rather than wait for who reads.
CREATE FUNCTION access.prune(before date) RETURNS SETOF access.pruned
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    months date[];
    month  date;
BEGIN
    IF before > date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC') THEN
        RAISE 'the month in progress is not pruned' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(7301552019482468);
    SELECT array_agg(old.first_day ORDER BY old.first_day)
    INTO   months
    FROM   pg_inherits
    JOIN   pg_class ON pg_class.oid = inhrelid,
           to_date(right(relname, 7), 'YYYY_MM') AS old (first_day)
    WHERE  inhparent = 'access.record'::regclass
    AND    old.first_day + interval '1 month' <= before;

    FOREACH month IN ARRAY coalesce(months, '{}') LOOP
        EXECUTE format(
            'INSERT INTO access.pruned (month, dropped_at, dropped_by, records)
             SELECT $1, clock_timestamp(), session_user, count(*) FROM access.%I',
            access.month_name(month)) USING month;
    END LOOP;
    FOREACH month IN ARRAY coalesce(months, '{}') LOOP
        EXECUTE format('DROP TABLE access.%I', access.month_name(month));
    END LOOP;
    RETURN QUERY
        SELECT * FROM access.pruned AS p WHERE p.month = ANY (months) ORDER BY p.month;
END
$$;

-- +goose StatementEnd

-- A function is everybody's until it is taken from them. Who serves is granted write_records, and
-- of the rest nothing.
REVOKE ALL ON access.record, access.pruned FROM PUBLIC;
REVOKE ALL ON FUNCTION access.month_name(date), access.add_month(date), access.prune(date),
    access.write_records(jsonb) FROM PUBLIC;
