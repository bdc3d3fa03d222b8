/* tests: the floor for fan-out: a WebSocket "server" that does nothing but send() one ready-made
 * frame to every socket. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/*
 *	rawsend PORT
 *
 * A number on standard input, a line: sends one frame with that many bytes of text to all. No
 * parser, no state: what connects is answered with a fixed upgrade and from then on only sent to.
 */

enum { SOCKETS_MAX = 20000, TEXT_MAX = 60000 };

static int sockets[SOCKETS_MAX], sockets_n;
static char frame[TEXT_MAX + 4];

static void upgrade(int fd)
{
	static const char yes[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
				  "Connection: Upgrade\r\n"
				  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
	char request[2048];

	if (recv(fd, request, sizeof(request), 0) <= 0 || sockets_n == SOCKETS_MAX) {
		close(fd);
		return;
	}
	if (send(fd, yes, sizeof(yes) - 1, MSG_NOSIGNAL) > 0)
		sockets[sockets_n++] = fd;
}

static void publish(int size)
{
	struct timespec t;
	int n;

	if (size < 126 || size > TEXT_MAX)
		return;
	clock_gettime(CLOCK_REALTIME, &t);
	memset(frame + 4, 'x', (size_t)size);
	frame[0] = (char)0x81;
	frame[1] = 126;
	frame[2] = (char)(size >> 8);
	frame[3] = (char)size;
	n = snprintf(frame + 4, 64, "{\"at\":%lld,\"fill\":\"",
		     (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000);
	frame[4 + n] = 'x';
	memcpy(frame + 4 + size - 2, "\"}", 2);
	for (int i = 0; i < sockets_n; i++)
		if (send(sockets[i], frame, (size_t)size + 4, MSG_NOSIGNAL | MSG_DONTWAIT) !=
		    (ssize_t)size + 4)
			fprintf(stderr, "rawsend: %s\n", strerror(errno));
}

int main(int argc, char **argv)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct rlimit limit;
	int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int ep = epoll_create1(0);
	struct epoll_event e = {.events = EPOLLIN, .data.fd = STDIN_FILENO}, ready[64];

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	at.sin_port = htons((uint16_t)(argc > 1 ? atoi(argv[1]) : 0));
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(listener, 4096) != 0)
		return 1;
	epoll_ctl(ep, EPOLL_CTL_ADD, STDIN_FILENO, &e);
	e.data.fd = listener;
	epoll_ctl(ep, EPOLL_CTL_ADD, listener, &e);
	for (;;) {
		int n = epoll_wait(ep, ready, 64, -1);

		for (int i = 0; i < n; i++) {
			int fd = ready[i].data.fd;

			if (fd == STDIN_FILENO) {
				char lines[512], *line = lines;
				ssize_t got = read(fd, lines, sizeof(lines) - 1);

				if (got <= 0)
					return 0;
				lines[got] = 0;
				while (*line != 0) {
					publish(atoi(line));
					line += strcspn(line, "\n");
					line += *line != 0;
				}
			} else if (fd == listener) {
				fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
				if (fd < 0)
					continue;
				setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
				/* Once: after the upgrade nobody is listened to. */
				e.events = EPOLLIN | EPOLLONESHOT;
				e.data.fd = fd;
				epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
				e.events = EPOLLIN;
			} else {
				upgrade(fd);
			}
		}
	}
}
