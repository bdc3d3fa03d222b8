/* gateway: the policy of the attendees' page: asked of the database, remembered for some seconds.
 */
#include "gateway/policy.h"
#include "gateway/dispatch.h"
#include "services/core/clock.h"
#include "services/core/json.h"
#include "services/core/text.h"
#include "services/db/db_loop.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { KNOWN = 64, FRESH_MS = 5000, SLUG_SIZE = 48, HOST_MAX = 260 };

static struct known {
	char slug[SLUG_SIZE];
	char *csp;
	uint64_t at_ms;
} known[KNOWN];

struct lookup {
	char slug[SLUG_SIZE];
	policy_fn *done;
	void *data;
};

/* Nothing but what a host is made of: the value goes into a header. */
static bool is_host(const char *host)
{
	size_t n = strlen(host);

	return n > 0 && n < HOST_MAX &&
	       strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-:") == n;
}

static void add_hosts(struct buffer *b, const json_t *hosts)
{
	size_t i;
	const json_t *each;

	json_array_foreach(hosts, i, each)
	{
		const char *host = json_string_value(each);
		bool here = host != NULL && (strncmp(host, "127.0.0.1", 9) == 0 ||
					     strncmp(host, "localhost", 9) == 0);

		if (host != NULL && is_host(host))
			buffer_printf(b, " %s://%s", here ? "http" : "https", host);
	}
}

/* As strict as every page's, and besides: media as the player's own bytes and from these hosts,
 * frames from those. */
static char *csp_of(const json_t *policy)
{
	const json_t *media = json_object_get(policy, "media");
	const json_t *frames = json_object_get(policy, "frames");
	struct buffer b = {0};
	char *csp;

	buffer_text(&b, "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
			"data:; font-src 'self'; connect-src 'self'");
	add_hosts(&b, media);
	buffer_text(&b, "; media-src 'self' blob:");
	add_hosts(&b, media);
	if (json_array_size(frames) > 0) {
		buffer_text(&b, "; frame-src");
		add_hosts(&b, frames);
	}
	buffer_text(&b, "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
			"manifest-src 'self'; worker-src 'self'; "
			"require-trusted-types-for 'script'");
	csp = xstrdup(b.bytes);
	buffer_finish(&b);
	return csp;
}

static struct known *place_of(const char *slug)
{
	struct known *oldest = &known[0];

	for (int i = 0; i < KNOWN; i++) {
		if (known[i].csp != NULL && strcmp(known[i].slug, slug) == 0)
			return &known[i];
		if (known[i].at_ms < oldest->at_ms)
			oldest = &known[i];
	}
	free(oldest->csp);
	oldest->csp = NULL;
	text_copy(oldest->slug, SLUG_SIZE, slug);
	return oldest;
}

static void found(struct request *rq)
{
	struct lookup *lookup = rq->end_data;
	struct known *k = place_of(lookup->slug);

	if (rq->fault == OK || k->csp == NULL) {
		json_t *json =
		    rq->fault == OK ? json_loadb(rq->result, rq->result_size, 0, NULL) : NULL;

		free(k->csp);
		k->csp = csp_of(json);
		/* What was not heard is asked again soon. */
		k->at_ms = rq->fault == OK ? clock_ms() : 1;
		json_decref(json);
	}
	lookup->done(k->csp, lookup->data);
	free(lookup);
	request_destroy(rq);
}

void policy_of(const char *slug, policy_fn *done, void *data)
{
	struct lookup *lookup;
	struct request *rq;
	json_t *params;

	for (int i = 0; i < KNOWN; i++) {
		if (known[i].csp != NULL && strcmp(known[i].slug, slug) == 0 &&
		    (clock_ms() - known[i].at_ms < FRESH_MS || !db_is_up())) {
			done(known[i].csp, data);
			return;
		}
	}
	lookup = xcalloc(1, sizeof(*lookup));
	text_copy(lookup->slug, SLUG_SIZE, slug);
	lookup->done = done;
	lookup->data = data;
	rq = request_create(1 << 18);
	rq->end = found;
	rq->end_data = lookup;
	params = json_pack("{s:s}", "slug", lookup->slug);
	dispatch(rq, "stream.policy", params, VIA_AUTH);
	json_decref(params);
}
