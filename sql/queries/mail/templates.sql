-- mail.templates: what every kind says, and what the conference says instead. $1 conference, $2 actor.
select json_build_object('kinds', mail_templates($1::uuid)) as reply where $2::uuid is null or true
