-- The heartbeat: one row, to which the system itself writes the time every minute, so that silence
-- can be told from health. It is empty where Mosaic carries none.

-- +goose Up

CREATE TABLE mosaic.gateway_heartbeat (
    id      smallint PRIMARY KEY,
    beat_at timestamp                -- in UTC
);
