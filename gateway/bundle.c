/* gateway: the parts of a static bundle, made one after the other, and written in pieces that hold
 * nobody up. */
#include "gateway/bundle.h"
#include "gateway/dispatch.h"
#include "services/core/arena.h"
#include "services/core/service.h"
#include "services/schedule/schedule.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ARENA = 128 << 20, PIECE = 256 << 10, NAME_SIZE = 64, PATH_SIZE = 1024, KEEP = 3 };

static const struct part_kind {
	const char *name;
	request_fn *run; /* NULL: the document of that name */
} kinds[] = {
    {"index.html", bundle_page}, {"streams.json", bundle_streams}, {"schedule.json", NULL},
    {"schedule.xml", NULL},	 {"schedule.ics", NULL},
};
enum { PARTS = sizeof(kinds) / sizeof(kinds[0]) };

struct bundle {
	char conference[UUID_SIZE], folder[NAME_SIZE];
	bundle_ready_fn *ready;
	void *data;
	int part; /* being made, then being written, then being synced */
	char *bytes[PARTS];
	size_t size[PARTS], written;
	int fd[PARTS]; /* -1: not open */
	int folder_fd;
	enum { STEP_OPEN, STEP_WRITE, STEP_SYNC, STEP_TURN } step;
};

static void make_part(struct bundle *bundle);

static request_fn *document_of(const char *name)
{
	for (int i = 0; services[i] != NULL; i++)
		for (const struct document *d = services[i]->documents;
		     d != NULL && d->name != NULL; d++)
			if (strcmp(d->name, name) == 0)
				return d->run;
	return NULL;
}

static void part_made(struct request *rq)
{
	struct bundle *bundle = rq->end_data;
	fault f = rq->fault;

	if (f == OK) {
		bundle->size[bundle->part] = rq->result_size;
		bundle->bytes[bundle->part] = xcalloc(1, rq->result_size + 1);
		memcpy(bundle->bytes[bundle->part], rq->result, rq->result_size);
		bundle->part++;
	}
	request_destroy(rq);
	if (f == OK && bundle->part < PARTS) {
		make_part(bundle);
		return;
	}
	bundle->part = 0;
	bundle->ready(bundle, f, bundle->data);
}

static void make_part(struct bundle *bundle)
{
	const struct part_kind *kind = &kinds[bundle->part];
	request_fn *run = kind->run != NULL ? kind->run : document_of(kind->name);
	struct request *rq = request_create(ARENA);
	fault f;

	rq->end = part_made;
	rq->end_data = bundle;
	memcpy(rq->caller.conference, bundle->conference, UUID_SIZE);
	rq->caller.roles = ROLE_GUEST;
	f = run != NULL ? run(rq) : &fault_not_found;
	if (f != OK)
		request_finish(rq, f);
	else if (rq->result != NULL)
		request_finish(rq, OK);
}

struct bundle *bundle_collect(const char *conference, bundle_ready_fn *ready, void *data)
{
	struct bundle *bundle = xcalloc(1, sizeof(*bundle));

	snprintf(bundle->conference, sizeof(bundle->conference), "%s", conference);
	bundle->ready = ready;
	bundle->data = data;
	bundle->folder_fd = -1;
	for (int i = 0; i < PARTS; i++)
		bundle->fd[i] = -1;
	make_part(bundle);
	return bundle;
}

void bundle_free(struct bundle *bundle)
{
	if (bundle == NULL)
		return;
	for (int i = 0; i < PARTS; i++) {
		free(bundle->bytes[i]);
		if (bundle->fd[i] >= 0)
			close(bundle->fd[i]);
	}
	if (bundle->folder_fd >= 0)
		close(bundle->folder_fd);
	free(bundle);
}

static void remove_folder(const char *dir, const char *name)
{
	char path[PATH_SIZE + NAME_SIZE * 2];

	for (int i = 0; i < PARTS; i++) {
		snprintf(path, sizeof(path), "%.1000s/%.60s/%s", dir, name, kinds[i].name);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%.1000s/%.60s", dir, name);
	rmdir(path);
}

/* The name sorts by time. */
static bool open_folder(struct bundle *bundle, const char *dir)
{
	struct timespec now;
	struct tm tm;
	char path[PATH_SIZE], stamp[32];

	clock_gettime(CLOCK_REALTIME, &now);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%S", gmtime_r(&now.tv_sec, &tm));
	snprintf(bundle->folder, sizeof(bundle->folder), "%s.%09ldZ", stamp, now.tv_nsec);
	if (mkdir(dir, 0755) != 0 && errno != EEXIST)
		return false;
	snprintf(path, sizeof(path), "%.900s/%s", dir, bundle->folder);
	if (mkdir(path, 0755) != 0)
		return false;
	bundle->folder_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return bundle->folder_fd >= 0;
}

/* One piece of the file whose turn it is. The kernel begins to put it on the disk, so that the sync
 * that follows finds little to wait for. */
static bool write_piece(struct bundle *bundle)
{
	int i = bundle->part;
	size_t left = bundle->size[i] - bundle->written;
	ssize_t n;

	if (bundle->fd[i] < 0)
		bundle->fd[i] = openat(bundle->folder_fd, kinds[i].name,
				       O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (bundle->fd[i] < 0)
		return false;
	n = left > 0 ? write(bundle->fd[i], bundle->bytes[i] + bundle->written,
			     left < PIECE ? left : PIECE)
		     : 0;
	if (n < 0)
		return errno == EINTR;
	sync_file_range(bundle->fd[i], (off_t)bundle->written, n, SYNC_FILE_RANGE_WRITE);
	bundle->written += (size_t)n;
	if (bundle->written == bundle->size[i]) {
		bundle->part++;
		bundle->written = 0;
	}
	return true;
}

static bool sync_part(struct bundle *bundle)
{
	int *fd = &bundle->fd[bundle->part++];
	bool good = fsync(*fd) == 0;

	good = close(*fd) == 0 && good;
	*fd = -1;
	return good;
}

static int is_folder(const struct dirent *entry)
{
	return strlen(entry->d_name) == strlen("20210502T070000.000000000Z") &&
	       strspn(entry->d_name, "0123456789TZ.") == strlen(entry->d_name);
}

static void remove_old(const char *dir)
{
	struct dirent **names = NULL;
	int n = scandir(dir, &names, is_folder, alphasort);

	for (int i = 0; i < n; i++) {
		if (i < n - KEEP)
			remove_folder(dir, names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

/* Readers see the old folder or the new one, never half of one. */
static bool turn(struct bundle *bundle, const char *dir)
{
	char link[PATH_SIZE], current[PATH_SIZE];
	int fd;

	snprintf(link, sizeof(link), "%.900s/.%s", dir, bundle->folder);
	snprintf(current, sizeof(current), "%.900s/current", dir);
	if (fsync(bundle->folder_fd) != 0 || symlink(bundle->folder, link) != 0)
		return false;
	if (rename(link, current) != 0) {
		unlink(link);
		return false;
	}
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	remove_old(dir);
	return true;
}

enum bundle_state bundle_write(struct bundle *bundle, const char *dir, const char **ret_why)
{
	bool good = true;

	if (bundle->step == STEP_OPEN)
		good = open_folder(bundle, dir);
	else if (bundle->step == STEP_WRITE)
		good = write_piece(bundle);
	else if (bundle->step == STEP_SYNC)
		good = sync_part(bundle);
	else
		good = turn(bundle, dir);
	if (!good) {
		*ret_why = strerror(errno);
		if (bundle->folder[0] != 0)
			remove_folder(dir, bundle->folder);
		return BUNDLE_FAILED;
	}
	if (bundle->step == STEP_TURN)
		return BUNDLE_DONE;
	if (bundle->step == STEP_OPEN || bundle->part == PARTS) {
		bundle->step++;
		bundle->part = 0;
	}
	return BUNDLE_MORE;
}
