/* services/files: the disk. A file is <files_dir>/<its id's first two>/<id>: no name from outside
 * ever becomes a path. */
#include "services/core/log.h"
#include "services/files/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { READ_SIZE = 64 << 10, KEPT_FREE = 50 /* one part in so many of the disk */ };

static const char *store_dir;

void files_start(const char *dir)
{
	store_dir = dir;
}

bool store_known(void)
{
	return store_dir != NULL;
}

bool store_path(const char *id, char ret[STORE_PATH])
{
	return store_dir != NULL &&
	       snprintf(ret, STORE_PATH, "%s/%.2s/%s", store_dir, id, id) < STORE_PATH;
}

int files_open(const char *id)
{
	char path[STORE_PATH];

	return store_path(id, path) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
}

/* The database may be on the same disk: it must never be us who fill it. */
static int room_for(int fd, int64_t size)
{
	struct statvfs fs;

	if (fstatvfs(fd, &fs) != 0)
		return errno;
	return (uint64_t)fs.f_bavail * fs.f_frsize <
		       (uint64_t)size + (uint64_t)fs.f_blocks * fs.f_frsize / KEPT_FREE
		   ? ENOSPC
		   : 0;
}

static int sync_and_close(int fd)
{
	int wrong = fsync(fd) != 0 ? errno : 0;

	close(fd);
	return wrong;
}

static int sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? errno : sync_and_close(fd);
}

int store_make(const char *path, int64_t size)
{
	char folder[STORE_PATH];
	int fd, wrong;

	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(path, '/') - path), path);
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return errno;
	wrong = sync_folder(store_dir);
	if (wrong != 0)
		return wrong;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return errno;
	wrong = room_for(fd, size);
	if (wrong != 0) {
		close(fd);
		return wrong;
	}
	wrong = sync_and_close(fd);
	return wrong != 0 ? wrong : sync_folder(folder);
}

int store_lock(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW), wrong;

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	wrong = errno;
	close(fd);
	errno = wrong;
	return -1;
}

int store_write(int fd, int64_t at, const char *bytes, size_t size)
{
	size_t done = 0;
	int wrong = room_for(fd, (int64_t)size);

	while (wrong == 0 && done < size) {
		ssize_t n = pwrite(fd, bytes + done, size - done, at + (off_t)done);

		if (n < 0 && errno != EINTR)
			wrong = errno;
		else if (n > 0)
			done += (size_t)n;
	}
	if (wrong == 0 && fsync(fd) != 0)
		wrong = errno;
	/* What came half is no use to anybody and may be what fills the disk. */
	if (wrong != 0 && ftruncate(fd, at) != 0)
		log_line("files: cannot take back a piece: %s", strerror(errno));
	return wrong;
}

int store_digest(int fd, unsigned char ret[SHA256_SIZE])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char bytes[READ_SIZE];
	off_t at = 0;
	ssize_t n = -1;

	if (context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1) {
		while ((n = pread(fd, bytes, sizeof(bytes), at)) > 0) {
			EVP_DigestUpdate(context, bytes, (size_t)n);
			at += n;
		}
		if (EVP_DigestFinal_ex(context, ret, NULL) != 1)
			n = -1;
	}
	EVP_MD_CTX_free(context);
	return n == 0 ? 0 : EIO;
}

int store_remove(const char *path)
{
	return unlink(path) == 0 || errno == ENOENT ? 0 : errno;
}
