import Fastify, { type FastifyBaseLogger, LogController } from "fastify";
import { pino } from "pino";
import { expect, test } from "vitest";
import { requestLogger } from "./request-logger.ts";

test("what a request logs carries its id, and nothing is made for one that logs nothing", async () => {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: "warn" }, { write: (line: string) => lines.push(JSON.parse(line)) });
  let made = 0;
  // Children inherit this method, so every child made at any depth is counted.
  const { child } = logger;
  logger.child = function (this: typeof logger, ...bindings: Parameters<typeof child>) {
    made++;
    return child.apply(this, bindings);
  } as typeof child;
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    childLoggerFactory: requestLogger,
    logController: new LogController({ disableRequestLogging: true }),
  });
  app.get("/silent", async () => "");
  app.get("/loud", async (request, reply) => {
    request.log.info("unheard");
    request.log.warn({ colour: "red" }, "heard");
    reply.log.child({ part: "b" }).error("as well");
    return request.log.level;
  });
  await app.ready();
  const ofApp = made;
  await app.inject("/silent");
  expect(made).toBe(ofApp);
  expect((await app.inject("/loud")).body).toBe("warn");
  const reqId = expect.any(String);
  expect(lines).toMatchObject([
    { level: 40, reqId, colour: "red", msg: "heard" },
    { level: 50, reqId, part: "b", msg: "as well" },
  ]);
  await app.close();
});
