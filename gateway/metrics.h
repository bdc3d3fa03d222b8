/* gateway: figures of this worker in a page that the parent has mapped for all of them before fork,
 * so that any worker can show all. */
#ifndef GATEWAY_METRICS_H
#define GATEWAY_METRICS_H

#include "services/core/json.h"

#include <stdbool.h>
#include <stdint.h>

enum metric {
	METRIC_SOCKETS,
	METRIC_STREAMS,
	METRIC_HTTP,
	METRIC_SUBSCRIPTIONS,
	METRIC_CHANNELS,
	METRIC_HANDSHAKES,
	METRIC_ACCEPTED,
	METRIC_FRAMES_SENT,
	METRIC_BYTES_SENT,
	METRIC_MESSAGES_HEARD,
	METRIC_CALLS,
	METRIC_FAULTS,
	METRIC_RESYNCS,
	METRIC_CLOSED_BY_US,
	METRIC_SWEEPS_BLOCKED,
	METRIC_TICKS,
	METRIC_TICKS_STRETCHED,
	METRIC_EVENTS,
	METRIC_FENCE_STILL_MS,
	METRIC_DB_STATEMENTS,
	METRIC_DB_ERRORS,
	METRIC_DB_LOST,
	METRIC_DB_RECONNECTS,
	METRIC_DB_PENDING,
	METRIC_DB_UP,
	METRIC_MERGED_COMMANDS,
	METRIC_MERGED_BATCHES,
	METRIC_DOCUMENT_RENDERS,
	METRIC_CALENDARS,
	METRIC_CALENDAR_EVENTS,
	METRIC_CALENDAR_US,
	METRIC_CALENDAR_MAX_US,
	METRIC_MAIL_SENT,
	METRIC_MAIL_REFUSED,
	METRIC_MAIL_FAILED,
	METRIC_LOOP_MAX_US,
	METRICS
};

void metrics_map(int workers); /* in the parent, before fork */
void metrics_worker(int number);
void metric_add(enum metric metric, uint64_t n);
void metric_set(enum metric metric, uint64_t value);
void metric_max(enum metric metric, uint64_t value);
/* Prometheus text of all workers. */
void metrics_render(struct buffer *out);

#endif
