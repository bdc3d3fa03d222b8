/* tests/services: scans as stations keep and upload them; what came of them. */
#ifndef TESTS_CHECKIN_UPLOAD_H
#define TESTS_CHECKIN_UPLOAD_H

#include "tests/services/checkin_door.h"

/* One segment of one station's clock; its monotonic clock begins at 08:00 of the conference. */
struct station {
	const struct door *door;
	const struct caller *who;
	const char *boot;
};

static inline struct station station_of(const struct door *d, const struct caller *who)
{
	return (struct station){d, who, call_uuid()};
}

/* A scan that let somebody in at 2 May 2021, hh:mm:ss as its clock says, which is right to 500 ms.
 * more: members that add or, coming last, tell otherwise. */
static inline const char *kept_as(const char *id, const char *list, const char *code,
				  const char *time, const char *more)
{
	return call_text("{\"scan_id\":\"%s\",\"list\":\"%s\",\"code\":\"%s\",\"scanned_at\":"
			 "\"2021-05-02T%s+02:00\",\"boot_id\":\"%s\"%s}",
			 id, list, code, time, "00000000-0000-4000-8000-0000000000bb", more);
}

#define SURE  ",\"offset_ms\":0,\"uncert_ms\":500"
#define GREEN ",\"shown\":{\"verdict\":\"admitted\"}"
#define RED   ",\"shown\":{\"verdict\":\"refused\",\"reason\":\"duplicate\"}"

static inline const char *kept(const struct door *d, const char *code, const char *time,
			       const char *more)
{
	return kept_as(call_uuid(), d->list, code, time, more);
}

static inline const char *upload_params(const struct station *s, const char *scans)
{
	return call_text("{\"sent_at\":\"2021-05-02T09:00:00+02:00\",\"sent_mono\":3600000,"
			 "\"boot_id\":\"%s\",\"scans\":[%s]}",
			 s->boot, scans);
}

static inline struct call_result upload(const struct station *s, const char *scans)
{
	struct call_result r = call_method("checkin.upload", upload_params(s, scans), s->who);

	if (r.fault != NULL)
		fail_msg("upload: %s %s", r.fault, r.field != NULL ? r.field : "");
	return r;
}

/* One member of the nth answer. */
static inline const char *answer(const struct call_result *r, size_t n, const char *name)
{
	return json_string_value(
	    json_object_get(json_array_get(json_object_get(r->json, "scans"), n), name));
}

static inline void assert_answer(const struct call_result *r, size_t n, const char *verdict,
				 const char *reason)
{
	if (answer(r, n, "verdict") == NULL)
		fail_msg("expected %s: %s", verdict, r->text);
	assert_string_equal(answer(r, n, "verdict"), verdict);
	if (reason == NULL)
		assert_null(answer(r, n, "reason"));
	else
		assert_string_equal(answer(r, n, "reason"), reason);
}

/* The verdict that counts now, "admitted" or "refused duplicate". */
static inline const char *last_of(const char *scan)
{
	return call_sql("select trim(verdict || ' ' || coalesce(reason, '')) from judgement where "
			"scan = '%s' order by n desc limit 1",
			scan);
}

static inline int open_conflicts(const struct door *d, const char *kind)
{
	return count("select count(*) from conflict where conference = '%s' and kind = '%s' and "
		     "settled is null",
		     d->conference, kind);
}

/* How many events of a type a channel has. */
static inline int heard(const struct door *d, const char *channel, const char *type)
{
	return count("select count(*) from channel_event e join channel c on c.id = e.channel "
		     "where c.conference = '%s' and c.name = '%s' and e.type = '%s'",
		     d->conference, channel, type);
}

#endif
