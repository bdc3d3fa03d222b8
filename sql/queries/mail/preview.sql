-- mail.preview: what somebody would read. $1 conference, $2 actor, $3 kind, $4 language, $5 subject, $6 body.
select case when x.unknown is null then (
		select json_build_object('subject', m.subject, 'text', mail_codeless(m.body))
		from mail_render($1::uuid, coalesce((select name from person where id = $2::uuid), 'Ada Lovelace'), $4, $3, mail_sample(), $5, $6) m) end as reply,
	case when x.unknown is not null then 'mail.placeholder' end as fault,
	case when x.unknown is not null then json_build_object('placeholder', x.unknown) end as current
from (select mail_unknown($3, $5 || $6) as unknown) x where exists (select from mail_texts() t where t.kind = $3)
