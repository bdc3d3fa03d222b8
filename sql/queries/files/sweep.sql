-- Bytes that no row needs, fifty at most; a row without a file: nothing to do, but it was our turn.
select s.file from file_sweep() s
