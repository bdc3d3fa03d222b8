-- Values that changed since the fence, of the channels this worker carries.
select channel, key, value from tally where xid >= $1::text::xid8 and channel = any ($2::bigint[])
