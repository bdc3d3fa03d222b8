/* gateway/cli: the list of erasures, a file outside the database: a backup that is put back knows
 * nothing of who was erased since. It names nobody: ids that stand for nothing elsewhere, and a
 * keyed hash of the address. */
#ifndef ERASED_LIST_H
#define ERASED_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* One line: at, id, conference or *, hash, persons with commas between or -, and a sum of it all.
 * hash "void": that erasure was refused after it was written. */
struct erasure {
	char at[40], id[40], conference[40], hash[72];
	char *persons; /* "-": none */
	int line;
};

struct erased_list {
	struct erasure *items; /* without those that were refused */
	size_t count;
	int *broken; /* numbers of lines that are none of ours, or not whole */
	size_t broken_count;
};

/*
 * Appends a line and brings it to the disk; a line that was cut off by a crash keeps its own line.
 * false after a message on stderr; then the file is as it was.
 */
bool erased_list_append(const char *path, const struct erasure *e);

/* false after a message on stderr: it cannot be read. A list that is not there is no empty list. */
bool erased_list_read(const char *path, struct erased_list *ret);
void erased_list_finish(struct erased_list *list);

#endif
