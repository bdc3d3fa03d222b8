/* services/schedule: the handlers that schedule.c names in its tables. */
#ifndef SCHEDULE_METHODS_H
#define SCHEDULE_METHODS_H

#include "services/core/request.h"

extern const struct fault import_file, import_refused, import_zone;

struct export_params {
	const char *format;
};

struct import_params {
	const char *doc, *into, *zone;
	bool publish, partial, dry_run;
};

request_fn document_xml, document_json, document_csv, schedule_export, schedule_import,
    document_releases;

#endif
