/* services/mail: rows of the outbox taken for sending, and what became of them. */
#include "services/mail/parts.h"

#include <stdio.h>
#include <string.h>

static rows_fn claimed, slots_found, kept;
static request_fn messages_made;

static const struct method claim_method = {.name = "mail.claim"},
			   ended_method = {.name = "mail.ended"};

static const char *copied(struct request *rq, const struct rows *rows, int row, const char *column)
{
	const char *text = rows_text(rows, row, column);

	return text != NULL ? arena_strdup(rq->arena, text) : NULL;
}

fault mail_batch_read(struct request *rq, struct mail_batch *batch, const struct rows *rows)
{
	const char *about = "{";

	batch->n = rows_count(rows);
	batch->slots = NULL;
	batch->mails = arena_alloc(rq->arena, (size_t)(batch->n + 1) * sizeof(*batch->mails));
	for (int i = 0; i < batch->n; i++) {
		struct mail *m = &batch->mails[i];

		m->id = copied(rq, rows, i, "id");
		m->recipient = copied(rq, rows, i, "recipient");
		m->subject = copied(rq, rows, i, "subject");
		m->body = copied(rq, rows, i, "body");
		m->title = copied(rq, rows, i, "title");
		m->itip = copied(rq, rows, i, "itip");
		m->again = *rows_text(rows, i, "again") == 't';
		m->first = m->n = 0;
		if (*rows_text(rows, i, "slots") == 't' && batch->setup->file != NULL)
			about = arena_printf(rq->arena, "%s%s%s", about, about[1] != 0 ? "," : "",
					     m->id);
	}
	rq->params = batch;
	if (about[1] == 0)
		return batch->then(rq);
	return db_query(rq, LANE_SLOW, SQL_MAIL_SLOTS, slots_found,
			PARAMS(arena_printf(rq->arena, "%s}", about)));
}

static fault slots_found(struct request *rq, const struct rows *rows)
{
	struct mail_batch *batch = rq->params;

	for (int i = 0; i < batch->n; i++) {
		struct mail *m = &batch->mails[i];

		for (int row = 0; row < rows_count(rows); row++) {
			if (strcmp(rows_text(rows, row, "mail"), m->id) != 0)
				continue;
			m->first = m->n == 0 ? row : m->first;
			m->n++;
		}
	}
	batch->slots = rows;
	return batch->then(rq);
}

fault mail_claim_job(struct request *rq, const struct mail_relay *relay,
		     const struct mail_setup *setup)
{
	struct mail_batch *batch = arena_alloc(rq->arena, sizeof(*batch));

	*batch = (struct mail_batch){.setup = setup, .then = messages_made};
	rq->method = &claim_method;
	rq->params = batch;
	return db_query(rq, LANE_SLOW, SQL_MAIL_CLAIM, claimed,
			PARAMS(relay->name, p_int(rq, relay->rate), p_int(rq, relay->reserve),
			       p_int(rq, relay->most), p_int(rq, relay->for_rest)));
}

static fault claimed(struct request *rq, const struct rows *rows)
{
	return mail_batch_read(rq, rq->params, rows);
}

static fault messages_made(struct request *rq)
{
	const struct mail_batch *batch = rq->params;
	struct mail_claim *claim = arena_alloc(rq->arena, sizeof(*claim));

	claim->n = batch->n;
	claim->messages = arena_alloc(rq->arena, (size_t)(batch->n + 1) * sizeof(*claim->messages));
	for (int i = 0; i < batch->n; i++) {
		const struct mail *m = &batch->mails[i];
		struct mail_message *message = &claim->messages[i];

		*message = (struct mail_message){.recipient = m->recipient, .again = m->again};
		snprintf(message->id, sizeof(message->id), "%s", m->id);
		mail_write(&message->text, rq->arena, batch, m, false);
	}
	rq->params = claim;
	return request_reply(rq, "{}");
}

/* What a relay says is shown to organisers: one line of printable text. */
static const char *said(struct request *rq, const char *why)
{
	char *line;
	size_t n = 0;

	if (why == NULL)
		return NULL;
	line = arena_strdup(rq->arena, why);
	for (char *c = line; *c != 0 && n < 250; c++, n++)
		if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7e)
			*c = ' ';
	line[n] = 0;
	return line;
}

fault mail_ended_job(struct request *rq, const char *relay, const struct mail_message *m,
		     enum mail_end end, const char *why)
{
	static const char *const names[] = {"sent", "refused", "later", "unsure", "relay"};

	rq->method = &ended_method;
	return db_query(rq, LANE_SLOW, SQL_MAIL_ENDED, kept,
			PARAMS(relay, arena_strdup(rq->arena, m->id), names[end], p_bool(m->again),
			       said(rq, why)));
}

static fault kept(struct request *rq, const struct rows *rows)
{
	(void)rows;
	return request_reply(rq, "{}");
}
