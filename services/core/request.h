/* services/core: one call, from its decoded parameters to its one answer. It outlives the socket it
 * came from. */
#ifndef CORE_REQUEST_H
#define CORE_REQUEST_H

#include "services/core/arena.h"
#include "services/core/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UUID_SIZE = 37, MODE_SIZE = 8 }; /* with NUL */

enum role {
	ROLE_GUEST = 1 << 0,
	ROLE_ATTENDEE = 1 << 1,
	ROLE_SPEAKER = 1 << 2,
	ROLE_MODERATOR = 1 << 3,
	ROLE_DESK = 1 << 4,
	ROLE_KIOSK = 1 << 5,
	ROLE_REVIEWER = 1 << 6,
	ROLE_ORGANISER = 1 << 7,
	ROLE_JUROR = 1 << 8,
	ROLE_CHAIR = 1 << 9, /* a chair's phone: a station of one session */
	/* What a station at the door is, by its profile: a desk's has ROLE_KIOSK too. */
	ROLE_GATE = 1 << 10,
	ROLE_DOOR_DESK = 1 << 11,
	ROLE_PRINT = 1 << 12,
	ROLE_BOARD = 1 << 13,
	ROLE_APPLICANT = 1 << 14, /* signed in, neither registered nor given a role */
	ROLE_STATION = ROLE_KIOSK | ROLE_GATE | ROLE_DOOR_DESK | ROLE_PRINT | ROLE_BOARD,
	ROLE_ANY_PERSON = ROLE_ATTENDEE | ROLE_SPEAKER | ROLE_MODERATOR | ROLE_DESK |
			  ROLE_REVIEWER | ROLE_ORGANISER | ROLE_JUROR,
	ROLE_SIGNED_IN = ROLE_ANY_PERSON | ROLE_APPLICANT,
	ROLE_EVERYONE = 0x7fff
};

/* "attendee" → ROLE_ATTENDEE; 0 when there is no such role. */
unsigned role_of(const char *name);

/* Who is calling. Ids are empty strings where there is none. */
struct caller {
	char conference[UUID_SIZE];
	char login[UUID_SIZE];
	char person[UUID_SIZE];
	char station[UUID_SIZE];
	char list[UUID_SIZE]; /* a station's own list and room */
	char room[UUID_SIZE];
	char mode[MODE_SIZE]; /* a person's "on_site" or "online" */
	unsigned roles;	      /* enum role */
};

/* The id that owns idempotency keys: the person, else the station; NULL for a guest. */
const char *caller_actor(const struct caller *who);

struct method;
struct request;

/* A handler returns a fault, or OK when it has replied or something will call it back. */
typedef fault request_fn(struct request *rq);

/* Called exactly once, when the request has its answer. It may free the request. */
typedef void request_end_fn(struct request *rq);

struct request {
	struct arena *arena;
	const struct method *method;
	struct caller caller;
	void *params;	       /* the method's struct, decoded */
	const char *key;       /* idempotency key or NULL */
	const char *body_hash; /* SHA-256 of method and params without key, as \x… for PostgreSQL;
				  NULL without key */
	const char *address;   /* client address for /auth methods, else NULL */
	uint64_t number;       /* in the log */
	uint64_t started_ms;   /* monotonic */
	int64_t received_ms;   /* real: when its first bytes came; 0: not from outside */

	/* The answer: one of fault and result. */
	bool finished;
	fault fault;
	const char *fault_field;   /* data.field, or NULL */
	const char *fault_current; /* data.current as JSON, or NULL */
	int64_t retry_after_ms;	   /* 0: none */
	const char *result;	   /* JSON, or a document's bytes; in the arena */
	size_t result_size;

	/* What only HTTP uses. */
	const char *body; /* bytes beside the parameters; whoever set end owns them */
	size_t body_size;
	const char *cookie;	  /* a new session token for the cookie; "" clears it */
	const char *content_type; /* documents */
	const char *etag;	  /* documents; with quotes */
	int64_t last_modified;	  /* documents; Unix seconds, 0: none */
	int http_status;	  /* 0: by the fault */

	request_end_fn *end;
	void *end_data; /* owned by whoever set end */
	uint64_t end_id;
	void *db; /* services/db only */
};

/* Answers with JSON bytes that live in the arena or are static. Returns OK so that handlers can end
 * with it. */
fault request_reply(struct request *rq, const char *json);
fault request_reply_bytes(struct request *rq, const char *bytes, size_t size);

/* Ends a request from a callback: sets its answer and calls end. f may be OK if a reply was set. */
void request_finish(struct request *rq, fault f);

/* Text forms of numbers in the arena, for SQL parameters. */
const char *p_int(struct request *rq, int64_t value);
const char *p_bool(bool value);

#endif
