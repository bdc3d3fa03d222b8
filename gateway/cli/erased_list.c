/* gateway/cli: the list of erasures: one line an erasure, appended and on the disk before anything
 * is erased. */
#include "gateway/cli/erased_list.h"
#include "gateway/cli/cli.h"
#include "services/core/arena.h"
#include "services/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_SIZE = 70000, LIST_MAX = 256 << 20, PATH_SIZE = 4096, SUM_SIZE = 9 };

/* Finds what a disk or an editor did to a line; it is no seal. */
static void sum_of(const char *text, size_t n, char ret[SUM_SIZE])
{
	unsigned char hash[SHA256_DIGEST_LENGTH];

	SHA256((const unsigned char *)text, n, hash);
	snprintf(ret, SUM_SIZE, "%02x%02x%02x%02x", hash[0], hash[1], hash[2], hash[3]);
}

static bool write_all(int fd, const char *text, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, text, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		text += done;
		n -= (size_t)done;
	}
	return true;
}

/* The name of a new file is on the disk when its folder is. */
static bool folder_synced(const char *path)
{
	char copy[PATH_SIZE];
	int fd;
	bool ok;

	text_copy(copy, sizeof(copy), path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ok = fsync(fd) == 0;
	close(fd);
	return ok;
}

/* Behind the end, on a line of its own. */
static bool append(int fd, const char *path, const char *line)
{
	struct stat was;
	char last = '\n';

	if (flock(fd, LOCK_EX) != 0 || fstat(fd, &was) != 0 || !S_ISREG(was.st_mode))
		return false;
	if (was.st_size > 0 && pread(fd, &last, 1, was.st_size - 1) != 1)
		return false;
	if ((last == '\n' || write_all(fd, "\n", 1)) && write_all(fd, line, strlen(line)) &&
	    fsync(fd) == 0 && folder_synced(path))
		return true;
	/* A full disk: half a line is no line. */
	if (ftruncate(fd, was.st_size) != 0)
		fprintf(stderr, "plenum: %s ends in a part of a line\n", path);
	return false;
}

bool erased_list_append(const char *path, const struct erasure *e)
{
	char *line = xcalloc(1, LINE_SIZE + SUM_SIZE + 2), sum[SUM_SIZE];
	int n = snprintf(line, LINE_SIZE, "%s %s %s %s %s", e->at, e->id, e->conference, e->hash,
			 e->persons);
	int fd = n < LINE_SIZE ? open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
	bool ok = false;

	if (fd >= 0) {
		sum_of(line, (size_t)n, sum);
		snprintf(line + n, SUM_SIZE + 2, " %s\n", sum);
		ok = append(fd, path, line);
		close(fd);
	}
	if (!ok)
		fprintf(stderr, "plenum: the list of erasures cannot be written: %s\n", path);
	free(line);
	return ok;
}

static bool hash_ok(const char *hash)
{
	return strcmp(hash, "void") == 0 ||
	       (strlen(hash) == 64 && strspn(hash, "0123456789abcdef") == 64);
}

static bool persons_ok(const char *persons)
{
	size_t n = strlen(persons);

	if (strcmp(persons, "-") == 0)
		return true;
	for (size_t i = 0; i < n; i += 37) {
		char id[37];

		text_copy(id, sizeof(id), persons + i);
		if (!text_uuid_ok(id) || (i + 36 < n && persons[i + 36] != ','))
			return false;
	}
	return n % 37 == 36;
}

/* The line without its end. Cuts it into its words. */
static bool line_read(char *line, struct erasure *ret)
{
	char *space = strrchr(line, ' '), sum[SUM_SIZE], *words[5], *rest = NULL;
	int n = 0;

	if (space == NULL)
		return false;
	sum_of(line, (size_t)(space - line), sum);
	if (strcmp(space + 1, sum) != 0)
		return false;
	*space = 0;
	for (char *w = strtok_r(line, " ", &rest); w != NULL; w = strtok_r(NULL, " ", &rest)) {
		if (n == 5)
			return false;
		words[n++] = w;
	}
	if (n != 5 || strlen(words[0]) > 32 || !text_uuid_ok(words[1]) ||
	    (strcmp(words[2], "*") != 0 && !text_uuid_ok(words[2])) || !hash_ok(words[3]) ||
	    !persons_ok(words[4]))
		return false;
	text_copy(ret->at, sizeof(ret->at), words[0]);
	text_copy(ret->id, sizeof(ret->id), words[1]);
	text_copy(ret->conference, sizeof(ret->conference), words[2]);
	text_copy(ret->hash, sizeof(ret->hash), words[3]);
	ret->persons = xstrdup(words[4]);
	return true;
}

static void drop(struct erased_list *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->items[i].id, id) != 0)
			continue;
		free(list->items[i].persons);
		list->items[i--] = list->items[--list->count];
	}
}

static void take(struct erased_list *list, char *line, int number)
{
	struct erasure e = {.line = number};

	if (!line_read(line, &e)) {
		list->broken =
		    xrealloc(list->broken, (list->broken_count + 1) * sizeof(*list->broken));
		list->broken[list->broken_count++] = number;
		return;
	}
	if (strcmp(e.hash, "void") == 0) {
		drop(list, e.id);
		free(e.persons);
		return;
	}
	list->items = xrealloc(list->items, (list->count + 1) * sizeof(*list->items));
	list->items[list->count++] = e;
}

static int by_line(const void *a, const void *b)
{
	return ((const struct erasure *)a)->line - ((const struct erasure *)b)->line;
}

bool erased_list_read(const char *path, struct erased_list *ret)
{
	size_t size = 0;
	char *bytes = cli_read_file(path, LIST_MAX, &size);
	int number = 1;

	if (bytes == NULL)
		return false;
	*ret = (struct erased_list){0};
	for (char *line = bytes, *end; line < bytes + size; line = end + 1, number++) {
		end = memchr(line, '\n', (size_t)(bytes + size - line));
		if (end == NULL)
			end = bytes + size;
		*end = 0;
		take(ret, line, number);
	}
	if (ret->count > 1)
		qsort(ret->items, ret->count, sizeof(*ret->items), by_line);
	free(bytes);
	return true;
}

void erased_list_finish(struct erased_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].persons);
	free(list->items);
	free(list->broken);
	*list = (struct erased_list){0};
}
