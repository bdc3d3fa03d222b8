-- Values that changed since the fence. All of them: few are being counted at one time, and a filter could miss a channel that is just being
-- opened. With its name: a channel without any event is known by nothing else.
select t.channel, c.conference, c.name, t.key, t.value
from tally t join channel c on c.id = t.channel where t.xid >= $1::text::xid8
