/* services/core: what an entry code opens: its row in a station's snapshot and that row's body; and
 * the code itself, sealed, so that its owner can be shown it again. */
#ifndef CORE_TICKET_H
#define CORE_TICKET_H

#include "services/core/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	TICKET_ROW_SIZE = 16,
	TICKET_KEY_SIZE = 32,
	TICKET_NONCE = 12,
	TICKET_MORE = 28, /* what sealing adds: nonce and tag */
	ENTRY_CODE_SIZE = 20,
	SEALED_SIZE = ENTRY_CODE_SIZE + TICKET_MORE
};

/*
 * HKDF-SHA-256 of the 20 characters, salt the conference's id as 36 characters of lower case: row
 * with info "plenum ticket key", body with "plenum ticket body". tests/vectors/ticket.json is what
 * the stations' page computes too.
 */
struct ticket {
	unsigned char row[TICKET_ROW_SIZE];
	unsigned char body[TICKET_KEY_SIZE];
};

void ticket_of(const char *conference, const char *code, struct ticket *ret);

/* row as \x… for PostgreSQL bytea. */
const char *ticket_row(struct arena *arena, const char *conference, const char *code);

/*
 * AES-256-GCM under the ticket's body key: nonce, text, tag into out, which has room for n +
 * TICKET_MORE bytes. The row is authenticated with it: a body moved to another row does not open.
 * nonce NULL: a random one.
 */
void ticket_seal(const struct ticket *ticket, const unsigned char *nonce, const char *text,
		 size_t n, unsigned char *out);

/* The code under seal.key, as \x…; every call gives other bytes. */
const char *code_seal(struct arena *arena, const char *code);
/* What code_seal() made → the 20 characters and NUL. false when it is not ours or was changed. */
bool code_open(const char *bytea, char ret[ENTRY_CODE_SIZE + 1]);

/* A station's PIN, 4 to 8 digits, as \x…: under code.key and with its conference. NULL when it is
 * none. */
const char *pin_hash(struct arena *arena, const char *conference, const char *pin);

/* \x… as PostgreSQL writes bytea → at most room bytes; how many, or -1 when it is something else.
 */
int bytea_read(const char *text, unsigned char *out, size_t room);

#endif
