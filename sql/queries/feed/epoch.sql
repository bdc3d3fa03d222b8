-- Which history this is, and where a new reader starts.
select epoch() as epoch, pg_snapshot_xmin(pg_current_snapshot())::text as fence
