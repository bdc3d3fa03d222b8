-- decision.export: the log as a file: $3 csv or ndjson, $4 the line behind which to go on.
select decision_export($1::uuid, $3::text, $4::bigint) as reply where $2::uuid is null or true
