/* services/mail: what is written to people: its texts, its way out, and what became of it. The
 * gateway carries it to the relay. */
#ifndef MAIL_H
#define MAIL_H

#include "services/core/json.h"
#include "services/core/service.h"

extern const struct service mail_service;

struct rows;

/* The rows of SQL_MAIL_SLOTS from first on, n of them, as a calendar file: appended to b. */
typedef void mail_file_fn(struct arena *arena, const struct rows *rows, int first, int n,
			  struct buffer *b);

/* How mails leave here. Kept, not copied. */
struct mail_setup {
	const char *from;     /* the address mails come from; NULL: plenum@localhost */
	const char *base_url; /* what {base} becomes, without a slash at its end; NULL: nothing */
	mail_file_fn *file;   /* what slots become; NULL: nothing is attached */
};

/*
 * Writes what waits in the outbox, 20 at most, as <id>.eml into mail_dir. A handler like any other:
 * returns a fault or ends rq later, with {"sent":n}. rq needs an arena and end, nothing else. Any
 * number of workers may do it at once.
 */
fault mail_pickup_job(struct request *rq, const char *mail_dir, const struct mail_setup *setup);

/* One mail, whole: CRLF, 7-bit, no line longer than 998. */
struct mail_message {
	char id[UUID_SIZE];
	const char *recipient;
	struct buffer text;
	bool again; /* it may have arrived before */
};

struct mail_relay {
	const char *name;	/* host:port: its rate is counted under this */
	int64_t rate, reserve;	/* a minute; of those, only for signing in */
	int64_t most, for_rest; /* how many now; of them, how many that are not for signing in */
};

/*
 * Takes what may go to a relay now, under a lease of three minutes and within its rate: rq->params
 * becomes a struct mail_claim. The texts are the caller's, to be freed with buffer_finish.
 */
struct mail_claim {
	struct mail_message *messages;
	int n;
};
fault mail_claim_job(struct request *rq, const struct mail_relay *relay,
		     const struct mail_setup *setup);

enum mail_end {
	MAIL_SENT,
	MAIL_REFUSED, /* this address, for good */
	MAIL_LATER,   /* not taken; to be tried again */
	MAIL_UNSURE,  /* all of it was sent, and no answer came */
	MAIL_RELAY    /* not this mail's fault: the relay cannot be used now */
};

/* What a mail server says of a mail of ours (RFC 3464). */
struct mail_report {
	const char *mail;   /* its id: a UUID, which the database may not know */
	const char *action; /* failed, delayed, delivered, relayed or expanded */
	const char *reason; /* why: one line of printable ASCII, 250 at most */
};

/*
 * Reads a message that is one delivery status notification, as a mail server hands it over. A fault
 * of its own when it is none, or is about a mail that is not ours: no id is ever guessed.
 */
fault mail_report_read(struct arena *arena, const char *bytes, size_t size,
		       struct mail_report *ret);

/* Keeps what became of a claimed mail. why: what the relay said, or NULL. */
fault mail_ended_job(struct request *rq, const char *relay, const struct mail_message *m,
		     enum mail_end end, const char *why);

#endif
