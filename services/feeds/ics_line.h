/* services/feeds: how lines of an event are written; inside services/feeds only. A name stands here
 * with its separator ("SUMMARY:"). */
#ifndef FEEDS_ICS_LINE_H
#define FEEDS_ICS_LINE_H

#include "services/core/json.h"

#include <libical/ical.h>
#include <stddef.h>
#include <stdint.h>

/* A value that is already what it must be. */
void line_raw(struct buffer *b, const char *name, const char *value);
/* A TEXT value: escaped. */
void line_text(struct buffer *b, const char *name, const struct buffer *value);
void line_number(struct buffer *b, const char *name, int64_t value);
/* Unix seconds, written in UTC. */
void line_instant(struct buffer *b, const char *name, int64_t at);

/* A line in parts: it begins, anything is appended, it ends folded. */
size_t line_begin(struct buffer *b, const char *name);
void line_escape(struct buffer *b, const char *text, size_t n);
/* Frees it. */
void line_parameter(struct buffer *b, icalparameter *parameter);
void line_end(struct buffer *b, size_t at);

#endif
