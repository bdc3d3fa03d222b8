/* services/schedule: frab XML → the tree frab JSON would be. No network, no DTD, no entities of
 * one's own. */
#include "services/schedule/file.h"
#include "services/schedule/schedule.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

enum { NESTING_MAX = 16 };

static const char *const text_names[] = {"date",
					 "start",
					 "duration",
					 "room",
					 "slug",
					 "url",
					 "title",
					 "subtitle",
					 "language",
					 "track",
					 "type",
					 "abstract",
					 "description",
					 "logo",
					 "feedback_url",
					 "origin_url",
					 "video_download_url",
					 NULL};

static bool is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static void set_text(json_t *object, const char *name, xmlNode *node)
{
	xmlChar *text = xmlNodeGetContent(node);

	json_object_set_new(object, name, json_string((text != NULL) ? (const char *)text : ""));
	xmlFree(text);
}

static void set_attribute(json_t *object, const char *name, xmlNode *node, const char *attribute)
{
	xmlChar *text = xmlGetNoNsProp(node, (const xmlChar *)attribute);

	if (text != NULL)
		json_object_set_new(object, name, json_string((const char *)text));
	xmlFree(text);
}

/* Elements we do not know, kept as they are nested. */
static json_t *generic(xmlNode *node, int depth)
{
	json_t *list = json_array();

	for (xmlNode *c = node->children; c != NULL; c = c->next) {
		json_t *one;

		if (c->type != XML_ELEMENT_NODE || depth > NESTING_MAX)
			continue;
		one = json_object();
		json_object_set_new(one, (const char *)c->name, generic(c, depth + 1));
		json_array_append_new(list, one);
	}
	if (json_array_size(list) == 0) {
		json_t *leaf = json_object();
		json_t *text;

		set_text(leaf, "text", node);
		text = json_incref(json_object_get(leaf, "text"));
		json_decref(leaf);
		json_decref(list);
		return text;
	}
	return list;
}

static json_t *persons(xmlNode *node)
{
	json_t *list = json_array();

	for (xmlNode *c = node->children; c != NULL; c = c->next) {
		json_t *one;

		if (!is(c, "person"))
			continue;
		one = json_object();
		set_attribute(one, "guid", c, "guid");
		set_attribute(one, "id", c, "id");
		set_attribute(one, "code", c, "code");
		set_text(one, "name", c);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *references(xmlNode *node)
{
	json_t *list = json_array();

	for (xmlNode *c = node->children; c != NULL; c = c->next) {
		json_t *one;

		if (c->type != XML_ELEMENT_NODE)
			continue;
		one = json_object();
		set_attribute(one, "url", c, "href");
		set_attribute(one, "type", c, "type");
		set_attribute(one, "service", c, "service");
		set_text(one, "title", c);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *recording(xmlNode *node)
{
	json_t *one = json_object();

	for (xmlNode *c = node->children; c != NULL; c = c->next) {
		if (is(c, "license") || is(c, "url") || is(c, "link")) {
			set_text(one, (const char *)c->name, c);
		} else if (is(c, "optout")) {
			xmlChar *text = xmlNodeGetContent(c);
			bool yes = text != NULL && (strcmp((char *)text, "true") == 0 ||
						    strcmp((char *)text, "1") == 0);

			json_object_set_new(one, "optout", json_boolean(yes));
			xmlFree(text);
		}
	}
	return one;
}

static bool is_text_name(const char *name)
{
	for (int i = 0; text_names[i] != NULL; i++)
		if (strcmp(text_names[i], name) == 0)
			return true;
	return false;
}

static json_t *event(xmlNode *node)
{
	json_t *one = json_object();

	json_object_set_new(one, "@line", json_integer(xmlGetLineNo(node)));
	set_attribute(one, "guid", node, "guid");
	set_attribute(one, "id", node, "id");
	set_attribute(one, "code", node, "code");
	for (xmlNode *c = node->children; c != NULL; c = c->next) {
		const char *name = (const char *)c->name;

		if (c->type != XML_ELEMENT_NODE || json_object_get(one, name) != NULL)
			continue;
		if (is_text_name(name))
			set_text(one, name, c);
		else if (is(c, "persons"))
			json_object_set_new(one, name, persons(c));
		else if (is(c, "links") || is(c, "attachments"))
			json_object_set_new(one, name, references(c));
		else if (is(c, "recording"))
			json_object_set_new(one, name, recording(c));
		else
			json_object_set_new(one, name, generic(c, 0));
	}
	return one;
}

static void room(xmlNode *node, json_t *rooms, json_t *by_name)
{
	json_t *one = json_object();
	json_t *list;
	const char *name;

	set_attribute(one, "name", node, "name");
	set_attribute(one, "guid", node, "guid");
	name = json_string_value(json_object_get(one, "name"));
	if (name == NULL)
		json_object_set_new(one, "name", json_string("")), name = "";
	list = json_object_get(by_name, name);
	if (list == NULL) {
		list = json_array();
		json_object_set_new(by_name, name, list);
	}
	for (xmlNode *c = node->children; c != NULL; c = c->next)
		if (is(c, "event"))
			json_array_append_new(list, event(c));
	json_array_append_new(rooms, one);
}

static void day(xmlNode *node, json_t *days, json_t *rooms)
{
	json_t *one = json_object();
	json_t *by_name = json_object();

	set_attribute(one, "index", node, "index");
	set_attribute(one, "date", node, "date");
	json_object_set_new(one, "rooms", by_name);
	for (xmlNode *c = node->children; c != NULL; c = c->next)
		if (is(c, "room"))
			room(c, rooms, by_name);
	json_array_append_new(days, one);
}

static void conference(xmlNode *node, json_t *into)
{
	json_t *tracks = json_array();

	for (xmlNode *c = node->children; c != NULL; c = c->next) {
		if (c->type != XML_ELEMENT_NODE)
			continue;
		if (is(c, "track")) {
			json_t *one = json_object();

			set_attribute(one, "name", c, "name");
			set_attribute(one, "color", c, "color");
			set_attribute(one, "slug", c, "slug");
			json_array_append_new(tracks, one);
		} else if (is(c, "color")) {
			json_t *colors = json_object();

			set_attribute(colors, "primary", c, "primary");
			set_attribute(colors, "background", c, "background");
			json_object_set_new(into, "colors", colors);
		} else if (!is(c, "days") && json_object_get(into, (const char *)c->name) == NULL) {
			set_text(into, (const char *)c->name, c);
		}
	}
	json_object_set_new(into, "tracks", tracks);
}

static json_t *tree(xmlNode *root)
{
	json_t *schedule = json_object(), *about = json_object();
	json_t *days = json_array(), *rooms = json_array(), *whole = json_object();

	for (xmlNode *c = root->children; c != NULL; c = c->next) {
		if (is(c, "conference"))
			conference(c, about);
		else if (is(c, "day"))
			day(c, days, rooms);
		else if (is(c, "version") || is(c, "url"))
			set_text(schedule, (const char *)c->name, c);
	}
	json_object_set_new(about, "rooms", rooms);
	json_object_set_new(about, "days", days);
	if (json_object_get(about, "base_url") != NULL)
		json_object_set(schedule, "base_url", json_object_get(about, "base_url"));
	json_object_set_new(schedule, "conference", about);
	json_object_set_new(whole, "schedule", schedule);
	return whole;
}

static void refuse_doctype(void *data, const xmlChar *name, const xmlChar *external,
			   const xmlChar *system)
{
	xmlParserCtxtPtr parser = data;

	(void)name, (void)external, (void)system;
	parser->_private = parser; /* marks why it stopped */
	xmlStopParser(parser);
}

static const char *why_not(struct arena *arena, xmlParserCtxtPtr parser)
{
	const xmlError *error = xmlCtxtGetLastError(parser);
	char *text;

	if (parser->_private != NULL)
		return arena_printf(arena, "line %d: a DOCTYPE is not accepted",
				    (parser->input != NULL) ? parser->input->line : 1);
	if (error == NULL || error->message == NULL)
		return "not XML";
	text = arena_strdup(arena, error->message);
	text[strcspn(text, "\n")] = 0;
	return arena_printf(arena, "line %d: %s", error->line, text);
}

json_t *frab_xml_read(struct arena *arena, const char *bytes, size_t n, const char **ret_why)
{
	xmlParserCtxtPtr parser = xmlNewParserCtxt();
	json_t *made = NULL;
	xmlNode *root;
	xmlDoc *doc;

	if (parser == NULL || n > SCHEDULE_FILE_MAX) {
		xmlFreeParserCtxt(parser);
		*ret_why = "the file is too large";
		return NULL;
	}
	parser->sax->internalSubset = refuse_doctype;
	doc = xmlCtxtReadMemory(parser, bytes, (int)n, NULL, NULL,
				XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
				    XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES);
	root = (doc != NULL) ? xmlDocGetRootElement(doc) : NULL;
	if (root == NULL || !parser->wellFormed || parser->_private != NULL)
		*ret_why = why_not(arena, parser);
	else if (!is(root, "schedule"))
		*ret_why = arena_printf(arena, "line %ld: the root element is not schedule",
					xmlGetLineNo(root));
	else
		made = tree(root);
	xmlFreeDoc(doc);
	xmlFreeParserCtxt(parser);
	return made;
}
