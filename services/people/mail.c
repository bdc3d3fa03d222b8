/* services/people: mail on its way out: the outbox into files that a mail server's pickup takes
 * (RFC 5322). */
#include "services/people/people.h"
#include "services/people/parts.h"

#include "services/core/json.h"
#include "services/core/log.h"
#include "services/core/ticket.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum {
	WORD_BYTES = 45, /* as base64 with its frame: under the 75 characters of RFC 2047 */
	LINE_BYTES = 57	 /* as base64: the 76 characters of RFC 2045 */
};

/* The database does not know where we are reached: it writes this. */
static const char base_mark[] = "{base}", code_mark[] = "{code:\\x";

struct mail {
	const char *id, *recipient, *subject, *body, *title;
	int first, n; /* rows of the slots it is about */
};

struct mail_job {
	const char *dir, *base_url;
	mail_file_fn *file;
	struct mail *mails;
	int n;
};

static rows_fn mail_claimed, slots_found;

static const struct method mail_method = {.name = "people.mail"};

fault people_mail_job(struct request *rq, const char *mail_dir, const char *base_url,
		      mail_file_fn *file)
{
	struct mail_job *job;

	if (mail_dir == NULL || mail_dir[0] == 0)
		return request_reply(rq, "{\"sent\":0}");
	if (rq->method == NULL)
		rq->method = &mail_method;
	job = arena_alloc(rq->arena, sizeof(*job));
	job->dir = arena_strdup(rq->arena, mail_dir);
	job->base_url = arena_strdup(rq->arena, base_url != NULL ? base_url : "");
	job->file = file;
	rq->params = job;
	return db_query(rq, LANE_SLOW, SQL_PEOPLE_MAIL_CLAIM, mail_claimed, NULL, 0);
}

static void add_base64(struct buffer *b, const unsigned char *s, size_t n)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		unsigned v = (unsigned)s[i] << 16;
		char four[] = "====";

		v |= i + 1 < n ? (unsigned)s[i + 1] << 8 : 0;
		v |= i + 2 < n ? s[i + 2] : 0;
		four[0] = digits[v >> 18];
		four[1] = digits[v >> 12 & 63];
		if (i + 1 < n)
			four[2] = digits[v >> 6 & 63];
		if (i + 2 < n)
			four[3] = digits[v & 63];
		buffer_add(b, four, 4);
	}
}

/* A header's text: plain when it may be, else encoded words. Nothing in it can end the line. */
static void add_words(struct buffer *b, const char *text, const char *plain_marks)
{
	size_t n = strlen(text), plain = 0;

	while (plain < n &&
	       (isalnum((unsigned char)text[plain]) || strchr(plain_marks, text[plain]) != NULL))
		plain++;
	if (plain == n) {
		buffer_add(b, text, n);
		return;
	}
	for (size_t at = 0; at < n;) {
		size_t size = n - at < WORD_BYTES ? n - at : WORD_BYTES;

		while (size > 1 && at + size < n && ((unsigned char)text[at + size] & 0xc0) == 0x80)
			size--;
		buffer_text(b, at > 0 ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
		add_base64(b, (const unsigned char *)text + at, size);
		buffer_text(b, "?=");
		at += size;
	}
}

/* Without what could begin a header of its own. */
static const char *one_line(struct arena *arena, const char *text)
{
	char *line = arena_strdup(arena, text);

	for (char *c = line; *c != 0; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
	return line;
}

static bool address_ok(const char *s)
{
	for (const char *c = s; *c != 0; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f || strchr("<>,\"\\()", *c) != NULL)
			return false;
	return strchr(s, '@') != NULL;
}

/* {code:\x…}: an entry code as it lies in the database. In groups of five, as people read them out;
 * what cannot be opened is to be had at the desk. */
static size_t add_code(struct buffer *b, const char *from)
{
	const char *end = strchr(from, '}');
	char sealed[4 * SEALED_SIZE], code[ENTRY_CODE_SIZE + 1];
	size_t n = end != NULL ? (size_t)(end - from) - sizeof(code_mark) + 3 : 0;

	if (end == NULL || n >= sizeof(sealed))
		return 0;
	memcpy(sealed, from + sizeof(code_mark) - 3, n);
	sealed[n] = 0;
	if (code_open(sealed, code))
		buffer_printf(b, "%.5s %.5s %.5s %.5s", code, code + 5, code + 10, code + 15);
	else
		buffer_text(b, "(ask for it at the desk)");
	return (size_t)(end - from);
}

static void add_body(struct buffer *b, const char *body, const char *base_url)
{
	for (const char *c = body; *c != 0; c++) {
		size_t read =
		    strncmp(c, code_mark, sizeof(code_mark) - 1) == 0 ? add_code(b, c) : 0;

		if (read > 0)
			c += read;
		else if (strncmp(c, base_mark, sizeof(base_mark) - 1) == 0) {
			buffer_text(b, base_url);
			c += sizeof(base_mark) - 2;
		} else if (*c == '\n')
			buffer_add(b, "\r\n", 2);
		else if ((unsigned char)*c >= 0x20 || *c == '\t')
			buffer_add(b, c, 1);
	}
}

static void add_text(struct buffer *b, const struct mail *m, const char *base_url)
{
	buffer_text(b, "Content-Type: text/plain; charset=utf-8\r\n"
		       "Content-Transfer-Encoding: 8bit\r\n");
	buffer_text(b, m->n > 0 ? "\r\n" : "Auto-Submitted: auto-generated\r\n\r\n");
	add_body(b, m->body, base_url);
}

/* The slots as a file with the same UIDs and SEQUENCEs as in calendars that are subscribed to. No
 * METHOD: it invites nobody and wants no answer. */
static void add_calendar(struct buffer *b, struct request *rq, const struct mail *m,
			 const struct rows *slots)
{
	const struct mail_job *job = rq->params;
	struct buffer file = {0};

	job->file(rq->arena, slots, m->first, m->n, &file);
	buffer_text(b, "Content-Type: text/calendar; charset=utf-8; name=\"programme.ics\"\r\n"
		       "Content-Disposition: attachment; filename=\"programme.ics\"\r\n"
		       "Content-Transfer-Encoding: base64\r\n\r\n");
	for (size_t at = 0; at < file.size; at += LINE_BYTES) {
		size_t n = file.size - at < LINE_BYTES ? file.size - at : LINE_BYTES;

		add_base64(b, (const unsigned char *)file.bytes + at, n);
		buffer_text(b, "\r\n");
	}
	buffer_finish(&file);
}

static void add_message(struct buffer *b, struct request *rq, const struct mail *m,
			const struct rows *slots)
{
	const struct mail_job *job = rq->params;
	time_t now = time(NULL);
	struct tm tm;
	char date[64];

	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", gmtime_r(&now, &tm));
	buffer_text(b, "From: ");
	add_words(b, one_line(rq->arena, m->title), " ");
	buffer_printf(b, " <plenum@localhost>\r\nTo: <%s>\r\nSubject: ", m->recipient);
	add_words(b, one_line(rq->arena, m->subject), " -.,:;!'()/&+");
	buffer_printf(b, "\r\nDate: %s\r\nMessage-ID: <%s@plenum>\r\nMIME-Version: 1.0\r\n", date,
		      m->id);
	if (m->n == 0) {
		add_text(b, m, job->base_url);
		return;
	}
	/* No text can hold the boundary: the id is random. */
	buffer_printf(b,
		      "Content-Type: multipart/mixed; boundary=\"=_%s\"\r\n"
		      "Auto-Submitted: auto-generated\r\n\r\n--=_%s\r\n",
		      m->id, m->id);
	add_text(b, m, job->base_url);
	buffer_printf(b, "\r\n--=_%s\r\n", m->id);
	add_calendar(b, rq, m, slots);
	buffer_printf(b, "--=_%s--\r\n", m->id);
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

static bool write_mail(struct request *rq, const struct mail *m, const struct rows *slots)
{
	const struct mail_job *job = rq->params;
	struct buffer b = {0};
	bool good;

	if (!address_ok(m->recipient))
		return false;
	add_message(&b, rq, m, slots);
	good = write_file(arena_printf(rq->arena, "%s/.%s.tmp", job->dir, m->id),
			  arena_printf(rq->arena, "%s/%s.eml", job->dir, m->id), &b);
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
static fault write_all(struct request *rq, const struct rows *slots)
{
	char *ids = arena_strdup(rq->arena, "{");
	const struct mail_job *job = rq->params;
	int written = 0;

	for (int i = 0; i < job->n; i++)
		if (write_mail(rq, &job->mails[i], slots))
			ids = arena_printf(rq->arena, "%s%s%s", ids, written++ > 0 ? "," : "",
					   job->mails[i].id);
	if (written < job->n)
		log_line("mail: %d of %d could not be written", job->n - written, job->n);
	if (written == 0 || !sync_folder(job->dir))
		return request_reply(rq, "{\"sent\":0}");
	return db_query(rq, LANE_SLOW, SQL_PEOPLE_MAIL_SENT, people_replied,
			PARAMS(arena_printf(rq->arena, "%s}", ids)));
}

static const char *kept(struct request *rq, const struct rows *rows, int row, const char *column)
{
	return arena_strdup(rq->arena, rows_text(rows, row, column));
}

static fault mail_claimed(struct request *rq, const struct rows *rows)
{
	struct mail_job *job = rq->params;
	const char *about = "{";

	job->n = rows_count(rows);
	job->mails = arena_alloc(rq->arena, (size_t)(job->n + 1) * sizeof(*job->mails));
	for (int i = 0; i < job->n; i++) {
		struct mail *m = &job->mails[i];

		m->id = kept(rq, rows, i, "id");
		m->recipient = kept(rq, rows, i, "recipient");
		m->subject = kept(rq, rows, i, "subject");
		m->body = kept(rq, rows, i, "body");
		m->title = kept(rq, rows, i, "title");
		m->first = m->n = 0;
		if (*rows_text(rows, i, "slots") == 't' && job->file != NULL)
			about = arena_printf(rq->arena, "%s%s%s", about, about[1] != 0 ? "," : "",
					     m->id);
	}
	if (about[1] == 0)
		return write_all(rq, NULL);
	return db_query(rq, LANE_SLOW, SQL_PEOPLE_MAIL_SLOTS, slots_found,
			PARAMS(arena_printf(rq->arena, "%s}", about)));
}

static fault slots_found(struct request *rq, const struct rows *rows)
{
	const struct mail_job *job = rq->params;

	for (int i = 0; i < job->n; i++) {
		struct mail *m = &job->mails[i];

		for (int row = 0; row < rows_count(rows); row++) {
			if (strcmp(rows_text(rows, row, "mail"), m->id) != 0)
				continue;
			m->first = m->n == 0 ? row : m->first;
			m->n++;
		}
	}
	return write_all(rq, rows);
}
