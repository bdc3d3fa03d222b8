/* gateway: PATCH /files/<id>: a piece of an upload is collected in memory, a mebibyte at most, and
 * handed over whole; who sends it is found out while it comes. Of a piece that is cut off, what has
 * come is kept, so that a bad line gets on, too. */
#include "gateway/api.h"
#include "gateway/dispatch.h"
#include "gateway/files.h"
#include "gateway/metrics.h"
#include "gateway/rpc.h"
#include "services/core/clock.h"
#include "services/core/token.h"
#include "services/files/files.h"

#include <stdlib.h>
#include <string.h>

/* What may be in a worker's memory at once, and of that one sign-in's. */
enum { PIECES_MAX = 32, PIECES_EACH = 4, BUSY_MS = 1000 };

struct upload {
	uint64_t conn; /* whom to answer; 0: nobody any more */
	char login[UUID_SIZE], file[UUID_SIZE];
	int64_t offset;
	struct caller caller;
	bool found;	/* caller is known */
	bool body_done; /* all of it is here */
	struct buffer body;
};

static struct upload *pieces[PIECES_MAX];

static bool place(struct upload *up)
{
	int own = 0, at = -1;

	for (int i = 0; i < PIECES_MAX; i++) {
		if (pieces[i] == NULL)
			at = i;
		else if (strcmp(pieces[i]->login, up->login) == 0)
			own++;
	}
	if (at < 0 || own >= PIECES_EACH)
		return false;
	pieces[at] = up;
	return true;
}

static void upload_free(struct upload *up)
{
	for (int i = 0; i < PIECES_MAX; i++)
		if (pieces[i] == up)
			pieces[i] = NULL;
	buffer_finish(&up->body);
	free(up);
}

static void ended(struct request *rq)
{
	struct upload *up = rq->end_data;
	struct conn *c = conn_find(up->conn);

	files_write_ended(rq);
	if (c != NULL && c->http != NULL)
		files_respond(c, rq, 204, "");
	if (rq->fault != OK)
		metric_add(METRIC_FAULTS, 1);
	upload_free(up);
	request_destroy(rq);
}

static void hand_over(struct upload *up)
{
	json_t *params = json_pack("{s:s,s:I}", "file", up->file, "offset", (json_int_t)up->offset);
	struct request *rq = request_create(1 << 20);

	rq->caller = up->caller;
	rq->body = up->body.bytes;
	rq->body_size = up->body.size;
	rq->end = ended;
	rq->end_data = up;
	metric_add(METRIC_CALLS, 1);
	dispatch(rq, "file.write", params, VIA_FILE);
	json_decref(params);
}

static void refuse(struct conn *c, int status, fault f, int64_t wait_ms)
{
	c->http->close_after = true;
	http_respond_fault(c, status != 0 ? status : tus_status(f), f, wait_ms);
}

static void go(struct conn *c)
{
	struct upload *up = c->http->upload;

	c->http->upload = NULL;
	up->body = c->http->body;
	c->http->body = (struct buffer){0};
	hand_over(up);
}

static void caller_found(fault f, const struct caller *who, int64_t expires,
			 const char *public_json, void *data)
{
	struct exchange *x = data;
	struct conn *c = conn_find(x->conn);
	struct upload *up = c != NULL && c->http != NULL ? c->http->upload : NULL;
	int64_t wait_ms = 0;

	(void)expires;
	(void)public_json;
	exchange_free(x);
	if (up == NULL)
		return;
	if (f == OK)
		f = rpc_rate(who, "file.write", &wait_ms);
	if (f != OK) {
		refuse(c, 0, f, wait_ms);
		return;
	}
	up->caller = *who;
	up->found = true;
	if (up->body_done)
		go(c);
}

/* Before any of the body is taken: a token of ours, a piece that is no bigger than it may be. Who
 * it is, and what of, is asked meanwhile. */
static fault examine(struct conn *c, struct upload *up, int *ret_status)
{
	struct http *h = c->http;
	struct token token;
	char given[2200];

	if (!h->tus->version_ok || h->tus->offset < 0 ||
	    strcmp(h->content_type, "application/offset+octet-stream") != 0) {
		*ret_status = !h->tus->version_ok ? 412 : h->tus->offset < 0 ? 400 : 415;
		return &fault_bad_request;
	}
	if (strlen(h->rest) != 7 + 36)
		return &fault_not_found;
	if (h->body_expected > FILE_PIECE_MAX)
		return &fault_size;
	if (!http_any_token(h, given, sizeof(given)) ||
	    token_verify(given, clock_unix(), &token) != OK)
		return &fault_auth_required;
	memcpy(up->login, token.login, UUID_SIZE);
	memcpy(up->file, h->rest + 7, UUID_SIZE);
	up->offset = h->tus->offset;
	return place(up) ? OK : &fault_busy;
}

bool upload_begin(struct conn *c)
{
	struct http *h = c->http;
	struct upload *up = xcalloc(1, sizeof(*up));
	int status = 0;
	fault f;

	up->conn = c->id;
	f = examine(c, up, &status);
	if (f != OK) {
		upload_free(up);
		refuse(c, status, f, f == &fault_busy ? BUSY_MS : 0);
		return false;
	}
	h->upload = up;
	exchange_begin(c, exchange_create(c), caller_found);
	return !h->answered;
}

void upload_run(struct conn *c)
{
	struct upload *up = c->http->upload;

	if (up == NULL)
		return;
	up->body_done = true;
	if (up->found)
		go(c);
}

void upload_cut(struct http *h)
{
	struct upload *up = h->upload;

	h->upload = NULL;
	if (up == NULL)
		return;
	if (!up->found || h->answered || h->body.size == 0) {
		upload_free(up);
		return;
	}
	up->conn = 0;
	up->body = h->body;
	h->body = (struct buffer){0};
	hand_over(up);
}
