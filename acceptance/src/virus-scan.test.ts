import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Clamd,
  eicar,
  missingClamd,
  pngSignatureName,
  signatureName,
  startClamd,
  streamLimit,
} from "./harness/clamd.ts";
import { spoolFiles } from "./harness/data-dir.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { type FileHost, startFileHost } from "./harness/file-host.ts";
import { call } from "./harness/media-api.ts";
import { textPart, textParts } from "./harness/multipart.ts";
import { describeWhere } from "./harness/needs.ts";
import { png } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { basic, mint, post, uploadBasic, uploadWithToken } from "./harness/upload.ts";

describeWhere(missingClamd, "with clamd", () => {
  let clamd: Clamd;
  let server: RunningServer;
  let host: FileHost;
  beforeAll(async () => {
    clamd = await startClamd();
    host = await startFileHost((_request, response) => response.end(eicar));
    server = await startServer({ flags: ["--clamd", clamd.address, "--allow-private-networks"] });
  });
  afterAll(async () => {
    await server?.stop();
    await host?.close();
    await clamd?.close();
  });

  const fields = { fileName: "a.txt" };
  const asText = (file: string) =>
    post(server.url, [textPart("file", file), ...textParts(fields)], { authorization: basic });
  const stored = async () => (await call(server.url, "GET", "/v1/files")).body.length;

  test("what is infected is refused by its name, whichever way it comes, and nothing of it is kept", async () => {
    const before = await stored();
    const hidden = `${"x".repeat(400_000)}${eicar}`;
    const answers = [
      await uploadBasic(server.url, eicar, fields),
      await uploadBasic(server.url, hidden, fields),
      await asText(Buffer.from(eicar).toString("base64")),
      await asText(`data:text/plain;base64,${Buffer.from(eicar).toString("base64")}`),
      await asText(`${host.url}/eicar`),
      await uploadWithToken(server.url, eicar, fields),
    ];
    for (const answer of answers) {
      expectRefusal(answer, 400, "FILE_INFECTED");
      expect(answer.body.message).toContain(signatureName);
    }
    expect(await stored()).toBe(before);
    expect(await spoolFiles(server.dataDir)).toEqual([]);
  });

  test("what is not infected is stored, and counted", async () => {
    expectStored(await uploadWithToken(server.url, "nothing in here", fields));
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/sluice_virus_scans_total\{outcome="clean"\} \d/);
    expect(metrics).toMatch(/sluice_virus_scans_total\{outcome="infected"\} \d/);
  });

  test("with transformation.pre both are scanned, what was sent and what would be stored", async () => {
    const cleanScans = async () => {
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      return Number(/sluice_virus_scans_total\{outcome="clean"\} (\d+)/.exec(metrics)?.[1] ?? 0);
    };
    const pre = (value: string) => ({ fileName: "a.png", transformation: JSON.stringify({ pre: value }) });
    const scans = await cleanScans();
    const files = await stored();
    expectStored(await uploadBasic(server.url, await png(14, 10), pre("w-6")));
    expect([await cleanScans(), await stored()]).toEqual([scans + 2, files + 1]);
    for (const answer of [
      await uploadBasic(server.url, await png(14, 10), pre("w-7")),
      await uploadBasic(server.url, await png(7, 5), pre("w-6")),
    ]) {
      expectRefusal(answer, 400, "FILE_INFECTED");
      expect(answer.body.message).toContain(pngSignatureName);
    }
    // The first of the two was clean as it was sent, so that scan counts too.
    expect([await cleanScans(), await stored()]).toEqual([scans + 3, files + 1]);
    expect(await spoolFiles(server.dataDir)).toEqual([]);
  });

  test("what clamd won't look through to its end is refused", async () => {
    const answer = await uploadBasic(server.url, Buffer.alloc(2 * streamLimit, "x"), fields);
    expectRefusal(answer, 503, "SCANNER_UNAVAILABLE");
  });

  test("without clamd nothing is stored and no token is used up; with it all goes on", async () => {
    await clamd.kill();
    const before = await stored();
    expectRefusal(await uploadBasic(server.url, "text", fields), 503, "SCANNER_UNAVAILABLE");
    const token = mint(fields);
    const refused = await uploadWithToken(server.url, "text", fields, token);
    expectRefusal(refused, 503, "SCANNER_UNAVAILABLE");
    expect(refused.headers.get("x-should-retry")).not.toBe("false");
    expect((await fetch(`${server.url}/health`)).status).toBe(503);
    expect(await stored()).toBe(before);
    await clamd.start();
    expectStored(await uploadWithToken(server.url, "text", fields, token));
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });
});
