-- Values that changed since the fence. All of them: few questions are being voted on at one time, and a filter could miss a channel that is just being opened.
select channel, key, value from tally where xid >= $1::text::xid8
