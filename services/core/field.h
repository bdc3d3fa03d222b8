/* services/core: parameters of a method as data. The dispatcher decodes JSON into a struct by this
 * table before a handler runs. */
#ifndef CORE_FIELD_H
#define CORE_FIELD_H

#include "services/core/arena.h"
#include "services/core/fault.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
	FIELD_END,
	FIELD_UUID,  /* const char *: 36 characters, lower case */
	FIELD_TEXT,  /* const char *: UTF-8 made NFC, no control or bidi characters, trimmed; max in
			code points */
	FIELD_LINES, /* const char *: as TEXT, newlines and tabs kept */
	FIELD_RAW,   /* const char *: valid UTF-8 of at most max bytes, otherwise untouched: codes,
			tokens */
	FIELD_EMAIL, /* const char *: lower case, plausible, at most 254 bytes */
	FIELD_INT,   /* int64_t, between min and max */
	FIELD_BOOL,  /* bool */
	FIELD_INSTANT, /* const char *: ISO 8601 with Z or an offset; PostgreSQL reads it */
	FIELD_WHEN,    /* const char *: as INSTANT, or wall-clock text without an offset, in the
			  conference's zone: SQL's local_instant() reads it */
	FIELD_CHOICE,  /* const char *: one of choices, which are separated by '|' */
	FIELD_JSON     /* const char *: the member as compact JSON text, at most max bytes */
};

enum {
	FIELD_OPTIONAL = 1, /* absent or null: the struct member stays NULL, 0 or false */
	FIELD_AS_TEXT =
	    2 /* INT and BOOL: the member is a const char *, so that none given is NULL */
};

struct field {
	const char *name;
	enum field_type type;
	size_t at; /* offsetof in the params struct */
	unsigned flags;
	int64_t max; /* 0: the type's own limit */
	int64_t min; /* in the same unit */
	const char *choices;
};

/*
 * Decodes params by fields into ret (which the caller has zeroed). Unknown members are ignored.
 * On a fault *ret_field names the member; it is a static or arena string.
 */
fault fields_decode(struct arena *arena, const struct field *fields, const json_t *params,
		    void *ret, const char **ret_field);

#endif
