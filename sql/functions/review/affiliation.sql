-- Columns are made of these two: whoever restores a dump has no search path, and what they call is still to be found.
alter function affiliation_keys(text) set search_path = public, pg_temp;
alter function affiliation_words(text) set search_path = public, pg_temp;
