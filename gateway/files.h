/* gateway: files over HTTP: uploads in pieces after tus 1.0.0 (core, creation, expiration), and
 * their download. */
#ifndef GATEWAY_FILES_H
#define GATEWAY_FILES_H

#include "gateway/http.h"

#include <stdbool.h>
#include <stdint.h>

/* What a request to /files says in headers that nothing else reads. */
struct tus {
	bool asked;		/* Tus-Resumable: of an upload, not a download */
	bool version_ok;	/* … and of the version we speak */
	int64_t length, offset; /* -1: not said, or no number */
	char metadata[2048], range[100], if_range[100];
};

/* tus.c. NULL: not of /files. Freed with free(). */
struct tus *tus_read(struct conn *c, const char *rest);
/* A value of Upload-Metadata, decoded; false: there is none, or it does not fit. */
bool tus_metadata(const struct tus *tus, const char *name, char *ret, size_t size);
/* "bytes=a-b" of a file: false: all of it. *ret_ok: there is such a part. */
bool tus_range(const char *range, int64_t size, int64_t *ret_from, int64_t *ret_to, bool *ret_ok);
int tus_status(fault f);

/* api_files.c: POST /files, HEAD, PATCH and GET /files/<id>. */
void api_files(struct conn *c);
void files_options(struct conn *c);
/* Answers an exchange about an upload: its fault, or how far it is. */
void files_respond(struct conn *c, struct request *rq, int status, const char *headers);

/* upload.c: a PATCH. begin: its headers are read; false: answered already. */
bool upload_begin(struct conn *c);
void upload_run(struct conn *c);
/* The connection goes: what has come so far is kept. */
void upload_cut(struct http *h);

/* file_out.c: a file as a body, read piece by piece in a thread. Owns fd. */
struct file_out *file_out_create(uint64_t conn, int fd, int64_t from, int64_t to);
void file_out_forget(struct file_out *out); /* accepts NULL */
enum file_out_state { FILE_OUT_WAIT, FILE_OUT_DONE, FILE_OUT_BROKEN };
/* From the writable callback; WAIT: it asks for the next one by itself. */
enum file_out_state file_out_write(struct file_out *out, struct conn *c);

#endif
