-- file.head and file.write: how far an upload of one's own is. $3 file.
select file_json(f)::text as reply, f.state, f.received, f.size, f.name, f.kind
from file f where f.conference = $1::uuid and f.person = $2::uuid and f.id = $3::uuid
