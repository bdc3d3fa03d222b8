/* services/feeds: content lines of at most 75 octets, cut neither inside a character nor between a
 * backslash and its letter; and components as such lines. */
#include "services/feeds/ics.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_OCTETS = 75 };

/* Google drops an event whose fold stands between backslash and n (collective/icalendar#1501);
 * libical makes such folds. */
static bool may_cut(const char *line, size_t at)
{
	size_t backslashes = 0;

	if (((unsigned char)line[at] & 0xc0) == 0x80)
		return false;
	while (backslashes < at && line[at - 1 - backslashes] == '\\')
		backslashes++;
	return backslashes % 2 == 0;
}

void ics_fold(const char *line, size_t n, struct buffer *b)
{
	size_t room = LINE_MAX_OCTETS;

	while (n > room) {
		size_t cut = room;

		while (cut > 1 && !may_cut(line, cut))
			cut--;
		buffer_add(b, line, cut);
		buffer_add(b, "\r\n ", 3);
		line += cut;
		n -= cut;
		room = LINE_MAX_OCTETS - 1;
	}
	buffer_add(b, line, n);
	buffer_add(b, "\r\n", 2);
}

/* libical's own writing of a property folds it: name, parameters and value are its own, the line is
 * put together here. */
static void write_property(icalproperty *property, struct buffer *line, struct buffer *b)
{
	const char *name = icalproperty_isa(property) == ICAL_X_PROPERTY
			       ? icalproperty_get_x_name(property)
			       : icalproperty_kind_to_string(icalproperty_isa(property));
	icalvalue *value = icalproperty_get_value(property);
	char *text = value != NULL ? icalvalue_as_ical_string_r(value) : NULL;

	if (name == NULL || text == NULL) {
		free(text);
		return;
	}
	line->size = 0;
	buffer_text(line, name);
	for (icalparameter *p = icalproperty_get_first_parameter(property, ICAL_ANY_PARAMETER);
	     p != NULL; p = icalproperty_get_next_parameter(property, ICAL_ANY_PARAMETER)) {
		char *parameter = icalparameter_as_ical_string_r(p);

		buffer_add(line, ";", 1);
		buffer_text(line, parameter != NULL ? parameter : "");
		free(parameter);
	}
	buffer_add(line, ":", 1);
	buffer_text(line, text);
	free(text);
	ics_fold(line->bytes, line->size, b);
}

void ics_write_open(icalcomponent *component, struct buffer *b)
{
	struct buffer line = {0};

	buffer_text(b, "BEGIN:");
	buffer_text(b, icalcomponent_kind_to_string(icalcomponent_isa(component)));
	buffer_add(b, "\r\n", 2);
	for (icalproperty *p = icalcomponent_get_first_property(component, ICAL_ANY_PROPERTY);
	     p != NULL; p = icalcomponent_get_next_property(component, ICAL_ANY_PROPERTY))
		write_property(p, &line, b);
	buffer_finish(&line);
	icalcomponent_free(component);
}
