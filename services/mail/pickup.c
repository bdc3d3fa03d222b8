/* services/mail: mail on its way out as files that a mail server's pickup takes. */
#include "services/mail/parts.h"

#include "services/core/log.h"
#include "services/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static rows_fn claimed, replied;
static request_fn write_all;

static const struct method pickup_method = {.name = "mail.pickup"};

fault mail_pickup_job(struct request *rq, const char *mail_dir, const struct mail_setup *setup)
{
	struct mail_batch *batch;

	if (mail_dir == NULL || mail_dir[0] == 0)
		return request_reply(rq, "{\"sent\":0}");
	if (rq->method == NULL)
		rq->method = &pickup_method;
	batch = arena_alloc(rq->arena, sizeof(*batch));
	*batch = (struct mail_batch){
	    .setup = setup, .then = write_all, .data = arena_strdup(rq->arena, mail_dir)};
	rq->params = batch;
	return db_query(rq, LANE_SLOW, SQL_MAIL_PICK, claimed, NULL, 0);
}

static fault claimed(struct request *rq, const struct rows *rows)
{
	return mail_batch_read(rq, rq->params, rows);
}

/* Under a name the pickup does not look at until all of it is on the disk. */
static bool write_file(const char *temporary, const char *path, const struct buffer *b)
{
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	size_t at = 0;
	bool good;

	if (fd < 0)
		return false;
	while (at < b->size) {
		ssize_t n = write(fd, b->bytes + at, b->size - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		at += (size_t)n;
	}
	good = at == b->size && fsync(fd) == 0;
	good = close(fd) == 0 && good && rename(temporary, path) == 0;
	if (!good)
		unlink(temporary);
	return good;
}

static bool write_mail(struct request *rq, const struct mail *m)
{
	const struct mail_batch *batch = rq->params;
	const char *dir = batch->data;
	struct buffer b = {0};
	bool good;

	if (!text_address_ok(m->recipient))
		return false;
	mail_write(&b, rq->arena, batch, m, true);
	good = write_file(arena_printf(rq->arena, "%s/.%s.tmp", dir, m->id),
			  arena_printf(rq->arena, "%s/%s.eml", dir, m->id), &b);
	buffer_finish(&b);
	return good;
}

static bool sync_folder(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

/* What could not be written stays: its lease runs out and it is tried again. */
static fault write_all(struct request *rq)
{
	const struct mail_batch *batch = rq->params;
	char *ids = arena_strdup(rq->arena, "{");
	int written = 0;

	for (int i = 0; i < batch->n; i++)
		if (write_mail(rq, &batch->mails[i]))
			ids = arena_printf(rq->arena, "%s%s%s", ids, written++ > 0 ? "," : "",
					   batch->mails[i].id);
	if (written < batch->n)
		log_line("mail: %d of %d could not be written", batch->n - written, batch->n);
	if (written == 0 || !sync_folder(batch->data))
		return request_reply(rq, "{\"sent\":0}");
	return db_query(rq, LANE_SLOW, SQL_MAIL_PICKED, replied,
			PARAMS(arena_printf(rq->arena, "%s}", ids)));
}

static fault replied(struct request *rq, const struct rows *rows)
{
	return rows_count(rows) == 0
		   ? &fault_not_found
		   : request_reply(rq, arena_strdup(rq->arena, rows_text(rows, 0, "reply")));
}
