import { expect, test } from "vitest";
import { ConfigError } from "../config/config-error.ts";
import { nameSetting } from "./start-problem.ts";

const metricsListen = { host: "127.0.0.1", port: 9464 } as const;
const at = { host: "127.0.0.1", port: 3000, dataDir: "/srv/data", metricsListen } as const;

function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(code), { code, syscall });
}

test("an address that can't be listened on names host and port", () => {
  const error = nameSetting(systemError("EADDRINUSE", "listen"), at);
  expect(error).toEqual(
    new ConfigError("--host and --port: 127.0.0.1 port 3000 is in use by another program", {
      advice: "sluice serve --port 3001 takes another port",
    }),
  );
});

test("a port that is taken comes with the command for another one, as the server was started", () => {
  const taken = systemError("EADDRINUSE", "bind");
  const adviceFor = (port: number, script?: string) =>
    (nameSetting(taken, { ...at, port }, { npm_lifecycle_event: script }) as ConfigError).advice;
  expect(adviceFor(3000, "start")).toBe("npm start -- --port 3001 takes another port");
  expect(adviceFor(3000, "sluice")).toBe("sluice serve --port 3001 takes another port");
  expect(adviceFor(65_535)).toBe("sluice serve --port 3000 takes another port");
  expect((nameSetting(systemError("EACCES", "listen"), at) as ConfigError).advice).toBeUndefined();
});

test("the port of the metrics is named apart", () => {
  const error = nameSetting(Object.assign(systemError("EADDRINUSE", "listen"), { port: 9464 }), at);
  expect(error).toEqual(
    new ConfigError("--metrics-host and --metrics-port: 127.0.0.1 port 9464 is in use by another program"),
  );
});

test("a folder that can't be used names the data folder", () => {
  const error = nameSetting(systemError("ENOTDIR", "mkdir"), at);
  expect(error).toEqual(new ConfigError("--data-dir: /srv/data is not a folder"));
});

test("whatever no setting is to blame for stays what it is", () => {
  for (const error of [new Error("a fault"), systemError("EIO", "read"), "text"]) {
    expect(nameSetting(error, at)).toBe(error);
  }
});
