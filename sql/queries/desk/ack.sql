-- backstage.ack: a message has been read. $5 message.
select reply, fault, current from backstage_ack($1::uuid, $2::uuid, $5::uuid)
where $3::uuid is null or $4::bytea is not null
