/* services/people: conferences, their people, who is signed in, devices, entry codes, and the mail
 * that tells them. */
#ifndef PEOPLE_H
#define PEOPLE_H

#include "services/core/service.h"

#include <jansson.h>

extern const struct service people_service, staff_service;

/*
 * CSV (RFC 4180, UTF-8 with or without BOM, comma or semicolon) → rows for people.import_bulk: an
 * array of objects with email, name and, where filled in, roles (array) and mode. The first line
 * names the columns. On a fault *ret_why is a sentence with the line's number.
 */
fault people_csv_to_rows(struct arena *arena, const char *bytes, size_t n, json_t **ret_rows,
			 const char **ret_why);

struct rows;
struct buffer;

/* The rows of SQL_PEOPLE_MAIL_SLOTS from first on, n of them, as a calendar file: appended to b. */
typedef void mail_file_fn(struct arena *arena, const struct rows *rows, int first, int n,
			  struct buffer *b);

/*
 * Writes what waits in the outbox, 20 at most, as <id>.eml into mail_dir. A handler like any other:
 * returns a fault or ends rq later, with
 * {"sent":n}. rq needs an arena and end, nothing else. Any number of workers may do it at once.
 * "{base}" in a body becomes base_url (without a slash at its end; NULL: nothing). A mail about
 * slots carries what file makes of them; NULL: nothing is attached.
 */
fault people_mail_job(struct request *rq, const char *mail_dir, const char *base_url,
		      mail_file_fn *file);

#endif
