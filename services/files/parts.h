/* services/files: what its files share. Inside services/files only. */
#ifndef FILES_PARTS_H
#define FILES_PARTS_H

#include "services/db/db.h"
#include "services/files/files.h"

#include <sys/types.h>

enum { SHA256_SIZE = 32, STORE_PATH = 4096 };

struct create_params {
	const char *file, *kind, *subject, *name;
	int64_t size;
};

struct file_params {
	const char *file;
	bool value; /* file.share */
};

/* What is under way with one piece: first its parameters, then what a thread works on. */
struct writing {
	const char *file;
	int64_t offset;
	bool held; /* fd is open, and locked */
	bool last;
	int fd, wrong;
	const char *name; /* of the file, in the arena */
	const char *bytes, *type;
	size_t n;
	int64_t at;
	unsigned char sha256[SHA256_SIZE];
};

struct list_params {
	const char *kind, *subject;
};

request_fn file_create, file_head, file_write;

/* store.c: the disk. Nothing here waits but store_write, store_make and store_remove, which belong
 * in a thread. */
bool store_known(void);
/* false when no longer place names it: the path does not fit. */
bool store_path(const char *id, char ret[STORE_PATH]);
/* The file and its folder, both for good. 0 or an errno. */
int store_make(const char *path, int64_t size);
/* Opened and ours alone until it is closed. -1 with errno; EWOULDBLOCK: another writes. */
int store_lock(const char *path);
/* All of it for good, or errno and nothing of it: a disk that is full keeps what was there. */
int store_write(int fd, int64_t at, const char *bytes, size_t size);
int store_digest(int fd, unsigned char ret[SHA256_SIZE]);
/* Not there is as good as removed. */
int store_remove(const char *path);

/* sniff.c: what a file is by its bytes, of those we take; NULL: something else. In a thread. */
const char *sniff(int fd, const char *name);
/* Whether what a file is called may be of that kind at all. */
bool sniff_name(const char *name, const char *kind);

#endif
