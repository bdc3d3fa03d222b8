/* services/mail: what its files share. Inside services/mail only. */
#ifndef MAIL_PARTS_H
#define MAIL_PARTS_H

#include "services/db/db.h"
#include "services/mail/mail.h"

/* A row of the outbox on its way. */
struct mail {
	const char *id, *recipient, *subject, *body, *title, *itip;
	bool again;
	int first, n; /* rows of the slots it is about */
};

struct mail_batch {
	const struct mail_setup *setup;
	struct mail *mails;
	int n;
	const struct rows *slots; /* valid while then() runs; NULL: none */
	request_fn *then;
	void *data;
};

/* Reads the claimed rows, fetches what the mails are about, and goes on with batch->then. */
fault mail_batch_read(struct request *rq, struct mail_batch *batch, const struct rows *rows);

/* The whole message, appended. plain: as it is written, for a pickup; else 7-bit. */
void mail_write(struct buffer *b, struct arena *arena, const struct mail_batch *batch,
		const struct mail *m, bool plain);

/* The pieces of a message (encode.c). */
void mail_base64(struct buffer *b, const char *bytes, size_t n); /* in lines */
void mail_words(struct buffer *b, const char *text, const char *plain_marks);
/* With its Content-Transfer-Encoding and the empty line. Lines end in \n before, in CRLF after. */
void mail_encoded(struct buffer *b, const struct buffer *text, bool plain);

/* A text as a page for mail readers: escaped, addresses to click on, the same lines (html.c). */
void mail_html(struct buffer *b, const char *title, const struct buffer *text);

request_fn mail_templates, mail_save, mail_preview, mail_list, mail_retry, mail_bounce;
request_fn segment_list, segment_save, segment_remove, segment_preview, segment_send;

#endif
