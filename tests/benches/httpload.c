/* tests: asks for one address again and again over a few connections that stay open, and counts the
 * answers. Usage: httpload PORT PATH ETAG CONNECTIONS MS; prints answers, of them 304. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 256, ANSWER_MAX = 4096 };

static struct one {
	int fd, n;
	char answer[ANSWER_MAX];
} all[CONNECTIONS_MAX];

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int connected(int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		exit(1);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

int main(int argc, char **argv)
{
	static char request[1024];
	struct epoll_event events[CONNECTIONS_MAX];
	long end, answers = 0, unchanged = 0;
	int ready, n, size;

	if (argc != 6)
		return 2;
	n = atoi(argv[4]) < CONNECTIONS_MAX ? atoi(argv[4]) : CONNECTIONS_MAX;
	size = snprintf(request, sizeof(request),
			"GET %s HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: bench\r\naccept: "
			"*/*\r\nif-none-match: %s\r\n\r\n",
			argv[2], argv[3]);
	ready = epoll_create1(0);
	for (int i = 0; i < n; i++) {
		struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};

		all[i].fd = connected(atoi(argv[1]));
		epoll_ctl(ready, EPOLL_CTL_ADD, all[i].fd, &event);
		if (write(all[i].fd, request, (size_t)size) != size)
			return 1;
	}
	end = now_ms() + atoi(argv[5]);
	while (now_ms() < end) {
		int found = epoll_wait(ready, events, n, 100);

		for (int i = 0; i < found; i++) {
			struct one *one = events[i].data.ptr;
			ssize_t got =
			    read(one->fd, one->answer + one->n, (size_t)(ANSWER_MAX - 1 - one->n));

			if (got <= 0)
				return 1;
			one->n += (int)got;
			one->answer[one->n] = 0;
			if (strstr(one->answer, "\r\n\r\n") == NULL)
				continue;
			answers++;
			unchanged += strncmp(one->answer, "HTTP/1.1 304", 12) == 0;
			one->n = 0;
			if (write(one->fd, request, (size_t)size) != size)
				return 1;
		}
	}
	printf("%ld %ld\n", answers, unchanged);
	return 0;
}
