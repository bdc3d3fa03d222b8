/* tests/core: CSV: what spreadsheets save is read, what is broken is named with its line, and no
 * cell we write is a formula. */
#include "services/core/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CELL = 64 };

static struct arena *arena;

/* Cells joined by |, records by /. */
static const char *read_all(const char *file, size_t n)
{
	const char *why = NULL;
	struct csv *csv = csv_open(arena, file, n, CELL, &why);
	char *out = arena_strdup(arena, "");

	if (csv == NULL)
		return why;
	while (csv_next(csv)) {
		for (int i = 0; i < csv_count(csv); i++)
			out = arena_printf(arena, "%s%s%s", out, i > 0 ? "|" : "",
					   csv_plain(csv_cell(csv, i)));
		out = arena_printf(arena, "%s/", out);
	}
	why = csv_why(csv);
	csv_close(csv);
	return why != NULL ? why : out;
}

static void reads_what_spreadsheets_save(void **state)
{
	static const struct {
		const char *file, *cells;
	} files[] = {{"a,b\r\n1,2\r\n", "a|b/1|2/"},
		     {"\xef\xbb\xbf"
		      "a;b\n1,5;2",
		      "a|b/1,5|2/"},
		     {"a,b\n\"x\ny\",\"q\"\"q\"\n", "a|b/x\ny|q\"q/"},
		     {"a,b\r1,\r", "a|b/1|/"},
		     {"\"\",\"\"\n", "|/"},
		     {"", ""}};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		assert_string_equal(read_all(files[i].file, strlen(files[i].file)), files[i].cells);
}

static void says_what_is_broken_and_where(void **state)
{
	static const struct {
		const char *file, *why;
	} files[] = {{"a\n\"b\nc\n", "line 4: a quote is not closed"},
		     {"a\nb\n\"c\"d\n", "line 3: text after the closing quote"},
		     {"a\nb\"\n", "line 2: a quote inside a field without quotes"},
		     {"a\nb\nL\xe6rke\n", "line 3: not UTF-8"}};
	char wide[CSV_COLUMNS + 2] = {0}, longer[CELL + 3] = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		assert_string_equal(read_all(files[i].file, strlen(files[i].file)), files[i].why);
	assert_string_equal(read_all("a,b\n\0,c\n", 8), "line 2: not UTF-8");
	memset(wide, ',', CSV_COLUMNS + 1);
	assert_string_equal(read_all(wide, strlen(wide)), "line 1: too many fields");
	memset(longer, 'x', CELL + 1);
	assert_string_equal(read_all(longer, strlen(longer)), "line 1: a field is too long");
}

static void what_is_written_reads_back_and_is_no_formula(void **state)
{
	static const char *const cells[] = {
	    "plain", "a,b;c", "q\"q", "=1+1", "+45 12", "-5",	  "@x",	    "'=1",
	    "''+",   "'tis",  "x=1",  "",     "\tx",	"l1\nl2", "\"=1\"", "=\"a\",\"b"};
	enum { N = sizeof(cells) / sizeof(cells[0]) };
	const char *why = NULL;
	struct buffer b = {0};
	struct csv *csv;

	(void)state;
	for (int i = 0; i < N; i++) {
		buffer_text(&b, i > 0 ? "," : "");
		csv_add(&b, cells[i]);
	}
	csv = csv_open(arena, b.bytes, b.size, CELL, &why);
	assert_true(csv_next(csv));
	assert_int_equal(csv_count(csv), N);
	for (int i = 0; i < N; i++) {
		char *cell = csv_cell(csv, i);

		assert_true(*cell == 0 || strchr("=+-@\t\r", *cell) == NULL);
		assert_string_equal(csv_plain(cell), cells[i]);
	}
	csv_close(csv);
	buffer_finish(&b);
}

static int setup(void **state)
{
	(void)state;
	arena = arena_create(1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_what_spreadsheets_save),
	    cmocka_unit_test(says_what_is_broken_and_where),
	    cmocka_unit_test(what_is_written_reads_back_and_is_no_formula),
	};

	return cmocka_run_group_tests_name("csv", tests, setup, teardown);
}
