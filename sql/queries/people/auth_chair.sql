-- auth.chair: spends the code that a chair scanned. $1 conference, $2 hash.
select login, conference, subject, expires, station from chair_join($1::uuid, $2::bytea)
