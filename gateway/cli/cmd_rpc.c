/* gateway/cli: plenum rpc: any method of a running gateway, over HTTP, with a script's token. */
#include "gateway/cli/cli.h"
#include "services/core/json.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_MAX = 32 << 20 };

static size_t take(char *bytes, size_t size, size_t n, void *data)
{
	struct buffer *b = data;

	if (b->size + size * n > ANSWER_MAX)
		return 0;
	buffer_add(b, bytes, size * n);
	return size * n;
}

static CURLcode post(const char *url, const char *token, const char *body, struct buffer *answer,
		     long *ret_status)
{
	CURL *curl = curl_easy_init();
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	struct buffer authorization = {0};
	CURLcode code;

	buffer_printf(&authorization, "Authorization: Bearer %s", token);
	headers = curl_slist_append(headers, authorization.bytes);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	buffer_finish(&authorization);
	return code;
}

static int show(const struct cli *cli, const struct buffer *answer, long status)
{
	json_t *reply =
	    json_loadb(answer->bytes != NULL ? answer->bytes : "", answer->size, 0, NULL);
	json_t *result = json_object_get(reply, "result"), *error = json_object_get(reply, "error");
	char *text = json_dumps(result != NULL ? result : error, JSON_COMPACT | JSON_ENCODE_ANY);

	if (text == NULL)
		fprintf(stderr, "plenum: the gateway answered %ld and nothing we understand\n",
			status);
	else
		fprintf(result != NULL || cli->json ? stdout : stderr, "%s\n", text);
	free(text);
	json_decref(reply);
	return result != NULL ? 0 : EXIT_REFUSED;
}

int cmd_rpc(struct cli *cli, int argc, char **argv)
{
	const char *token = cli_option(&argc, argv, "token"),
		   *base = cli_option(&argc, argv, "url");
	struct buffer url = {0}, body = {0}, answer = {0};
	long http_status = 0;
	CURLcode code;
	int status = EXIT_REFUSED;

	if (token == NULL)
		token = getenv("PLENUM_TOKEN");
	if (argc < 1 || argc > 2 || token == NULL) {
		fputs("plenum: rpc needs a method, and a token in PLENUM_TOKEN or --token\n",
		      stderr);
		return EXIT_USAGE;
	}
	buffer_printf(&url, "%s/rpc", base != NULL ? base : cli->config.base_url);
	buffer_text(&body, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":");
	buffer_json(&body, argv[0]);
	buffer_printf(&body, ",\"params\":%s}", argc == 2 ? argv[1] : "{}");
	code = post(url.bytes, token, body.bytes, &answer, &http_status);
	if (code == CURLE_OK)
		status = show(cli, &answer, http_status);
	else
		fprintf(stderr, "plenum: %s: %s\n", url.bytes, curl_easy_strerror(code));
	buffer_finish(&url);
	buffer_finish(&body);
	buffer_finish(&answer);
	return status;
}
