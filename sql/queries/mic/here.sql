-- mic.here, merged: the page of somebody who waits is still there. $2 people, $3 sessions.
select ord, reply, fault, current from mic_present($1::uuid, $2::uuid[], $3::uuid[], false)
