/* services/files: what a file is by its bytes. What it is called, and what a browser says it is,
 * only say what we expect. */
#include "services/files/parts.h"

#include <magic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* The end of a zip archive is where it names what is in it. */
enum { ZIP_END = 1 << 20 };

static const struct known {
	const char *suffix, *type;
	const char *zipped; /* libmagic may know only the archive: then this must be in it */
	bool poster;
} known[] = {
    {".pdf", "application/pdf", NULL, true},
    {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
     "ppt/presentation.xml", false},
    {".odp", "application/vnd.oasis.opendocument.presentation", NULL, false},
    {".key", "application/vnd.apple.keynote", "Index/Document.iwa", false},
};

static const struct known *known_by_name(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t suffix_n = strlen(known[i].suffix);

		if (n > suffix_n && strcasecmp(name + n - suffix_n, known[i].suffix) == 0)
			return &known[i];
	}
	return NULL;
}

bool sniff_name(const char *name, const char *kind)
{
	const struct known *k = known_by_name(name);

	return k != NULL && (k->poster || strcmp(kind, "poster") != 0);
}

static bool zip_names(int fd, const char *entry)
{
	struct stat st;
	char *bytes;
	off_t from;
	ssize_t n;
	bool found;

	if (fstat(fd, &st) != 0)
		return false;
	from = st.st_size > ZIP_END ? st.st_size - ZIP_END : 0;
	bytes = malloc(ZIP_END);
	n = bytes != NULL ? pread(fd, bytes, ZIP_END, from) : -1;
	found = n > 0 && memmem(bytes, (size_t)n, entry, strlen(entry)) != NULL;
	free(bytes);
	return found;
}

const char *sniff(int fd, const char *name)
{
	const struct known *k = known_by_name(name);
	magic_t magic = magic_open(MAGIC_MIME_TYPE | MAGIC_ERROR);
	const char *type = NULL, *ret = NULL;
	char *bytes = NULL;
	ssize_t n;

	if (magic != NULL && magic_load(magic, NULL) == 0 && (bytes = malloc(ZIP_END)) != NULL &&
	    (n = pread(fd, bytes, ZIP_END, 0)) > 0)
		type = magic_buffer(magic, bytes, (size_t)n);
	if (k != NULL && type != NULL &&
	    (strcmp(type, k->type) == 0 ||
	     (k->zipped != NULL && strcmp(type, "application/zip") == 0 &&
	      zip_names(fd, k->zipped))))
		ret = k->type;
	free(bytes);
	if (magic != NULL)
		magic_close(magic);
	return ret;
}
