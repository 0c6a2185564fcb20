import { existsSync } from "node:fs";
import pg from "pg";
import { expect, test } from "vitest";
import { startPostgres } from "./postgres.ts";
import { findPostgresPrograms } from "./postgres-programs.ts";
import { startServices } from "./service.ts";

const installed = findPostgresPrograms() !== undefined || process.env.CI === "true";

async function query(url: string, text: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ value: string }>(text);
  await client.end();
  return rows.map(({ value }) => value);
}

test.skipIf(!installed)(
  "a private PostgreSQL keeps its rows over a halt, and leaves nothing when it is stopped",
  async () => {
    const server = await startPostgres();
    let folder = "";
    try {
      [folder = ""] = await query(server.url, "select current_setting('data_directory') as value");
      await query(server.url, "create table kept as select 'here' as value");
      await server.halt();
      await expect(query(server.url, "select 1")).rejects.toThrow();
      await server.resume();
      expect(await query(server.url, "select value from kept")).toEqual(["here"]);
    } finally {
      await server.stop();
    }
    await expect(query(server.url, "select 1")).rejects.toThrow();
    expect(existsSync(folder)).toBe(false);
  },
);

test("a service that can't be started is named, and the others run", async () => {
  const stopped: string[] = [];
  const service = (name: string, problem?: string) => ({
    name,
    variable: `SLUICE_TEST_${name}`,
    requirements: [],
    projects: [`needs ${name}`],
    start: async () => {
      if (problem !== undefined) throw new Error(problem);
      return { environment: { [name]: "url" }, stop: async () => void stopped.push(name) };
    },
  });
  const services = await startServices([service("A"), service("B", "no room"), service("C")]);
  expect(services.environment).toEqual({ A: "url", C: "url" });
  expect(services.problems).toEqual(["not run without B: no room"]);
  expect(services.cut).toEqual(["needs B"]);
  await services.stop();
  expect(stopped).toEqual(["A", "C"]);
});
