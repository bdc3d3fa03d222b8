# tests: a mail relay with moods. One JSON object a line in ({"mood": …}), one a line out (what happened); ends with its stdin.
import asyncio
import json
import ssl
import sys
import time

from aiosmtpd.smtp import SMTP, AuthResult

options = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
mood = {}
taken = []
seen = set()


def say(event, **more):
    print(json.dumps({"event": event, "at": time.time(), **more}), flush=True)


class Relay(SMTP):
    async def smtp_DATA(self, arg):
        if mood.get("die") == "in data":
            mood.pop("die")
            await self.push("354 go on")
            say("died", where="in data")
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, options):
        now = time.time()
        while taken and taken[0] <= now - 60:
            taken.pop(0)
        if mood.get("stall") == "mail":
            say("stalled", where="mail")
            await asyncio.sleep(3600)
        if mood.get("relay"):
            say("turned away")
            return mood["relay"]
        if mood.get("limit") and len(taken) >= mood["limit"]:
            say("limited")
            return "451 4.7.1 too many mails, slow down"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in mood.get("refuse", []):
            say("refused", to=address)
            return "550 5.1.1 no such mailbox here"
        if address in mood.get("grey", []) and address not in seen:
            seen.add(address)
            say("grey", to=address)
            return "450 4.2.0 come back later"
        if mood.get("die") == "after rcpt":
            mood.pop("die")
            say("died", where="after rcpt")
            server.transport.abort()
            return "250 OK"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        whole = {"from": envelope.mail_from, "to": envelope.rcpt_tos[0], "data": envelope.content.decode("utf-8", "surrogateescape"),
                 "tls": session.ssl is not None, "login": bool(session.authenticated)}
        taken.append(time.time())
        say("message", **whole)
        if mood.get("die") == "after data":
            mood.pop("die")
            say("died", where="after data")
            server.transport.abort()
            return "250 OK"
        if mood.get("stall") == "data":
            say("stalled", where="data")
            await asyncio.sleep(3600)
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"plenum", b"s3cret"))


async def main():
    loop = asyncio.get_running_loop()
    more = {}
    if options.get("cert"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options["cert"], options["key"])
        more = {"tls_context": context, "require_starttls": True, "authenticator": authenticate, "auth_required": True}
    server = await loop.create_server(lambda: Relay(Handler(), hostname="relay.test", loop=loop, timeout=3600, **more), options.get("host", "127.0.0.1"),
                                      options.get("port", 0))
    say("ready", port=server.sockets[0].getsockname()[1])
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        mood.clear()
        mood.update(json.loads(line))
        say("mood")

asyncio.run(main())
