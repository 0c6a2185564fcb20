import { SluiceError } from "@sluice/protocol";
import Fastify, { type FastifyBaseLogger, LogController } from "fastify";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createLogger } from "../../observability/logger.ts";
import { createMetrics } from "../../observability/metrics.ts";
import { RecentRefusals } from "../../refusals/recent-refusals.ts";
import { addErrorHandling } from "./errors.ts";
import { answerRecorder } from "./request-metrics.ts";

const lines: Record<string, unknown>[] = [];
const logger = createLogger("info", { write: (line: string) => void lines.push(JSON.parse(line)) });
const app = Fastify({
  loggerInstance: logger as FastifyBaseLogger,
  logController: new LogController({ disableRequestLogging: true }),
  genReqId: () => "the id",
});
const metrics = createMetrics(() => ({ files: 0, bytes: 0 }), "1");
const recordAnswer = answerRecorder({
  metrics,
  logger,
  refusals: new RecentRefusals(),
  usageCounts: { count: () => undefined },
  now: Date.now,
});
app.addHook("onResponse", async (request, reply) => recordAnswer(request, reply));
addErrorHandling(app);
app.get("/fine", async () => "fine");
app.get("/refused", () => Promise.reject(new SluiceError("FILE_NAME_MISSING")));
app.get("/busy", () => Promise.reject(new SluiceError("SERVER_BUSY")));
app.get("/slow", () => Promise.reject(new SluiceError("UPLOAD_GAVE_WAY")));
app.get("/broken", () => Promise.reject(new Error("broken")));

beforeAll(() => app.ready());
afterAll(() => app.close());
beforeEach(() => {
  lines.length = 0;
});

test.each([
  ["/fine", 200, undefined],
  ["/refused", 400, "FILE_NAME_MISSING"],
  ["/busy", 503, "SERVER_BUSY"],
  ["/slow", 503, "UPLOAD_GAVE_WAY"],
  ["/nothing", 404, "ROUTE_NOT_FOUND"],
])("%s is one line at info, with one request id and the reason of a refusal", async (url, statusCode, reason) => {
  await app.inject(`${url}?ik-s=secret`);
  expect(lines).toEqual([
    {
      level: 30,
      time: expect.any(Number),
      reqId: "the id",
      req: { method: "GET", path: url, ip: "127.0.0.1" },
      res: { statusCode },
      ms: expect.any(Number),
      msg: "answered",
      ...(reason !== undefined && { reason }),
    },
  ]);
});

test("a failure of the server's is a line at error as well, with the same id and reason", async () => {
  await app.inject("/broken");
  expect(lines).toMatchObject([
    { level: 50, reqId: "the id", reason: "INTERNAL_ERROR", err: { message: "broken" } },
    { level: 30, reqId: "the id", reason: "INTERNAL_ERROR", res: { statusCode: 500 }, msg: "answered" },
  ]);
});
