/* gateway: metrics. */
#include "gateway/metrics.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { WORKERS_MAX = 64 };

static const struct {
	const char *name, *type, *help;
} descriptions[METRICS] = {
    [METRIC_SOCKETS] = {"plenum_sockets", "gauge", "Open WebSockets."},
    [METRIC_STREAMS] = {"plenum_streams", "gauge", "Open event streams."},
    [METRIC_HTTP] = {"plenum_http_connections", "gauge", "Open HTTP connections."},
    [METRIC_SUBSCRIPTIONS] = {"plenum_subscriptions", "gauge", "Channel subscriptions."},
    [METRIC_CHANNELS] = {"plenum_channels", "gauge", "Channels carried."},
    [METRIC_HANDSHAKES] = {"plenum_handshakes", "gauge",
			   "Connections accepted that have said nothing yet."},
    [METRIC_ACCEPTED] = {"plenum_accepted_total", "counter", "Connections accepted."},
    [METRIC_FRAMES_SENT] = {"plenum_frames_sent_total", "counter", "Frames written."},
    [METRIC_BYTES_SENT] = {"plenum_bytes_sent_total", "counter", "Payload bytes written."},
    [METRIC_MESSAGES_HEARD] = {"plenum_messages_heard_total", "counter", "Messages received."},
    [METRIC_CALLS] = {"plenum_calls_total", "counter", "Method calls."},
    [METRIC_FAULTS] = {"plenum_faults_total", "counter", "Calls answered with a fault."},
    [METRIC_RESYNCS] = {"plenum_resyncs_total", "counter", "Subscribers told to start over."},
    [METRIC_CLOSED_BY_US] = {"plenum_closed_total", "counter", "Connections the gateway closed."},
    [METRIC_SWEEPS_BLOCKED] = {"plenum_blocked_total", "counter",
			       "Sends put off because the socket was full."},
    [METRIC_TICKS] = {"plenum_ticks_total", "counter", "Conflated ticks built."},
    [METRIC_TICKS_STRETCHED] = {"plenum_ticks_stretched", "gauge",
				"1 while attendees hear of values every two seconds."},
    [METRIC_EVENTS] = {"plenum_events_total", "counter", "Events read from the channel log."},
    [METRIC_FENCE_STILL_MS] = {"plenum_fence_still_ms", "gauge",
			       "How long the log's fence has been held back."},
    [METRIC_DB_STATEMENTS] = {"plenum_db_statements_total", "counter", "Statements answered."},
    [METRIC_DB_ERRORS] = {"plenum_db_errors_total", "counter", "Statements that failed."},
    [METRIC_DB_LOST] = {"plenum_db_lost_total", "counter",
			"Statements whose connection went away."},
    [METRIC_DB_RECONNECTS] = {"plenum_db_reconnects_total", "counter",
			      "Database connections lost."},
    [METRIC_DB_PENDING] = {"plenum_db_pending", "gauge", "Statements waiting or under way."},
    [METRIC_DB_UP] = {"plenum_db_up", "gauge", "1 when every lane is connected."},
    [METRIC_MERGED_COMMANDS] = {"plenum_merged_commands_total", "counter",
				"Commands that went out in batches."},
    [METRIC_MERGED_BATCHES] = {"plenum_merged_batches_total", "counter", "Those batches."},
    [METRIC_DOCUMENT_RENDERS] = {"plenum_document_renders_total", "counter",
				 "Documents rendered, not served from memory."},
    [METRIC_CALENDARS] = {"plenum_calendars_total", "counter",
			  "Calendars put together, not served from memory."},
    [METRIC_CALENDAR_EVENTS] = {"plenum_calendar_events_total", "counter",
				"Events of calendars made, not taken from memory."},
    [METRIC_CALENDAR_US] = {"plenum_calendar_us_total", "counter",
			    "Time spent on making calendars."},
    [METRIC_CALENDAR_MAX_US] = {"plenum_calendar_max_us", "gauge",
				"Longest that making calendars has held the loop."},
    [METRIC_MAIL_SENT] = {"plenum_mail_sent_total", "counter", "Mails a relay took."},
    [METRIC_MAIL_REFUSED] = {"plenum_mail_refused_total", "counter",
			     "Mails a relay refused for good."},
    [METRIC_MAIL_FAILED] = {"plenum_mail_failed_total", "counter",
			    "Tries to send a mail that are made again."},
    [METRIC_LOOP_MAX_US] = {"plenum_loop_max_us", "gauge",
			    "Longest turn of the loop in the last 10 s."},
};

struct page {
	uint64_t values[METRICS];
};

static struct page *pages, *own, unmapped;
static int pages_n;

void metrics_map(int workers)
{
	void *memory;

	pages_n = workers < WORKERS_MAX ? workers : WORKERS_MAX;
	memory = mmap(NULL, (size_t)pages_n * sizeof(*pages), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		abort();
	pages = memory;
}

void metrics_worker(int number)
{
	own = &pages[number];
	memset(own, 0, sizeof(*own));
}

static struct page *mine(void)
{
	return own != NULL ? own : &unmapped;
}

void metric_add(enum metric metric, uint64_t n)
{
	mine()->values[metric] += n;
}

void metric_set(enum metric metric, uint64_t value)
{
	mine()->values[metric] = value;
}

void metric_max(enum metric metric, uint64_t value)
{
	if (value > mine()->values[metric])
		mine()->values[metric] = value;
}

void metrics_render(struct buffer *out)
{
	for (int m = 0; m < METRICS; m++) {
		buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n", descriptions[m].name,
			      descriptions[m].help, descriptions[m].name, descriptions[m].type);
		for (int i = 0; i < pages_n; i++)
			buffer_printf(out, "%s{worker=\"%d\"} %llu\n", descriptions[m].name, i,
				      (unsigned long long)pages[i].values[m]);
	}
}
