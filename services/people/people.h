/* services/people: conferences, their people, who is signed in, devices, entry codes. */
#ifndef PEOPLE_H
#define PEOPLE_H

#include "services/core/service.h"

#include <jansson.h>

extern const struct service people_service, staff_service;

/*
 * CSV (RFC 4180, UTF-8 with or without BOM, comma or semicolon) → rows for people.import_bulk: an
 * array of objects with email, name and, where filled in, roles (array) and mode. The first line
 * names the columns. On a fault *ret_why is a sentence with the line's number.
 */
fault people_csv_to_rows(struct arena *arena, const char *bytes, size_t n, json_t **ret_rows,
			 const char **ret_why);

#endif
