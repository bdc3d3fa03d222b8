/* gateway: mail to the relay: libcurl's transfers on the worker's own loop. What may go, and what
 * became of it, is the database's to say (services/mail). */
#include "gateway/mailer.h"
#include "gateway/dispatch.h"
#include "gateway/metrics.h"
#include "gateway/relay.h"
#include "gateway/worker.h"
#include "services/core/log.h"
#include "services/core/text.h"
#include "services/feeds/feeds.h"
#include "services/mail/mail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRANSFERS = 6, FOR_REST = 4, SAID_SIZE = 256, CLAIM_ARENA = 8 << 20 };

/* How far the talk has come: by our last command. */
enum stage { STAGE_HELLO, STAGE_FROM, STAGE_TO, STAGE_DATA };

struct transfer {
	struct transfer *next, **place; /* of all that are under way */
	CURL *curl;
	struct curl_slist *to;
	struct mail_message mail; /* owns its text */
	char recipient[300];
	size_t at;
	bool all_read;
	enum stage stage;
	char said[SAID_SIZE]; /* the relay's last line */
};

struct watch {
	uv_poll_t poll;
	curl_socket_t fd;
};

static struct {
	uv_loop_t *loop;
	const struct config *config;
	char relay[RELAY_NAME_SIZE];
	struct mail_setup setup;
	CURLM *multi;
	struct transfer *first;
	uv_timer_t *timer;
	int transfers, keeping;
	bool claiming, some_last_time;
} mailer;

static void look(void);

static void forget(struct transfer *t)
{
	*t->place = t->next;
	if (t->next != NULL)
		t->next->place = t->place;
	curl_multi_remove_handle(mailer.multi, t->curl);
	curl_easy_cleanup(t->curl);
	curl_slist_free_all(t->to);
	buffer_finish(&t->mail.text);
	free(t);
	mailer.transfers--;
}

static size_t give(char *to, size_t size, size_t n, void *data)
{
	struct transfer *t = data;
	size_t left = t->mail.text.size - t->at, take = size * n < left ? size * n : left;

	memcpy(to, t->mail.text.bytes + t->at, take);
	t->at += take;
	t->all_read = take == 0;
	return take;
}

static size_t hear(char *line, size_t size, size_t n, void *data)
{
	struct transfer *t = data;
	size_t length = size * n;

	/* Its goodbye is not why. */
	if (t->said[0] >= '4' && strncmp(line, "221", 3) == 0)
		return length;
	while (length > 0 && (unsigned char)line[length - 1] <= ' ')
		length--;
	if (length >= SAID_SIZE)
		length = SAID_SIZE - 1;
	memcpy(t->said, line, length);
	t->said[length] = 0;
	return size * n;
}

/* Only which command was sent: what is in it may be a password. */
static int follow(CURL *curl, curl_infotype type, char *line, size_t n, void *data)
{
	struct transfer *t = data;

	(void)curl;
	if (type != CURLINFO_HEADER_OUT || n < 4)
		return 0;
	if (strncmp(line, "MAIL", 4) == 0)
		t->stage = STAGE_FROM;
	else if (strncmp(line, "RCPT", 4) == 0)
		t->stage = STAGE_TO;
	else if (strncmp(line, "DATA", 4) == 0)
		t->stage = STAGE_DATA;
	return 0;
}

/* What the code of its last answer means depends on what was asked. */
static enum mail_end end_of(const struct transfer *t, CURLcode code, long answer)
{
	if (code == CURLE_OK)
		return MAIL_SENT;
	if (t->stage == STAGE_DATA && t->all_read && answer < 400)
		return MAIL_UNSURE;
	if (answer == 421 || t->stage == STAGE_HELLO)
		return MAIL_RELAY;
	if (t->stage == STAGE_FROM)
		return answer == 552 ? MAIL_REFUSED : MAIL_RELAY;
	if (answer == 503 || answer == 530)
		return MAIL_RELAY;
	if (answer >= 500)
		return MAIL_REFUSED;
	/* It hung up in the middle: nothing was taken. */
	return answer >= 400 || t->stage == STAGE_DATA ? MAIL_LATER : MAIL_RELAY;
}

static void kept(struct request *rq)
{
	mailer.keeping--;
	/* Its lease runs out; it is sent once more, and says so. */
	if (rq->fault != OK)
		log_line("mail: what became of one could not be kept: %s", rq->fault->code);
	request_destroy(rq);
	look();
}

static void ended(struct transfer *t, CURLcode code)
{
	struct request *rq = request_create(1 << 16);
	long answer = 0;
	enum mail_end end;
	fault f;

	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &answer);
	end = end_of(t, code, answer);
	metric_add(end == MAIL_SENT	 ? METRIC_MAIL_SENT
		   : end == MAIL_REFUSED ? METRIC_MAIL_REFUSED
					 : METRIC_MAIL_FAILED,
		   1);
	if (end == MAIL_RELAY)
		log_line("mail: the relay %s: %s", mailer.relay,
			 answer >= 400 ? t->said : curl_easy_strerror(code));
	rq->end = kept;
	mailer.keeping++;
	f = mail_ended_job(rq, mailer.relay, &t->mail, end,
			   end == MAIL_SENT ? NULL
			   : answer >= 400  ? t->said
					    : curl_easy_strerror(code));
	forget(t);
	if (f != OK)
		request_finish(rq, f);
}

static void collect(void)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(mailer.multi, &left)) != NULL) {
		struct transfer *t = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		ended(t, message->data.result);
	}
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
	const struct watch *w = poll->data;
	int running, flags = status < 0 ? CURL_CSELECT_ERR : 0;

	flags |= events & UV_READABLE ? CURL_CSELECT_IN : 0;
	flags |= events & UV_WRITABLE ? CURL_CSELECT_OUT : 0;
	curl_multi_socket_action(mailer.multi, w->fd, flags, &running);
	collect();
}

static void on_timer(uv_timer_t *timer)
{
	int running;

	(void)timer;
	curl_multi_socket_action(mailer.multi, CURL_SOCKET_TIMEOUT, 0, &running);
	collect();
}

static int set_timer(CURLM *multi, long ms, void *data)
{
	(void)multi;
	(void)data;
	if (ms < 0)
		uv_timer_stop(mailer.timer);
	else
		uv_timer_start(mailer.timer, on_timer, (uint64_t)ms, 0);
	return 0;
}

static void free_handle(uv_handle_t *handle)
{
	free(handle->data);
}

static int watch_socket(CURL *curl, curl_socket_t fd, int what, void *data, void *known)
{
	struct watch *w = known;
	int events =
	    (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);

	(void)curl;
	(void)data;
	if (what == CURL_POLL_REMOVE) {
		if (w != NULL) {
			uv_poll_stop(&w->poll);
			uv_close((uv_handle_t *)&w->poll, free_handle);
			curl_multi_assign(mailer.multi, fd, NULL);
		}
		return 0;
	}
	if (w == NULL) {
		w = xcalloc(1, sizeof(*w));
		w->fd = fd;
		if (uv_poll_init_socket(mailer.loop, &w->poll, fd) != 0) {
			free(w);
			return -1;
		}
		w->poll.data = w;
		curl_multi_assign(mailer.multi, fd, w);
	}
	uv_poll_start(&w->poll, events, on_ready);
	return 0;
}

static void send_one(const struct mail_message *mail)
{
	struct transfer *t = xcalloc(1, sizeof(*t));

	t->mail = *mail;
	snprintf(t->recipient, sizeof(t->recipient), "%s", mail->recipient);
	t->mail.recipient = t->recipient;
	t->to = curl_slist_append(NULL, t->recipient);
	t->curl = curl_easy_init();
	relay_prepare(t->curl, mailer.config);
	curl_easy_setopt(t->curl, CURLOPT_MAIL_FROM, mailer.setup.from);
	curl_easy_setopt(t->curl, CURLOPT_MAIL_RCPT, t->to);
	curl_easy_setopt(t->curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(t->curl, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(t->curl, CURLOPT_READDATA, t);
	curl_easy_setopt(t->curl, CURLOPT_HEADERFUNCTION, hear);
	curl_easy_setopt(t->curl, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(t->curl, CURLOPT_DEBUGFUNCTION, follow);
	curl_easy_setopt(t->curl, CURLOPT_DEBUGDATA, t);
	curl_easy_setopt(t->curl, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(t->curl, CURLOPT_PRIVATE, t);
	t->next = mailer.first;
	t->place = &mailer.first;
	if (t->next != NULL)
		t->next->place = &t->next;
	mailer.first = t;
	mailer.transfers++;
	curl_multi_add_handle(mailer.multi, t->curl);
}

/* An address that no envelope may have is refused by ourselves. */
static void refuse(struct mail_message *mail)
{
	struct request *rq = request_create(1 << 16);
	fault f;

	buffer_finish(&mail->text);
	rq->end = kept;
	mailer.keeping++;
	f = mail_ended_job(rq, mailer.relay, mail, MAIL_REFUSED, "that is no address");
	if (f != OK)
		request_finish(rq, f);
}

static void claimed(struct request *rq)
{
	const struct mail_claim *claim = rq->params;

	mailer.claiming = false;
	mailer.some_last_time = rq->fault == OK && claim->n > 0;
	if (rq->fault == OK)
		for (int i = 0; i < claim->n; i++) {
			if (text_address_ok(claim->messages[i].recipient))
				send_one(&claim->messages[i]);
			else
				refuse(&claim->messages[i]);
		}
	request_destroy(rq);
}

static void claim(void)
{
	int free_places = TRANSFERS - mailer.transfers - mailer.keeping;
	struct mail_relay relay = {.name = mailer.relay,
				   .rate = mailer.config->smtp_rate,
				   .reserve = mailer.config->smtp_reserve,
				   .most = free_places,
				   /* Two places for codes, whatever the others wait for. */
				   .for_rest = free_places - (TRANSFERS - FOR_REST)};
	struct request *rq;
	fault f;

	if (mailer.claiming || free_places <= 0)
		return;
	mailer.claiming = true;
	rq = request_create(CLAIM_ARENA);
	rq->end = claimed;
	f = mail_claim_job(rq, &relay, &mailer.setup);
	if (f != OK)
		request_finish(rq, f);
}

/* While there was some, there may be more. */
static void look(void)
{
	if (mailer.some_last_time && !worker.draining)
		claim();
}

void mailer_job(void)
{
	if (mailer.multi != NULL)
		claim();
}

int mailer_under_way(void)
{
	return mailer.transfers + mailer.keeping + mailer.claiming;
}

bool mailer_start(uv_loop_t *loop, const struct config *config)
{
	relay_read(config, mailer.relay);
	if (mailer.relay[0] == 0)
		return false;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	mailer.loop = loop;
	mailer.config = config;
	mailer.setup = (struct mail_setup){
	    .from = config->mail_from, .base_url = config->base_url, .file = feeds_file};
	mailer.multi = curl_multi_init();
	mailer.timer = xcalloc(1, sizeof(*mailer.timer));
	uv_timer_init(loop, mailer.timer);
	mailer.timer->data = mailer.timer;
	curl_multi_setopt(mailer.multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(mailer.multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(mailer.multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)TRANSFERS);
	return true;
}

/* What is under way is another's when its lease is over. The loop still turns for the handles. */
void mailer_stop(void)
{
	if (mailer.multi == NULL)
		return;
	while (mailer.first != NULL)
		forget(mailer.first);
	curl_multi_cleanup(mailer.multi);
	mailer.multi = NULL;
	uv_timer_stop(mailer.timer);
	uv_close((uv_handle_t *)mailer.timer, free_handle);
}
