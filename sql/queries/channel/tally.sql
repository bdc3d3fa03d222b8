-- All values beside a channel's log.
select t.key, t.value from channel c join tally t on t.channel = c.id where c.conference = $1::uuid and c.name = $2
