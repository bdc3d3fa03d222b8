/* gateway: the web files, read into memory at start with their ready-made gzip. Nothing is ever
 * opened by a name from outside. */
#include "gateway/http.h"
#include "gateway/policy.h"
#include "services/core/arena.h"
#include "services/core/log.h"
#include "services/core/token.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

enum { FILE_MAX = 8 << 20 };

struct file {
	struct file *next; /* files */
	char *path;	   /* "/assets/x.js" */
	const char *content_type;
	struct payload *body, *gz;
	char etag[40];
};

static struct file *files;

static const struct {
	const char *suffix, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".woff2", "font/woff2"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".wasm", "application/wasm"},
    {".map", "application/json"},
};

static const char *type_of(const char *path)
{
	size_t n = strlen(path);

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		size_t suffix_n = strlen(types[i].suffix);

		if (n > suffix_n && strcmp(path + n - suffix_n, types[i].suffix) == 0)
			return types[i].type;
	}
	return NULL;
}

static struct payload *read_file(const char *path)
{
	struct stat st;
	FILE *in = fopen(path, "re");
	struct payload *p = NULL;

	if (in == NULL)
		return NULL;
	if (fstat(fileno(in), &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_MAX) {
		p = payload_create((size_t)st.st_size);
		if (fread(payload_text(p), 1, p->size, in) != p->size) {
			payload_unref(p);
			p = NULL;
		}
	}
	fclose(in);
	return p;
}

static void add_file(const char *full, const char *path)
{
	struct file *file;
	char gz[1100];
	struct payload *body = read_file(full);

	if (body == NULL)
		return;
	file = xcalloc(1, sizeof(*file));
	file->path = xstrdup(path);
	file->content_type = type_of(path);
	file->body = body;
	snprintf(gz, sizeof(gz), "%.1000s.gz", full);
	file->gz = read_file(gz);
	snprintf(file->etag, sizeof(file->etag), "\"%08lx-%x\"",
		 crc32(0, payload_text(body), body->size), body->size);
	file->next = files;
	files = file;
}

static int load_folder(const char *dir, const char *prefix, int depth)
{
	DIR *folder = depth < 4 ? opendir(dir) : NULL;
	struct dirent *entry;
	int n = 0;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		char full[1024], path[512];
		struct stat st;

		if (entry->d_name[0] == '.')
			continue;
		if (snprintf(full, sizeof(full), "%s/%s", dir, entry->d_name) >=
			(int)sizeof(full) ||
		    snprintf(path, sizeof(path), "%s/%s", prefix, entry->d_name) >=
			(int)sizeof(path) ||
		    stat(full, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode)) {
			n += load_folder(full, path, depth + 1);
		} else if (type_of(path) != NULL) {
			add_file(full, path);
			n++;
		}
	}
	if (folder != NULL)
		closedir(folder);
	return n;
}

bool static_load(const char *dir)
{
	int n = dir != NULL ? load_folder(dir, "", 0) : 0;

	if (dir != NULL && n == 0)
		log_line("web_dir %s holds no web files", dir);
	return dir == NULL || n > 0;
}

/* A door reads codes with its camera, and who speaks from elsewhere tries theirs on the attendees'
 * page: no other page may ask for it. */
#define NO_CAMERA  "permissions-policy: camera=(), microphone=(), geolocation=()\r\n"
#define OWN_CAMERA "permissions-policy: camera=(self), microphone=(), geolocation=()\r\n"
#define OWN_VOICE  "permissions-policy: camera=(self), microphone=(self), geolocation=()\r\n"

/* An asset is never another; and a script by itself is a worker: it asks nobody else for anything.
 */
#define FOR_EVER "cache-control: public, max-age=31536000, immutable\r\n"
#define AS_WORKER                                                                                  \
	"content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "      \
	"connect-src 'self'\r\n"

static const char *page_headers(const char *path)
{
	static const char base[] =
	    NO_CAMERA "cache-control: no-cache\r\ncontent-security-policy: "
		      "default-src 'none'; script-src 'self'; style-src 'self'; "
		      "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
		      "form-action 'self'; base-uri 'none'; "
		      "frame-ancestors 'none'; manifest-src 'self'; worker-src "
		      "'self'; require-trusted-types-for 'script'\r\n";
	static const char kiosk[] =
	    OWN_CAMERA "cache-control: no-cache\r\ncontent-security-policy: "
		       "default-src 'none'; script-src 'self' "
		       "'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; "
		       "font-src 'self'; connect-src 'self'; "
		       "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
		       "manifest-src 'self'; worker-src 'self'; "
		       "require-trusted-types-for 'script'\r\n";

	return strcmp(path, "/kiosk.html") == 0 ? kiosk : base;
}

/* An attendees' page on its way: its policy is asked for first. */
struct wish {
	uint64_t conn;
	const struct file *file;
};

/* Another policy is another answer: a browser that keeps the page asks with the etag of both. */
static void respond_with(const char *csp, void *data)
{
	struct wish *wish = data;
	struct conn *c = conn_find(wish->conn);
	struct buffer headers = {0};
	char etag[60];

	if (c != NULL) {
		buffer_printf(
		    &headers,
		    OWN_VOICE "cache-control: no-cache\r\ncontent-security-policy: %s\r\n", csp);
		snprintf(etag, sizeof(etag), "%.*s-%08lx\"", (int)strlen(wish->file->etag) - 1,
			 wish->file->etag,
			 crc32(0, (const unsigned char *)csp, (unsigned)strlen(csp)));
		http_respond_document(c, wish->file->content_type, headers.bytes, wish->file->body,
				      wish->file->gz, etag, 0);
		buffer_finish(&headers);
	}
	free(wish);
}

static void respond_attend(struct conn *c, const struct file *file)
{
	struct wish *wish = xcalloc(1, sizeof(*wish));

	wish->conn = c->id;
	wish->file = file;
	policy_of(c->http->slug, respond_with, wish);
}

bool static_respond(struct conn *c, const char *path)
{
	for (const struct file *file = files; file != NULL; file = file->next) {
		const char *headers = "cache-control: no-cache\r\n";

		if (strcmp(file->path, path) != 0)
			continue;
		if (strcmp(path, "/attend.html") == 0) {
			respond_attend(c, file);
			return true;
		}
		if (strncmp(path, "/assets/", 8) == 0)
			headers = strstr(path, ".js") != NULL ? FOR_EVER AS_WORKER : FOR_EVER;
		else if (strstr(path, ".html") != NULL)
			headers = page_headers(path);
		http_respond_document(c, file->content_type, headers, file->body, file->gz,
				      file->etag, 0);
		return true;
	}
	return false;
}
