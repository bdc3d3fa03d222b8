/* services/tickets: all tickets of a conference for the stations of one list: what each shows is
 * sealed under a key that only its code gives. The layout is in docs/protocol.md. */
#include "services/core/ticket.h"
#include "services/core/log.h"
#include "services/tickets/parts.h"

#include <stdlib.h>
#include <string.h>

/* A record takes some ten microseconds; between slices others get their turn. */
enum { SLICE = 200, RECORD_HEAD = TICKET_ROW_SIZE + 9 };

/* What a row of the answer is until its turn comes: rows do not live so long. */
struct entry {
	unsigned char row[TICKET_ROW_SIZE], status;
	uint32_t at;
	uint16_t station;
	const char *sealed; /* \x… */
	const char *body;   /* NULL: nothing is shown of it */
};

struct making {
	struct entry *entries;
	int n, done, lost;
	unsigned char *bytes;
	size_t size;
};

static rows_fn rows_read;
static request_fn slice;

fault snapshot_get(struct request *rq)
{
	const struct snapshot_params *p = rq->params;
	const struct caller *who = &rq->caller;

	/* A station knows the tickets of its own door. */
	if (who->person[0] == 0 && strcmp(who->list, p->list) != 0)
		return &fault_denied;
	return db_query(rq, LANE_SLOW, SQL_TICKETS_SNAPSHOT, rows_read,
			PARAMS(who->conference, p->list, p->since));
}

static void put(unsigned char *out, uint64_t value, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--, value >>= 8)
		out[i] = (unsigned char)value;
}

static fault rows_read(struct request *rq, const struct rows *rows)
{
	struct making *m = arena_alloc(rq->arena, sizeof(*m));
	int row_key = rows_column(rows, "row_key"), sealed = rows_column(rows, "sealed"),
	    status = rows_column(rows, "status"), at = rows_column(rows, "at"),
	    station = rows_column(rows, "station"), body = rows_column(rows, "body");
	size_t header, room;

	if (rows_count(rows) == 0)
		return &fault_not_found;
	m->n = rows_count(rows) - 1;
	m->entries = arena_alloc(rq->arena, ((size_t)m->n + 1) * sizeof(*m->entries));
	header = strlen(rows_text(rows, 0, "header"));
	room = 4 + header;
	for (int i = 0; i < m->n; i++) {
		struct entry *e = &m->entries[i];
		const char *shown = rows_at(rows, i + 1, body);

		bytea_read(rows_at(rows, i + 1, row_key), e->row, sizeof(e->row));
		e->sealed = arena_strdup(rq->arena, rows_at(rows, i + 1, sealed));
		e->status = (unsigned char)strtol(rows_at(rows, i + 1, status), NULL, 10);
		e->at = (uint32_t)strtoll(rows_at(rows, i + 1, at), NULL, 10);
		e->station = (uint16_t)strtol(rows_at(rows, i + 1, station), NULL, 10);
		e->body = shown != NULL ? arena_strdup(rq->arena, shown) : NULL;
		room += RECORD_HEAD + (shown != NULL ? strlen(shown) + TICKET_MORE : 0);
	}
	m->bytes = arena_alloc(rq->arena, room);
	put(m->bytes, header, 4);
	memcpy(m->bytes + 4, rows_text(rows, 0, "header"), header);
	m->size = 4 + header;
	rq->params = m;
	return db_later(rq, slice);
}

static void record(struct making *m, const char *conference, const struct entry *e)
{
	unsigned char *out = m->bytes + m->size;
	size_t body = e->body != NULL ? strlen(e->body) : 0;
	char code[ENTRY_CODE_SIZE + 1];
	struct ticket ticket;

	/* Sealed under a key we do not have: its row is there, without what it shows. */
	if (body > 0 && !code_open(e->sealed, code)) {
		m->lost++;
		body = 0;
	}
	memcpy(out, e->row, TICKET_ROW_SIZE);
	out[16] = e->status;
	put(out + 17, e->at, 4);
	put(out + 21, e->station, 2);
	put(out + 23, body > 0 ? body + TICKET_MORE : 0, 2);
	m->size += RECORD_HEAD;
	if (body == 0)
		return;
	ticket_of(conference, code, &ticket);
	ticket_seal(&ticket, NULL, e->body, body, out + RECORD_HEAD);
	m->size += body + TICKET_MORE;
}

static fault slice(struct request *rq)
{
	struct making *m = rq->params;

	for (int i = 0; i < SLICE && m->done < m->n; i++)
		record(m, rq->caller.conference, &m->entries[m->done++]);
	if (m->done < m->n)
		return db_later(rq, slice);
	if (m->lost > 0)
		log_line("snapshot: %d of %d codes are sealed under another seal.key", m->lost,
			 m->n);
	rq->content_type = "application/octet-stream";
	return request_reply_bytes(rq, (const char *)m->bytes, m->size);
}
