/* services/schedule: which format a file is in, and its reading as a whole. */
#include "services/schedule/file.h"
#include "services/schedule/methods.h"
#include "services/schedule/schedule.h"
#include "services/core/text.h"

#include <stdlib.h>
#include <string.h>

const struct fault import_file = {"import.file", FAULT_CALLER,
				  "This file cannot be read as a schedule."};

static json_t *read_tree(struct arena *arena, const char *bytes, size_t n, const char **ret_why)
{
	size_t first = strspn(bytes, " \t\r\n");
	const char *why;
	json_t *tree;
	int line;

	if (bytes[first] == '<')
		return frab_xml_read(arena, bytes, n, ret_why);
	if (!text_is_utf8(bytes, n)) {
		*ret_why = "the file is not UTF-8";
		return NULL;
	}
	tree = json_read_file(bytes, n, &why, &line);
	if (tree == NULL)
		*ret_why = arena_printf(arena, "line %d: %s", line, why);
	return tree;
}

fault schedule_parse(struct arena *arena, const char *bytes, size_t n, const char *zone,
		     json_t **ret_doc, const char **ret_why)
{
	json_t *tree, *doc;
	char *text;

	if (n > SCHEDULE_FILE_MAX) {
		*ret_why = "the file is larger than 16 MiB";
		return &fault_size;
	}
	if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		n -= 3;
	}
	text = xcalloc(n + 1, 1);
	memcpy(text, bytes, n);
	tree = read_tree(arena, text, n, ret_why);
	doc = (tree != NULL) ? frab_document(arena, tree, zone, ret_why) : NULL;
	json_decref(tree);
	free(text);
	if (doc == NULL)
		return &import_file;
	*ret_doc = doc;
	return OK;
}
