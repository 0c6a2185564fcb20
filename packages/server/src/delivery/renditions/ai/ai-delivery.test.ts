import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { parseTransformation } from "@sluice/grammar";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { defaultLimits } from "../../../config/limits.ts";
import { signPath } from "../../../library/files/asset-url.ts";
import { expectColour, green, plain, quadrants, readPixels } from "../../../media/testing/pictures.ts";
import { describeDelivery } from "../../testing/delivery-suite.ts";
import type { RenditionCache } from "../kept/rendition-cache.ts";
import { type AskedRendition, maxWaitingJobs, maxWaitingUnsigned } from "../later/ask-for-rendition.ts";
import { failureMs } from "../later/remembered-failures.ts";
import { makeAiPicture } from "./make-ai-picture.ts";
import { openAiProviders } from "./open-ai-providers.ts";

const never = new AbortController().signal;
const pending = {
  "content-type": "text/html",
  "cache-control": "no-store",
  "is-intermediate-response": "true",
};

/** A green square on a transparent picture. */
const cutOut = await plain(20, 20, "#1ec81e")
  .extend({ top: 10, bottom: 10, left: 20, right: 20, background: "#00000000" })
  .png()
  .toBuffer();
const photo = await quadrants(60, 40).png().toBuffer();

interface Sent {
  readonly id: string;
  readonly effect: string;
  readonly prompt?: string;
  readonly picture: { readonly width: number; readonly height: number; readonly content: string };
}

const sent: Sent[] = [];
let server: Server;
let answer: RequestListener;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    sent.push((await json(request)) as Sent);
    answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  sent.splice(0);
  answer = (_, response) => response.writeHead(200, { "content-type": "image/png" }).end(cutOut);
});

describeDelivery((suite) => {
  const asked: AskedRendition[] = [];
  let close: () => Promise<void>;
  let was: Pick<ReturnType<typeof suite>["services"], "ai" | "later">;
  let time: number;
  let find: ReturnType<typeof openAiProviders>["find"];

  beforeEach(() => {
    const { services, now } = suite();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const endpoints = Object.fromEntries(["e-bgremove", "e-edit", "e-genvar"].map((effect) => [effect, url]));
    const extensions = { endpoints: {}, secret: "whsec_0123456789abcdef" };
    const config = { extensions, aiEffects: { endpoints, unsigned: false }, limits: defaultLimits };
    const providers = openAiProviders({ config, now: Date.now });
    asked.splice(0);
    time = now;
    was = { ai: services.ai, later: services.later };
    find = providers.find;
    close = () => providers.close();
    services.ai = { effects: providers.effects, unsigned: false };
    services.later = { ask: async (job) => asked.push(job) > 0, forget: () => undefined, wait: async () => undefined };
    services.now = () => time;
  });

  afterEach(async () => {
    const { services, now } = suite();
    Object.assign(services, was);
    services.now = () => now;
    await close();
  });

  const warned: object[] = [];
  /** Does what was asked for last. */
  async function doJob(isLast = false, which = asked.at(-1)): Promise<void> {
    const { services } = suite();
    const deps = {
      ...services,
      derived: services.derived as RenditionCache,
      ai: { effects: services.ai.effects, find },
      logger: { warn: (details: object) => void warned.push(details) },
    };
    const { key, job } = which ?? expect.fail("nothing was asked for");
    const input = JSON.parse(JSON.stringify({ ...job.input, key }));
    await makeAiPicture(deps as Parameters<typeof makeAiPicture>[0], input, isLast, never);
  }

  /** Does what was asked for last, with a cache of which some methods are others. */
  async function withCache(methods: Partial<RenditionCache>): Promise<void> {
    const { services } = suite();
    const derived = services.derived as RenditionCache;
    services.derived = new Proxy(derived, {
      get: (cache, name) => Reflect.get(methods, name) ?? Reflect.get(cache, name, cache).bind(cache),
    });
    try {
      await doJob();
    } finally {
      services.derived = derived;
    }
  }

  const keys = () => new Set(asked.map(({ key }) => key));
  const signed = (rest: string) => `/demo/${signPath("private_test", rest)}`;

  test("is being prepared, and then there, for every client alike", async () => {
    const { store, get } = suite();
    await store({ path: "/ai/a.png", bytes: photo, mime: "image/png" });
    const url = signed("tr:w-30,e-bgremove:w-60,f-png/ai/a.png");
    for (const _ of [1, 2]) {
      const reply = await get(url);
      expect([reply.status, reply.body.toString()]).toEqual([200, "The asset is currently being prepared"]);
      expect(reply.headers).toMatchObject(pending);
      expect(reply.headers).not.toHaveProperty("etag");
    }
    expect(keys().size).toBe(1);
    expect(sent).toEqual([]);
    await doJob();
    await doJob();
    expect(sent).toMatchObject([{ effect: "e-bgremove", picture: { width: 30, height: 20 } }]);
    const made = await get(url);
    expect(made.headers).toMatchObject({ "content-type": "image/png" });
    const { at, width } = await readPixels(made.body);
    expect(width).toBe(60);
    expectColour(at(30, 20), green, 12);
    expect(at(2, 2)[3]).toBe(0);
    // The model's work is shared by URLs that differ in what comes behind it.
    const webp = await get(signed("tr:w-30,e-bgremove:w-20,f-webp/ai/a.png"));
    expect(webp.headers).toMatchObject({ "content-type": "image/webp" });
    expect(sent).toHaveLength(1);
  });

  test("several models work one after the other, each in a job of its own", async () => {
    const { store, get } = suite();
    await store({ path: "/ai/b.png", bytes: photo, mime: "image/png" });
    const url = signed("tr:e-bgremove:e-edit-prompt-hat/ai/b.png");
    expect((await get(url)).headers).toMatchObject(pending);
    const first = asked.at(-1);
    await doJob();
    expect(sent).toHaveLength(1);
    const next = asked.splice(0).at(-1)?.key;
    expect(next).not.toBe(first?.key);
    // Whoever asks meanwhile asks for the picture that the job has asked for. So does the job itself, if it runs again.
    expect((await get(url)).headers).toMatchObject(pending);
    await doJob(false, first);
    expect([...keys()]).toEqual([next]);
    await doJob();
    expect(sent.map(({ effect, prompt }) => [effect, prompt])).toEqual([
      ["e-bgremove", undefined],
      ["e-edit", "hat"],
    ]);
    expect((await get(url)).headers["content-type"]).toBe("image/png");
  });

  test("is told to come again when too many of the account's pictures are waited for", async () => {
    const { store, get, services } = suite();
    await store({ path: "/ai/full.png", bytes: photo, mime: "image/png" });
    services.later = { ...services.later, ask: async () => false };
    const { status, headers } = await get(signed("tr:e-bgremove/ai/full.png"));
    expect([status, headers["ik-error"]]).toEqual([503, "UNIDENTIFIED - Too many images are being made"]);
    expect(headers["cache-control"]).toBe("no-store");
  });

  describe("whoever could write any URL", () => {
    test("asks in vain, also for what is there", async () => {
      const { store, get, services } = suite();
      await store({ path: "/ai/c.png", bytes: photo, mime: "image/png" });
      await get(signed("tr:e-bgremove/ai/c.png"));
      await doJob();
      const refused = await get("/demo/tr:e-bgremove/ai/c.png");
      expect(refused.status).toBe(401);
      expect(refused.headers["ik-error"]).toBe(
        "EAUTH - AI transformations take a signed URL, or one named transformation alone",
      );
      services.ai = { ...services.ai, unsigned: true };
      expect((await get("/demo/tr:e-bgremove/ai/c.png")).status).toBe(200);
      expect(keys().size).toBe(1);
    });

    test("gets no more pictures by names in a row, or by hints", async () => {
      const { store, get, services } = suite();
      await store({ path: "/ai/n.png", bytes: photo, mime: "image/png" });
      const { namedTransformations } = services;
      services.namedTransformations = {
        of: async () => (name: string) => (name === "cut" ? parseTransformation("w-auto:e-bgremove") : undefined),
      } as never;
      try {
        for (const chain of ["n-cut:n-cut", "n-cut,w-20"]) {
          const { status, headers } = await get(`/demo/tr:${chain}/ai/n.png`);
          expect([chain, status, headers["ik-error"]]).toEqual([chain, 401, expect.stringContaining("one named")]);
        }
        for (const width of ["10", "20"]) {
          await get("/demo/tr:n-cut/ai/n.png", { "sec-ch-width": width, "sec-ch-dpr": "2" });
        }
        expect(keys().size).toBe(1);
        expect(asked[0]?.job.input).not.toHaveProperty("width");
        expect(asked[0]?.maxWaiting).toBe(maxWaitingUnsigned);
        await get(signed("tr:n-cut:n-cut/ai/n.png"), { "sec-ch-width": "10" });
        expect(asked.at(-1)).toMatchObject({ job: { input: { width: 10 } }, maxWaiting: maxWaitingJobs });
      } finally {
        services.namedTransformations = namedTransformations;
      }
    });

    test("gets no variations by other queries", async () => {
      const { store, get, services } = suite();
      await store({ path: "/ai/d.png", bytes: photo, mime: "image/png" });
      const { namedTransformations } = services;
      services.namedTransformations = {
        of: async () => (name: string) => (name === "vary" ? parseTransformation("e-genvar") : undefined),
      } as never;
      try {
        for (const query of ["", "?v=1", "?v=2"]) await get(`/demo/tr:n-vary/ai/d.png${query}`);
        expect(keys().size).toBe(1);
      } finally {
        services.namedTransformations = namedTransformations;
      }
      for (const query of ["", "?v=1", "?v=2"]) await get(signed(`tr:e-genvar/ai/d.png${query}`));
      expect(keys().size).toBe(3);
      for (const query of ["", "?v=1"]) await get(signed(`tr:e-bgremove/ai/d.png${query}`));
      expect(keys().size).toBe(4);
    });
  });

  test("without a provider it is refused, as it is in one step with another", async () => {
    const { store, get } = suite();
    await store({ path: "/ai/e.png", bytes: photo, mime: "image/png" });
    const errors = [];
    for (const text of ["e-upscale", "e-bgremove,e-edit-prompt-hat", "e-bgremove:e-upscale"]) {
      const { status, headers } = await get(signed(`tr:${text}/ai/e.png`));
      errors.push([status, headers["ik-error"]]);
    }
    expect(errors).toEqual([
      [400, "EINVALID - AI transformation not available"],
      [400, expect.stringContaining("EINVALID - A step takes one AI transformation")],
      [400, "EINVALID - AI transformation not available"],
    ]);
    expect(asked).toEqual([]);
  });

  test("private files are made nothing of without a signature", async () => {
    const { store, get } = suite();
    await store({ path: "/ai/p.png", bytes: photo, mime: "image/png", isPrivate: true });
    expect((await get("/demo/tr:e-bgremove/ai/p.png")).status).toBe(401);
    expect(asked).toEqual([]);
    const url = signed("tr:e-bgremove,f-png/ai/p.png");
    await get(url);
    await doJob();
    const { headers } = await get(url);
    expect(headers).toMatchObject({ "content-type": "image/png", "cache-control": expect.stringContaining("private") });
  });

  test("a job draws what whoever asked may see", async () => {
    const { store, get, services } = suite();
    await store({ path: "/ai/o.png", bytes: photo, mime: "image/png" });
    await store({ path: "/ai/mark.png", bytes: photo, mime: "image/png", isPrivate: true });
    const text = "e-bgremove:l-image,i-ai@@mark.png,l-end,f-png";
    const { namedTransformations } = services;
    services.namedTransformations = {
      of: async () => (name: string) => (name === "marked" ? parseTransformation(text) : undefined),
    } as never;
    try {
      for (const [url, asker] of [
        [signed(`tr:${text}/ai/o.png`), { signed: true, kind: "explicit" }],
        ["/demo/tr:n-marked/ai/o.png", { signed: false, kind: "named" }],
      ] as const) {
        await get(url);
        expect(asked.at(-1)?.job.input).toMatchObject(asker);
      }
      // A URL that lost its right to the private layer meanwhile is made nothing of.
      const lost = asked.at(-1) ?? expect.fail("nothing was asked for");
      await doJob(false, { ...lost, job: { ...lost.job, input: { ...lost.job.input, kind: "explicit" } } });
      expect(sent).toEqual([]);
      await doJob(false, lost);
      expect((await get("/demo/tr:n-marked/ai/o.png")).headers["content-type"]).toBe("image/png");
    } finally {
      services.namedTransformations = namedTransformations;
    }
  });

  describe("a provider's failure", () => {
    test.each<[string, RequestListener]>([
      ["a refusal", (_, response) => response.writeHead(422).end()],
      [
        "a picture that isn't one",
        (_, response) => response.writeHead(200, { "content-type": "image/png" }).end("<script>"),
      ],
    ])("%s is told for some minutes, and then the provider is asked again", async (what, listener) => {
      const { store, get } = suite();
      const path = `/ai/f${what.length}.png`;
      await store({ path, bytes: photo, mime: "image/png" });
      const url = signed(`tr:e-bgremove${path}`);
      await get(url);
      answer = listener;
      await doJob();
      for (const later of [0, failureMs]) {
        time += later;
        const { status, headers } = await get(url);
        expect([status, headers["ik-error"]]).toEqual([400, "EENCODE - The AI transformation failed"]);
        expect(headers["cache-control"]).toBe("no-store");
      }
      expect(sent).toHaveLength(1);
      time += failureMs;
      expect((await get(url)).headers).toMatchObject(pending);
      expect(warned.at(-1)).toMatchObject({ effect: "e-bgremove", error: expect.any(String) });
    });

    test("that may pass is tried again, and told after the last attempt", async () => {
      const { store, get } = suite();
      await store({ path: "/ai/g.png", bytes: photo, mime: "image/png" });
      const url = signed("tr:e-bgremove/ai/g.png");
      await get(url);
      answer = (_, response) => response.writeHead(503).end();
      await expect(doJob()).rejects.toThrow("status 503");
      expect((await get(url)).headers).toMatchObject(pending);
      await doJob(true);
      expect((await get(url)).status).toBe(400);
      expect(sent.map(({ id }) => id)).toEqual([sent[0]?.id, sent[0]?.id]);
    });
  });

  test("what the cache doesn't keep is paid for once, and then counts as failed", async () => {
    const { store, get, services } = suite();
    await store({ path: "/ai/l.png", bytes: photo, mime: "image/png" });
    const url = signed("tr:e-bgremove/ai/l.png");
    await get(url);
    const derived = services.derived as RenditionCache;
    await withCache({
      put: async (key, made) => {
        if (made.contentType === "text/plain") await derived.put(key, made);
      },
    });
    expect(sent).toHaveLength(1);
    expect((await get(url)).headers["ik-error"]).toBe("EENCODE - The AI transformation failed");
    expect(JSON.stringify(warned.at(-1))).toContain("has not kept");
  });

  test("a rendering that began before the model's picture was there doesn't make the job fail", async () => {
    const { store, get, services } = suite();
    await store({ path: "/ai/r.png", bytes: photo, mime: "image/png" });
    const url = signed("tr:e-bgremove/ai/r.png");
    await get(url);
    const derived = services.derived as RenditionCache;
    let underWay: ReturnType<RenditionCache["get"]> | undefined;
    const before = warned.length;
    await withCache({
      get(...of) {
        underWay ??= derived.get(...of);
        return underWay;
      },
    });
    expect([sent.length, warned.length - before]).toEqual([1, 0]);
    expect((await get(url)).headers["content-type"]).toBe("image/png");
  });

  test("no provider is paid while the job can't know whether another node has the picture", async () => {
    const { store, get } = suite();
    await store({ path: "/ai/s.png", bytes: photo, mime: "image/png" });
    const url = signed("tr:e-bgremove/ai/s.png");
    await get(url);
    await expect(withCache({ seek: () => Promise.reject(new Error("unreachable")) })).rejects.toThrow("unreachable");
    expect(sent).toEqual([]);
    expect((await get(url)).headers).toMatchObject(pending);
  });

  test("a new version has its own", async () => {
    const { store, get } = suite();
    await store({ path: "/ai/h.png", bytes: photo, mime: "image/png" });
    const url = signed("tr:e-bgremove/ai/h.png");
    await get(url);
    await doJob();
    await store({ path: "/ai/h.png", bytes: await plain(60, 40, "#dc1e1e").png().toBuffer(), mime: "image/png" });
    expect((await get(url)).headers).toMatchObject(pending);
    expect(keys().size).toBe(2);
  });
});
