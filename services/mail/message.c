/* services/mail: a row of the outbox as a whole message (RFC 5322). The only writer of messages. */
#include "services/mail/parts.h"

#include "services/core/ticket.h"

#include <string.h>
#include <time.h>

/* The database does not know where we are reached: it writes this. */
static const char base_mark[] = "{base}", code_mark[] = "{code:\\x";

/* Without what could begin a header of its own. */
static const char *one_line(struct arena *arena, const char *text)
{
	char *line = arena_strdup(arena, text);

	for (char *c = line; *c != 0; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
	return line;
}

static const char *from_of(const struct mail_batch *batch)
{
	return batch->setup->from != NULL ? batch->setup->from : "plenum@localhost";
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

/* The text as it is read; lines end in \n. */
static void add_body(struct buffer *b, const char *body, const char *base_url)
{
	for (const char *c = body; *c != 0; c++) {
		size_t read =
		    strncmp(c, code_mark, sizeof(code_mark) - 1) == 0 ? add_code(b, c) : 0;

		if (read > 0)
			c += read;
		else if (strncmp(c, base_mark, sizeof(base_mark) - 1) == 0) {
			buffer_text(b, base_url != NULL ? base_url : "");
			c += sizeof(base_mark) - 2;
		} else if ((unsigned char)*c >= 0x20 || *c == '\t' || *c == '\n')
			buffer_add(b, c, 1);
	}
}

static void add_folded(struct buffer *b, const char *line)
{
	size_t n = strlen(line);

	for (size_t at = 0; at < n;) {
		size_t size = n - at < 72 ? n - at : 72;

		while (size > 1 && at + size < n && ((unsigned char)line[at + size] & 0xc0) == 0x80)
			size--;
		buffer_add(b, line + at, size);
		buffer_text(b, at + size < n ? "\r\n " : "\r\n");
		at += size;
	}
}

/* A calendar that is to be followed names who asks and who is asked (RFC 5546): UID and SEQUENCE
 * stay those of the calendars that are subscribed to. */
static void make_itip(struct buffer *to, struct arena *arena, const struct mail_batch *batch,
		      const struct mail *m, const char *file)
{
	static const char begin[] = "VERSION:2.0\r\n", end[] = "END:VEVENT\r\n";

	while (*file != 0) {
		const char *nl = strchr(file, '\n');
		size_t n = nl != NULL ? (size_t)(nl - file) + 1 : strlen(file);

		if (strncmp(file, end, sizeof(end) - 1) == 0) {
			add_folded(to, arena_printf(arena, "ORGANIZER:mailto:%s", from_of(batch)));
			add_folded(to,
				   arena_printf(
				       arena,
				       "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:"
				       "mailto:%s",
				       m->recipient));
		}
		buffer_add(to, file, n);
		if (strncmp(file, begin, sizeof(begin) - 1) == 0)
			buffer_text(to, strcmp(m->itip, "cancel") == 0 ? "METHOD:CANCEL\r\n"
								       : "METHOD:REQUEST\r\n");
		file += n;
	}
}

/* The slots as a file with the same UIDs and SEQUENCEs as in calendars that are subscribed to. As a
 * copy it has no METHOD: it invites nobody and wants no answer. */
static void make_calendar(struct buffer *file, struct arena *arena, const struct mail_batch *batch,
			  const struct mail *m)
{
	struct buffer plain = {0};

	if (m->n == 0)
		return;
	batch->setup->file(arena, batch->slots, m->first, m->n, &plain);
	if (m->itip == NULL)
		*file = plain;
	else {
		make_itip(file, arena, batch, m, plain.bytes);
		buffer_finish(&plain);
	}
}

static const char *method_of(const struct mail *m)
{
	return m->itip == NULL			? ""
	       : strcmp(m->itip, "cancel") == 0 ? "; method=CANCEL"
						: "; method=REQUEST";
}

/* Readers take the last form they know. */
static void add_alternatives(struct buffer *b, const struct mail *m, const struct buffer *text,
			     const struct buffer *html, const struct buffer *file, bool plain)
{
	buffer_printf(b,
		      "Content-Type: multipart/alternative; boundary=\"=_a%s\"\r\n\r\n"
		      "--=_a%s\r\nContent-Type: text/plain; charset=utf-8\r\n",
		      m->id, m->id);
	mail_encoded(b, text, plain);
	buffer_printf(b, "\r\n--=_a%s\r\nContent-Type: text/html; charset=utf-8\r\n", m->id);
	mail_encoded(b, html, plain);
	if (m->n > 0 && m->itip != NULL) {
		buffer_printf(b,
			      "\r\n--=_a%s\r\nContent-Type: text/calendar; charset=utf-8%s\r\n"
			      "Content-Transfer-Encoding: base64\r\n\r\n",
			      m->id, method_of(m));
		mail_base64(b, file->bytes, file->size);
	}
	buffer_printf(b, "\r\n--=_a%s--\r\n", m->id);
}

static void add_attached(struct buffer *b, const struct mail *m, const struct buffer *file)
{
	buffer_printf(b,
		      "\r\n--=_m%s\r\n"
		      "Content-Type: text/calendar; charset=utf-8%s; name=\"programme.ics\"\r\n"
		      "Content-Disposition: attachment; filename=\"programme.ics\"\r\n"
		      "Content-Transfer-Encoding: base64\r\n\r\n",
		      m->id, method_of(m));
	mail_base64(b, file->bytes, file->size);
	buffer_printf(b, "--=_m%s--\r\n", m->id);
}

static void add_head(struct buffer *b, struct arena *arena, const struct mail_batch *batch,
		     const struct mail *m)
{
	const char *from = from_of(batch);
	time_t now = time(NULL);
	struct tm tm;
	char date[64];

	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", gmtime_r(&now, &tm));
	buffer_text(b, "From: ");
	mail_words(b, one_line(arena, m->title), " ");
	buffer_printf(b, " <%s>\r\nTo: <%s>\r\nSubject: ", from, m->recipient);
	mail_words(b, one_line(arena, m->subject), " -.,:;!'()/&+");
	/* The same however often it is sent: who gets it twice can see that. */
	buffer_printf(b, "\r\nDate: %s\r\nMessage-ID: <%s@%s>\r\n", date, m->id,
		      strrchr(from, '@') + 1);
	if (m->again)
		buffer_text(b, "X-Plenum-Repeated: perhaps\r\n");
	buffer_text(b, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
}

void mail_write(struct buffer *b, struct arena *arena, const struct mail_batch *batch,
		const struct mail *m, bool plain)
{
	struct buffer text = {0}, html = {0}, file = {0};

	add_body(&text, m->body, batch->setup->base_url);
	mail_html(&html, one_line(arena, m->subject), &text);
	make_calendar(&file, arena, batch, m);
	add_head(b, arena, batch, m);
	/* No text can hold the boundary: the id is random. */
	if (m->n > 0)
		buffer_printf(
		    b, "Content-Type: multipart/mixed; boundary=\"=_m%s\"\r\n\r\n--=_m%s\r\n",
		    m->id, m->id);
	add_alternatives(b, m, &text, &html, &file, plain);
	if (m->n > 0)
		add_attached(b, m, &file);
	buffer_finish(&text);
	buffer_finish(&html);
	buffer_finish(&file);
}
