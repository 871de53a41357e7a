-- The table for the sink `http` with "preset": "clickhouse" (docs/http-sink.md).
--   clickhouse-client --multiquery < docs/clickhouse.sql
-- Columns that you do not want may be left out: what has no column is passed over.
-- Before ClickHouse 22 write DateTime for DateTime64(6, 'UTC') and String for LowCardinality(String), and leave out
-- the last line.

CREATE DATABASE IF NOT EXISTS mcpsonde;

CREATE TABLE IF NOT EXISTS mcpsonde.events
(
    record_id     String,                  -- the same when an event is sent again
    timestamp     DateTime64(6, 'UTC'),
    kind          LowCardinality(String),  -- mcp, http, finding, gap, sensor
    source        LowCardinality(String),
    type          LowCardinality(String),  -- request, response, notification, malformed
    transport     LowCardinality(String),  -- stdio, http, sse
    method        LowCardinality(String),  -- tools/call
    tool          String,                  -- tool or prompt
    server        String,
    client        String,
    session       UInt64,
    era           LowCardinality(String),  -- 2025-11-25
    outcome       LowCardinality(String),  -- ok, tool_error, error, cancelled, hung; on the last message of a call
    error_code    Nullable(Int64),
    duration_ms   Nullable(Float64),
    server_ms     Nullable(Float64),
    human_ms      Nullable(Float64),
    latency_ms    Nullable(Float64),
    bytes_in      UInt64,
    bytes_out     UInt64,
    trace_id      String,
    span_id       String,
    rule          LowCardinality(String),  -- of findings
    severity      LowCardinality(String),  -- info, low, medium, high, critical
    detector      LowCardinality(String),
    category      LowCardinality(String),
    reason        LowCardinality(String),  -- of gaps
    message       String,                  -- of findings and gaps
    event         String                   -- all of it: the JSON line of docs/jsonl.md
)
-- Rows with the same key are one row after a merge: read with FINAL where a repeat must not count.
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(timestamp)
ORDER BY (kind, timestamp, record_id)
SETTINGS non_replicated_deduplication_window = 1000;
