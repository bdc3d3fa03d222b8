/* tests: what the benchmarks' clients share: a socket among thousands, its handshake, its frames;
 * commands by lines on standard input. */
#ifndef BENCH_WS_H
#define BENCH_WS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* First member of a client. */
struct ws {
	int fd, number;
	bool upgrading;
	unsigned char *kept; /* the beginning of a frame whose end has not come */
	size_t kept_n;
};

/* What a client does with what arrives; false ends it. */
struct ws_hears {
	bool (*upgraded)(struct ws *ws);
	bool (*text)(struct ws *ws, const char *text, size_t size);
	void (*pinged)(void); /* may be NULL */
};

void ws_fail(const char *what);
int64_t ws_now_us(void);

/* epoll with standard input in it, as many open files as allowed. */
void ws_start(void);
/* Waits, then calls turn for each socket that has something and obey for each line of standard
 * input. False: standard input has ended. */
bool ws_wait(int ms, void (*turn)(struct ws *ws, uint32_t events), void (*obey)(char *line));

void ws_connect(struct ws *ws, int port);
/* Connected: the upgrade. protocol may be NULL. */
bool ws_upgrade(struct ws *ws, uint32_t events, int port, const char *path, const char *protocol);
bool ws_put(struct ws *ws, const char *text);
/* Everything that has arrived, each whole message by itself. */
bool ws_readable(struct ws *ws, const struct ws_hears *hears);
void ws_close(struct ws *ws);

#endif
