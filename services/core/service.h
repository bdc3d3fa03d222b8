/* services/core: what a service is: tables of methods, events, channels, documents and faults. The
 * gateway reads them; nothing else is exported. */
#ifndef CORE_SERVICE_H
#define CORE_SERVICE_H

#include "services/core/fault.h"
#include "services/core/field.h"
#include "services/core/request.h"
#include "sql.h"

enum method_flags {
	METHOD_KEY = 1 << 0,	/* a write that needs params.key */
	METHOD_OWN_ID = 1 << 1, /* a merged write: its own ids are its idempotency key */
	METHOD_AUTH =
	    1 << 2, /* only over POST /auth/…: no caller yet, the cookie's caller if there is one */
	METHOD_CLI = 1 << 3, /* only from the command line */
	METHOD_FILE = 1 << 4 /* only over an address of its own: its answer is bytes */
};

enum rate_class { RATE_READ, RATE_WRITE, RATE_VOTE, RATE_SCAN, RATE_AUTH };

struct method {
	const char *name; /* noun.verb; the handler is noun_verb() */
	unsigned roles;	  /* enum role; 0 does not start */
	unsigned flags;
	const struct field *fields;
	size_t params_size;
	request_fn *run;
	enum rate_class rate;
	const char *summary;
};

struct event_type {
	const char *type;
	const char *channel; /* its kinds, separated by blanks */
	const char *summary;
};

/* Who may hear a kind of channel beyond holding one of its roles. */
enum channel_scope {
	SCOPE_NONE, /* the roles decide alone; the channel has no id */
	SCOPE_ID, /* the roles decide; the id must exist in the conference: the snapshot returns no
		     row otherwise */
	SCOPE_ASKED,   /* as SCOPE_ID, and the statement `may` decides for each caller */
	SCOPE_PERSON,  /* the id is the caller's own person */
	SCOPE_STATION, /* the caller's own station, or a person with the roles */
	SCOPE_LIST,    /* a kiosk only of its own list; persons by role */
	SCOPE_AUDIENCE /* the subject is a word of the service's audiences, not an id */
};

/* One word that a channel of SCOPE_AUDIENCE may have for its subject, and who belongs to it. */
struct audience {
	const char *word;
	unsigned roles;	  /* hear it always */
	const char *mode; /* persons of this mode hear it too; or NULL */
};

/*
 * snapshot: $1 conference, $2 id or audience (null when there is none) → one row of head bigint,
 * snapshot json, tally json (null unless tally). No row: not_found. One statement, so that state
 * and head belong together.
 */
struct channel_kind {
	const char *kind;   /* "talk" */
	const char *suffix; /* "mod" or NULL */
	unsigned roles;
	enum channel_scope scope;
	enum sql_id snapshot;
	bool tally;	      /* has ticks of its own */
	const char *tally_of; /* "talk": hears the ticks of talk:<same id>, fast */
	/* SCOPE_ASKED: $1 conference, $2 id, $3 actor (null: none) → a row when that caller may
	 * hear it. Asked at every subscribe, and again when the caller's roles or mode change. */
	enum sql_id may;
};

/* A file over GET at /<name> and /e/<slug>/<name>. Cached by the gateway until the conference's
 * `schedule` channel moves. */
struct document {
	const char *name;
	request_fn *run;	   /* sets content_type, etag, last_modified; replies with bytes */
	int max_age_ms;		   /* 0: until the schedule moves; else also no older than this */
	const char *extra_headers; /* "name: value\r\n"…, or NULL */
};

/* A named constraint of the database → the fault it means. */
struct db_fault {
	const char *constraint;
	fault fault;
};

struct service {
	const char *name;
	const struct method *methods;	     /* ends with a NULL name */
	const struct event_type *events;     /* ends with a NULL type */
	const struct channel_kind *channels; /* ends with a NULL kind; may be NULL */
	const struct audience *audiences;    /* ends with a NULL word; may be NULL */
	const struct document *documents;    /* ends with a NULL name; may be NULL */
	const struct db_fault *constraints;  /* ends with a NULL constraint; may be NULL */
	fault const
	    *faults; /* those its SQL names in its fault column; ends with NULL; may be NULL */
};

/* services/services.c: every service, ends with NULL. */
extern const struct service *const services[];

const struct method *method_find(const char *name);
fault fault_by_code(const char *code); /* shared ones and the services'; NULL when unknown */
fault fault_by_constraint(const char *constraint);

#endif
