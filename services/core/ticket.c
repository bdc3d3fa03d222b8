/* services/core: codes sealed, and the keys of tickets that are made of them. */
#include "services/core/ticket.h"
#include "services/core/token_keys.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

enum { TAG = TICKET_MORE - TICKET_NONCE, PIN_LEAST = 4, PIN_MOST = 8 };

static const char row_info[] = "plenum ticket key", body_info[] = "plenum ticket body";

static void hmac(const void *key, size_t key_size, const void *data, size_t size,
		 unsigned char out[SHA256_DIGEST_LENGTH])
{
	unsigned n = SHA256_DIGEST_LENGTH;

	if (HMAC(EVP_sha256(), key, (int)key_size, data, size, out, &n) == NULL)
		abort();
}

/* RFC 5869, where one block of output is enough. */
static void expand(const unsigned char prk[SHA256_DIGEST_LENGTH], const char *info,
		   size_t info_size, unsigned char *out, size_t n)
{
	unsigned char input[64], block[SHA256_DIGEST_LENGTH];

	assert(info_size < sizeof(input) && n <= sizeof(block));
	memcpy(input, info, info_size);
	input[info_size] = 1;
	hmac(prk, SHA256_DIGEST_LENGTH, input, info_size + 1, block);
	memcpy(out, block, n);
}

void ticket_of(const char *conference, const char *code, struct ticket *ret)
{
	unsigned char prk[SHA256_DIGEST_LENGTH];

	hmac(conference, strlen(conference), code, strlen(code), prk);
	expand(prk, row_info, sizeof(row_info) - 1, ret->row, sizeof(ret->row));
	expand(prk, body_info, sizeof(body_info) - 1, ret->body, sizeof(ret->body));
}

const char *ticket_row(struct arena *arena, const char *conference, const char *code)
{
	struct ticket ticket;

	ticket_of(conference, code, &ticket);
	return bytea_text(arena, ticket.row, sizeof(ticket.row));
}

/* Fetched once: OpenSSL 3 would look it up by name for each row of a snapshot. */
static EVP_CIPHER_CTX *cipher(const unsigned char *key, const unsigned char *nonce, int sealing)
{
	static EVP_CIPHER *gcm;
	static EVP_CIPHER_CTX *context;

	if (gcm == NULL) {
		gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
		context = EVP_CIPHER_CTX_new();
	}
	if (gcm == NULL || context == NULL ||
	    EVP_CipherInit_ex2(context, gcm, key, nonce, sealing, NULL) != 1)
		abort();
	return context;
}

static void seal(const unsigned char key[KEY_SIZE], const unsigned char *nonce,
		 const unsigned char *aad, size_t aad_size, const void *text, size_t n,
		 unsigned char *out)
{
	EVP_CIPHER_CTX *context;
	int size;

	if (nonce != NULL)
		memcpy(out, nonce, TICKET_NONCE);
	else if (RAND_bytes(out, TICKET_NONCE) != 1)
		abort();
	context = cipher(key, out, 1);
	if ((aad_size > 0 && EVP_CipherUpdate(context, NULL, &size, aad, (int)aad_size) != 1) ||
	    EVP_CipherUpdate(context, out + TICKET_NONCE, &size, text, (int)n) != 1 ||
	    EVP_CipherFinal_ex(context, out + TICKET_NONCE + n, &size) != 1 ||
	    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG, out + TICKET_NONCE + n) != 1)
		abort();
}

void ticket_seal(const struct ticket *ticket, const unsigned char *nonce, const char *text,
		 size_t n, unsigned char *out)
{
	seal(ticket->body, nonce, ticket->row, sizeof(ticket->row), text, n, out);
}

const char *code_seal(struct arena *arena, const char *code)
{
	unsigned char out[SEALED_SIZE];

	assert(keys_seal() != NULL && strlen(code) == ENTRY_CODE_SIZE);
	seal(keys_seal(), NULL, NULL, 0, code, ENTRY_CODE_SIZE, out);
	return bytea_text(arena, out, sizeof(out));
}

bool code_open(const char *bytea, char ret[ENTRY_CODE_SIZE + 1])
{
	unsigned char sealed[SEALED_SIZE], code[ENTRY_CODE_SIZE];
	EVP_CIPHER_CTX *context;
	int size;

	assert(keys_seal() != NULL);
	if (bytea_read(bytea, sealed, sizeof(sealed)) != SEALED_SIZE)
		return false;
	context = cipher(keys_seal(), sealed, 0);
	if (EVP_CipherUpdate(context, code, &size, sealed + TICKET_NONCE, ENTRY_CODE_SIZE) != 1 ||
	    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG,
				sealed + TICKET_NONCE + ENTRY_CODE_SIZE) != 1 ||
	    EVP_CipherFinal_ex(context, code, &size) != 1)
		return false;
	memcpy(ret, code, ENTRY_CODE_SIZE);
	ret[ENTRY_CODE_SIZE] = 0;
	return true;
}

const char *pin_hash(struct arena *arena, const char *conference, const char *pin)
{
	size_t n = strlen(pin);

	if (n < PIN_LEAST || n > PIN_MOST || strspn(pin, "0123456789") != n)
		return NULL;
	return code_hash(arena, "pin", arena_printf(arena, "%s:%s", conference, pin));
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int bytea_read(const char *text, unsigned char *out, size_t room)
{
	size_t n = 0;

	if (text == NULL || text[0] != '\\' || text[1] != 'x')
		return -1;
	for (const char *s = text + 2; *s != 0; s += 2) {
		int high = hex_value(s[0]), low = high < 0 ? -1 : hex_value(s[1]);

		if (low < 0 || n == room)
			return -1;
		out[n++] = (unsigned char)(high << 4 | low);
	}
	return (int)n;
}
