/* services/core: key files: read, made where allowed, checked. */
#include "services/core/token_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 512 };

static struct key_table tables[TOKEN_KINDS];
static unsigned char code_key[KEY_SIZE], seal_key[KEY_SIZE];
static bool code_key_loaded, seal_key_loaded;
static const char *const kind_names[TOKEN_KINDS] = {"session", "device", "script"};

const struct key_table *keys_of(enum token_kind kind)
{
	return &tables[kind];
}

const unsigned char *keys_code(void)
{
	return code_key_loaded ? code_key : NULL;
}

const unsigned char *keys_seal(void)
{
	return seal_key_loaded ? seal_key : NULL;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static bool hex_read(const char *text, unsigned char out[KEY_SIZE])
{
	for (int i = 0; i < KEY_SIZE; i++) {
		int high = hex_digit(text[2 * i]), low = high < 0 ? -1 : hex_digit(text[2 * i + 1]);

		if (low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return text[2 * KEY_SIZE] == 0 || text[2 * KEY_SIZE] == '\n';
}

/* 1 read, 0 not there, -1 wrong. */
static int key_read(const char *path, unsigned char out[KEY_SIZE])
{
	char text[2 * KEY_SIZE + 2] = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	return n >= 2 * KEY_SIZE && hex_read(text, out) ? 1 : -1;
}

static bool key_make(const char *path)
{
	unsigned char bytes[KEY_SIZE];
	char text[2 * KEY_SIZE + 2], whole[PATH_SIZE + 16];
	int fd;
	bool ok;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	for (int i = 0; i < KEY_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	text[2 * KEY_SIZE] = '\n';
	/* Written under another name and linked when whole: nobody reads half a key. */
	snprintf(whole, sizeof(whole), "%s.%d", path, (int)getpid());
	fd = open(whole, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	ok = write(fd, text, 2 * KEY_SIZE + 1) == 2 * KEY_SIZE + 1 && fsync(fd) == 0;
	close(fd);
	/* Another process may have made it a moment ago: then that one counts. */
	ok = ok && (link(whole, path) == 0 || errno == EEXIST);
	unlink(whole);
	return ok;
}

static void kid_of(struct signing_key *key)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];

	SHA256(key->bytes, KEY_SIZE, hash);
	for (int i = 0; i < 6; i++)
		snprintf(key->kid + 2 * i, 3, "%02x", hash[i]);
}

static const char *table_load(const char *dir, enum token_kind kind, bool create)
{
	static const char *const variants[] = {"", ".next", ".previous"};
	struct key_table table = {.count = 0};
	char path[PATH_SIZE];

	for (int i = 0; i < KEYS_A_KIND; i++) {
		struct signing_key *key = &table.keys[table.count];
		int found;

		snprintf(path, sizeof(path), "%s/%s%s.key", dir, kind_names[kind], variants[i]);
		found = key_read(path, key->bytes);
		if (found == 0 && i == 0 && create && key_make(path))
			found = key_read(path, key->bytes);
		if (found < 0)
			return "a key file cannot be read or is not 64 hexadecimal digits";
		if (found == 0 && i == 0)
			return "a key file is missing from key_dir";
		if (found == 1) {
			kid_of(key);
			table.count++;
		}
	}
	tables[kind] = table;
	return NULL;
}

/* A key that has no successors: what it made is in the database. */
static bool single_load(const char *dir, const char *name, unsigned char out[KEY_SIZE], bool create)
{
	char path[PATH_SIZE];
	int found;

	snprintf(path, sizeof(path), "%s/%s.key", dir, name);
	found = key_read(path, out);
	if (found == 0 && create && key_make(path))
		found = key_read(path, out);
	return found == 1;
}

const char *keys_load(const char *key_dir, bool create)
{
	if (create && mkdir(key_dir, 0700) != 0 && errno != EEXIST)
		return "key_dir cannot be made";
	for (int kind = 0; kind < TOKEN_KINDS; kind++) {
		const char *wrong = table_load(key_dir, (enum token_kind)kind, create);

		if (wrong != NULL)
			return wrong;
	}
	code_key_loaded = single_load(key_dir, "code", code_key, create);
	if (!code_key_loaded)
		return "code.key is missing from key_dir or wrong";
	seal_key_loaded = single_load(key_dir, "seal", seal_key, create);
	if (!seal_key_loaded)
		return "seal.key is missing from key_dir or wrong";
	return token_self_test();
}
