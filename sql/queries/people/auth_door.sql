-- auth.door: spends what a screen at the door showed. $1 its hash.
select login, conference, subject, expires, reply from door_sign_in_use($1::bytea)
