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

	if (n >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
		*ret_why = "the file is UTF-16: save it as UTF-8";
		return NULL;
	}
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

/* A first line of column names, title among them. */
static bool is_csv(const char *bytes, size_t n)
{
	size_t first = strspn(bytes, " \t\r\n"), line = strcspn(bytes, "\r\n");

	return n > 0 && strchr("<{[", bytes[first]) == NULL && bytes[first] != 0 &&
	       memmem(bytes, line, "title", 5) != NULL;
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
	if (is_csv(text, n)) {
		tree = NULL;
		doc = csv_document(arena, text, n, zone, ret_why);
	} else {
		tree = read_tree(arena, text, n, ret_why);
		doc = (tree != NULL) ? frab_document(arena, tree, zone, ret_why) : NULL;
	}
	json_decref(tree);
	free(text);
	if (doc == NULL)
		return &import_file;
	*ret_doc = doc;
	return OK;
}
