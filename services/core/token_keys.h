/* services/core: the signing keys of this process; for token.c, code.c and ticket.c only. */
#ifndef CORE_TOKEN_KEYS_H
#define CORE_TOKEN_KEYS_H

#include "services/core/token.h"

#include <stddef.h>

enum { KEY_SIZE = 32, KEYS_A_KIND = 3 };

struct signing_key {
	char kid[17];
	unsigned char bytes[KEY_SIZE];
};

/* Current first, then next and previous where there are any. count 0: not loaded. */
struct key_table {
	struct signing_key keys[KEYS_A_KIND];
	int count;
};

/* NULL, or what the wrapper wrongly accepted: then nothing may start. */
const char *token_self_test(void);

const struct key_table *keys_of(enum token_kind kind);
const unsigned char *keys_code(void); /* NULL when not loaded */
const unsigned char *keys_seal(void); /* entry codes are sealed under it; NULL when not loaded */

/* \x… for PostgreSQL bytea. */
const char *bytea_text(struct arena *arena, const unsigned char *bytes, size_t n);

#endif
