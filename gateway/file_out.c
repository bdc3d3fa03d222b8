/* gateway: a file as a response's body: read ahead by one piece, in a thread, so that a disk that
 * is slow holds up nobody else. */
#include "gateway/conn.h"
#include "gateway/files.h"
#include "gateway/worker.h"
#include "services/core/arena.h"

#include <libwebsockets.h>
#include <stdlib.h>
#include <unistd.h>

enum { PIECE = 64 << 10 };

struct file_out {
	uint64_t conn;
	int fd;
	int64_t at, end;
	bool reading, forgotten;
	ssize_t got; /* bytes that wait in space, 0: none, negative: cannot be read */
	uv_fs_t read;
	uv_buf_t piece;
	unsigned char space[LWS_PRE + PIECE];
};

static void finish(struct file_out *out)
{
	close(out->fd);
	free(out);
}

static void on_read(uv_fs_t *read)
{
	struct file_out *out = read->data;
	struct conn *c;

	/* Its end before the end that was promised is as bad as an error. */
	out->got = read->result > 0 ? read->result : -1;
	uv_fs_req_cleanup(read);
	out->reading = false;
	if (out->forgotten) {
		finish(out);
		return;
	}
	c = conn_find(out->conn);
	if (c != NULL)
		lws_callback_on_writable(c->wsi);
}

static void ask(struct file_out *out)
{
	size_t n = out->end - out->at < PIECE ? (size_t)(out->end - out->at) : PIECE;

	out->piece = uv_buf_init((char *)out->space + LWS_PRE, (unsigned)n);
	out->read.data = out;
	out->reading = true;
	if (uv_fs_read(worker.loop, &out->read, out->fd, &out->piece, 1, out->at, on_read) != 0) {
		out->reading = false;
		out->got = -1;
	}
}

struct file_out *file_out_create(uint64_t conn, int fd, int64_t from, int64_t to)
{
	struct file_out *out = xcalloc(1, sizeof(*out));

	*out = (struct file_out){.conn = conn, .fd = fd, .at = from, .end = to};
	return out;
}

void file_out_forget(struct file_out *out)
{
	if (out == NULL)
		return;
	if (out->reading)
		out->forgotten = true;
	else
		finish(out);
}

enum file_out_state file_out_write(struct file_out *out, struct conn *c)
{
	ssize_t n = out->got;
	bool last;

	if (out->reading)
		return FILE_OUT_WAIT;
	if (n == 0) {
		ask(out);
		return out->reading ? FILE_OUT_WAIT : FILE_OUT_BROKEN;
	}
	if (n < 0)
		return FILE_OUT_BROKEN;
	last = out->at + n == out->end;
	if (lws_write(c->wsi, out->space + LWS_PRE, (size_t)n,
		      last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < (int)n)
		return FILE_OUT_BROKEN;
	out->at += n;
	out->got = 0;
	if (last)
		return FILE_OUT_DONE;
	ask(out);
	return FILE_OUT_WAIT;
}
