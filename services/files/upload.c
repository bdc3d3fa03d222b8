/* services/files: an upload: announced, asked after, continued. A piece is locked, compared with
 * what the row says, written and forced to the disk, and only then counted. */
#include "services/core/log.h"
#include "services/files/parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct making {
	char path[STORE_PATH];
	int64_t size;
	int wrong;
	const char *reply;
};

static rows_fn announced, head_read, place_read, counted, refused;
static request_fn made, written;

static fault disk_fault(int wrong, const char *doing)
{
	if (wrong == ENOSPC || wrong == EDQUOT || wrong == EFBIG)
		return &file_no_space;
	log_line("files: %s: %s", doing, strerror(wrong));
	return &file_disk;
}

/* NULL and *ret_fault: refused, or no such row. */
static const char *reply_of(struct request *rq, const struct rows *rows, fault *ret_fault)
{
	const char *named = rows_count(rows) > 0 ? rows_text(rows, 0, "fault") : NULL;

	*ret_fault = rows_count(rows) == 0 ? &fault_not_found
		     : named != NULL	   ? fault_by_code(named)
					   : OK;
	return *ret_fault == OK ? arena_strdup(rq->arena, rows_text(rows, 0, "reply")) : NULL;
}

fault file_create(struct request *rq)
{
	const struct create_params *p = rq->params;

	if (!store_known())
		return &file_unavailable;
	if (!sniff_name(p->name, p->kind)) {
		rq->fault_field = "name";
		return &file_type;
	}
	return db_query(rq, LANE_PUBLIC, SQL_FILES_CREATE, announced,
			PARAMS(rq->caller.conference, caller_actor(&rq->caller), p->file, p->kind,
			       p->subject, p->name, p_int(rq, p->size)));
}

static void make(void *data)
{
	struct making *m = data;

	m->wrong = store_make(m->path, m->size);
}

static fault announced(struct request *rq, const struct rows *rows)
{
	const struct create_params *p = rq->params;
	struct making *m = arena_alloc(rq->arena, sizeof(*m));
	fault f;

	m->reply = reply_of(rq, rows, &f);
	if (m->reply == NULL)
		return f;
	if (!store_path(p->file, m->path))
		return &file_disk;
	m->size = p->size;
	rq->params = m;
	return db_work(rq, make, m, made);
}

static fault made(struct request *rq)
{
	const struct making *m = rq->params;

	return m->wrong != 0 ? disk_fault(m->wrong, "cannot begin a file")
			     : request_reply(rq, m->reply);
}

fault file_head(struct request *rq)
{
	const struct file_params *p = rq->params;

	return db_query(rq, LANE_PUBLIC, SQL_FILES_HEAD, head_read,
			PARAMS(rq->caller.conference, caller_actor(&rq->caller), p->file));
}

static fault head_read(struct request *rq, const struct rows *rows)
{
	if (rows_count(rows) == 0)
		return &fault_not_found;
	if (strcmp(rows_text(rows, 0, "state"), "refused") == 0)
		return &file_gone;
	return request_reply(rq, arena_strdup(rq->arena, rows_text(rows, 0, "reply")));
}

fault file_write(struct request *rq)
{
	struct writing *w = rq->params;
	char path[STORE_PATH];

	if (!store_path(w->file, path))
		return &file_unavailable;
	w->fd = store_lock(path);
	w->held = w->fd >= 0;
	if (!w->held)
		return errno == EWOULDBLOCK ? &file_locked
		       : errno == ENOENT    ? &fault_not_found
					    : disk_fault(errno, "cannot open a file");
	return db_query(rq, LANE_PUBLIC, SQL_FILES_HEAD, place_read,
			PARAMS(rq->caller.conference, caller_actor(&rq->caller), w->file));
}

void files_write_ended(struct request *rq)
{
	struct writing *w = rq->params;

	if (w == NULL || !w->held)
		return;
	close(w->fd);
	w->held = false;
}

static void put_down(void *data)
{
	struct writing *w = data;

	w->wrong = store_write(w->fd, w->at, w->bytes, w->n);
	if (w->wrong == 0 && w->last)
		w->wrong = store_digest(w->fd, w->sha256);
	if (w->wrong == 0 && w->last)
		w->type = sniff(w->fd, w->name);
}

static fault place_read(struct request *rq, const struct rows *rows)
{
	struct writing *w = rq->params;
	int64_t received, size;

	if (rows_count(rows) == 0)
		return &fault_not_found;
	if (strcmp(rows_text(rows, 0, "state"), "refused") == 0)
		return &file_gone;
	received = rows_int(rows, 0, "received");
	size = rows_int(rows, 0, "size");
	if (w->offset != received) {
		rq->fault_current =
		    arena_printf(rq->arena, "{\"received\":%lld}", (long long)received);
		return &fault_conflict;
	}
	if ((int64_t)rq->body_size > size - received)
		return &file_overflow;
	if (rq->body_size == 0)
		return request_reply(rq, arena_strdup(rq->arena, rows_text(rows, 0, "reply")));
	w->name = arena_strdup(rq->arena, rows_text(rows, 0, "name"));
	w->bytes = rq->body;
	w->n = rq->body_size;
	w->at = received;
	w->last = received + (int64_t)rq->body_size == size;
	return db_work(rq, put_down, w, written);
}

static const char *hex(struct request *rq, const unsigned char sha256[SHA256_SIZE])
{
	char *text = arena_alloc(rq->arena, 2 * SHA256_SIZE + 3);

	strcpy(text, "\\x");
	for (int i = 0; i < SHA256_SIZE; i++)
		sprintf(text + 2 + 2 * i, "%02x", sha256[i]);
	return text;
}

static fault written(struct request *rq)
{
	struct writing *w = rq->params;
	const char *to = p_int(rq, w->at + (int64_t)w->n);

	if (w->wrong != 0)
		return disk_fault(w->wrong, "cannot write a piece");
	if (w->last && w->type == NULL)
		return db_query(rq, LANE_PUBLIC, SQL_FILES_REFUSE, refused,
				PARAMS(rq->caller.conference, caller_actor(&rq->caller), w->file));
	return db_query(rq, LANE_PUBLIC, SQL_FILES_WRITTEN, counted,
			PARAMS(rq->caller.conference, caller_actor(&rq->caller), w->file,
			       p_int(rq, w->at), to, w->type, w->last ? hex(rq, w->sha256) : NULL));
}

static fault counted(struct request *rq, const struct rows *rows)
{
	fault f;
	const char *reply = reply_of(rq, rows, &f);

	return reply != NULL ? request_reply(rq, reply) : f;
}

static fault refused(struct request *rq, const struct rows *rows)
{
	(void)rq;
	(void)rows;
	return &file_type;
}
