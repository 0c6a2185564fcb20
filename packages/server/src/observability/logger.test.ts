import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";

const secret = "a-secret-that-nobody-may-read";

function logged(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLogger("trace", { write: (line) => void lines.push(line) }));
  expect(lines.join("")).not.toContain(secret);
  return JSON.parse(lines[0] ?? "{}");
}

test.each(["authorization", "token", "privateKey", "private_key"])(
  "a field %s is blanked, wherever it comes in",
  (name) => {
    const fields = { [name]: secret, other: "kept" };
    expect(logged((logger) => logger.info(fields, "done"))).toMatchObject({ [name]: "[redacted]", other: "kept" });
    expect(logged((logger) => logger.info({ pair: fields }))).toMatchObject({
      pair: { [name]: "[redacted]", other: "kept" },
    });
    expect(logged((logger) => logger.error(Object.assign(new Error("broken"), fields)))).toMatchObject({
      err: { [name]: "[redacted]", message: "broken", other: "kept" },
    });
    expect(logged((logger) => logger.child(fields).info("done"))).toMatchObject({
      [name]: "[redacted]",
      other: "kept",
    });
    expect(fields[name]).toBe(secret);
  },
);

test.each([
  ["/_sluice/resumable/", "/_sluice/resumable/[redacted]"],
  ["https://media.example/_sluice/resumable/", "https://media.example/_sluice/resumable/[redacted]"],
  ["/behind/a/proxy/resumable/x/", "/behind/a/proxy/resumable/[redacted]"],
  ["/_sluice/resumables/", "/_sluice/resumables/[redacted]"],
  ["/_sluice//Resumable%2f", "/_sluice//Resumable%2f[redacted]"],
])("the session behind %s is a secret, so it is blanked", (start, path) => {
  const line = logged((logger) => logger.info({ req: { method: "PATCH", url: `${start}${secret}?x` } }));
  expect(line).toMatchObject({ req: { path } });
});

test("of a request the query, the headers and its id, which is the line's reqId, are left out", () => {
  const req = { id: "1", method: "GET", url: `/a.png?ik-s=${secret}`, ip: "::1", headers: { authorization: secret } };
  expect(logged((logger) => logger.info({ req, res: { statusCode: 200, token: secret } }))).toEqual({
    level: 30,
    time: expect.any(Number),
    req: { method: "GET", path: "/a.png", ip: "::1" },
    res: { statusCode: 200 },
  });
});
