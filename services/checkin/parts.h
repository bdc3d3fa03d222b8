/* services/checkin: what its files share. */
#ifndef CHECKIN_PARTS_H
#define CHECKIN_PARTS_H

#include "services/checkin/checkin.h"
#include "services/db/db.h"

#include <stdint.h>

/* What a station may claim of itself: a number, how far its clock may be off (300 years), how far
 * that may be wrong (a year); all in ms. */
#define SEQ_MAX	   INT64_C(1000000000000)
#define OFFSET_MAX INT64_C(10000000000000)
#define UNCERT_MAX INT64_C(31622400000)
/* Its monotonic clock, since it was started. */
#define MONO_MAX INT64_C(10000000000000)

struct upload_params {
	const char *sent_at, *sent_mono, *boot_id, *list, *scans;
};

extern const struct field upload_fields[];
request_fn checkin_upload;

#endif
