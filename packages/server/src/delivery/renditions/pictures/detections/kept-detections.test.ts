import { Readable } from "node:stream";
import { parseTransformation } from "@sluice/grammar";
import { beforeEach, expect, test, vi } from "vitest";
import { defaultLimits } from "../../../../config/limits.ts";
import type { DetectRequest } from "../../../../media/detection/picture-searches.ts";
import { WorkClock } from "../../../../media/image/pixels/work-clock.ts";
import { readTransformation } from "../../../../media/image/plan/read-transformation.ts";
import {
  blue,
  expectColour,
  green,
  type Pixel,
  plain,
  quadrants,
  readPixels,
  red,
  yellow,
} from "../../../../media/testing/pictures.ts";
import { describeDelivery } from "../../../testing/delivery-suite.ts";
import { findThings } from "./kept-detections.ts";

const never = new AbortController().signal;
const png = { mime: "image/png" } as const;
const exact = "f-png,lo-true";
const at = (left: number, top: number, width: number, height: number) => ({ left, top, width, height });

describeDelivery((suite) => {
  beforeEach(() => {
    const { models } = suite();
    models.installed = true;
    models.found = { faces: [], objects: [], tags: [] };
    models.searched.length = 0;
  });

  async function pixels(target: string) {
    const { status, headers, body } = await suite().get(target);
    expect([target, status, headers["ik-error"]]).toEqual([target, 200, undefined]);
    return readPixels(body);
  }

  async function corner(target: string, colour: Pixel): Promise<void> {
    const { width, height, at: pixelAt } = await pixels(target);
    for (const [x, y] of [
      [1, 1],
      [width - 2, height - 2],
    ] as const)
      expectColour(pixelAt(x, y), colour, 8);
  }

  test("pictures are cropped around what was found once, and a version's second picture needs no model", async () => {
    const { store, models } = suite();
    await store({ ...png, path: "/street.png", bytes: await quadrants(120, 80).png().toBuffer() });
    models.found = {
      faces: [{ name: "face", ...at(0.7, 0.1, 0.05, 0.1) }],
      objects: [
        { name: "car", ...at(0.05, 0.6, 0.3, 0.3) },
        { name: "trafficLight", ...at(0.6, 0.6, 0.1, 0.1) },
      ],
      tags: [],
    };
    await corner(`/demo/street.png?tr=w-20,h-20,fo-face,${exact}`, green);
    await corner(`/demo/street.png?tr=fo-car,${exact}`, blue);
    expect(models.searched).toEqual(["faces 120x80", "objects 512x512"]);
    models.installed = false;
    models.found = { faces: [], objects: [], tags: [] };
    await corner(`/demo/street.png?tr=w-10,h-20,fo-face,z-1.5,${exact}`, green);
    await corner(`/demo/street.png?tr=fo-trafficLight,${exact}`, yellow);
    expect((await pixels(`/demo/street.png?tr=fo-car_trafficLight,${exact}`)).width).toBe(78);
    // The step before makes the picture smaller, and cuts its left off.
    await corner(`/demo/street.png?tr=w-60:w-30,h-40,cm-extract,fo-right:w-4,h-4,fo-face,z-3,${exact}`, green);
    expect(models.searched.length).toBe(2);
  });

  test("a new version is searched anew, and a version keeps what was found in it", async () => {
    const { store, models } = suite();
    const first = { ...png, path: "/twice.png", bytes: await quadrants(132, 88).png().toBuffer() };
    await store({ ...first, objectVersion: "one" });
    models.found.objects = [{ name: "dog", ...at(0.1, 0.1, 0.2, 0.2) }];
    await corner(`/demo/twice.png?tr=fo-dog,${exact}`, red);
    models.found.objects = [{ name: "dog", ...at(0.7, 0.7, 0.2, 0.2) }];
    await store({ ...first, bytes: await quadrants(240, 160).png().toBuffer(), objectVersion: "two", at: 5000 });
    await corner(`/demo/twice.png?tr=fo-dog,${exact}`, yellow);
    await corner(`/demo/twice.png?tr=fo-dog,ar-1-1,${exact}&ik-obj-version=one`, red);
    expect(models.searched.length).toBe(2);
  });

  test("without a face the eye is drawn elsewhere, without an object the middle stays", async () => {
    const { store, models } = suite();
    await store({ ...png, path: "/empty.png", bytes: await quadrants(108, 72).png().toBuffer() });
    const none = await pixels(`/demo/empty.png?tr=w-40,h-40,fo-dog,${exact}`);
    expectColour(none.at(18, 18), red, 8);
    expectColour(none.at(21, 21), yellow, 8);
    const face = await pixels(`/demo/empty.png?tr=w-40,h-40,fo-face,${exact}`);
    expect([face.width, face.height]).toEqual([40, 40]);
    const whole = await pixels(`/demo/empty.png?tr=fo-dog,${exact}`);
    expect([whole.width, whole.height]).toEqual([108, 72]);
    expect(models.searched.length).toBe(2);
  });

  test("the file of a layer is searched for itself, behind the trim of the layer", async () => {
    const { store, models } = suite();
    await store({ ...png, path: "/ground.png", bytes: await plain(200, 200, "#000").png().toBuffer() });
    const framed = quadrants(120, 80).extend({ left: 40, background: "#fff" });
    await store({ ...png, path: "/layer.png", bytes: await framed.png().toBuffer() });
    models.found.objects = [{ name: "cat", ...at(130 / 160, 0.1, 0.1, 0.2) }];
    const url = `/demo/ground.png?tr=l-image,i-layer.png,fo-cat,l-end,${exact}`;
    expectColour((await pixels(url)).at(100, 100), green, 8);
    expect(models.searched.length).toBe(1);
  });

  test("searches of many layers end in time, and the next request goes on from there", async () => {
    const { services, models } = suite();
    const party = { account: "a", client: "" };
    const file = async (width: number) => {
      const bytes = await quadrants(width, 40).png().toBuffer();
      const { storageKey } = await suite().store({ ...png, path: `/many-${width}.png`, bytes });
      const { id } = await suite()
        .library.reader.selectFrom("blobs")
        .select("id")
        .where("storage_key", "=", storageKey)
        .executeTakeFirstOrThrow();
      return { source: { size: bytes.length, open: async () => Readable.from([bytes]) }, content: id, area: undefined };
    };
    const layers = new Map([
      ["1", await file(41)],
      ["2", await file(42)],
      ["3", await file(43)],
    ]);
    const drawn = [...layers.keys()].map((path) => `l-image,i-${path},fo-face,w-9,h-9,l-end`);
    const transformation = readTransformation(parseTransformation(drawn.join(",")));
    const [picture = await file(40)] = layers.values();
    const find = (left: number) => {
      const clock = new WorkClock();
      clock.add(defaultLimits.imageMs - left);
      return findThings(services, { picture, layers, transformation }, never, { party, clock });
    };
    const count = async () =>
      (await suite().library.reader.selectFrom("picture_detections").selectAll().execute()).length;
    const before = await count();
    for (const searched of [1, 2]) {
      await expect(find(1)).rejects.toMatchObject({ code: "ETIME" });
      // The search goes on by itself, and is kept.
      await vi.waitFor(async () => expect(await count()).toBe(before + searched));
      expect(models.searched.length).toBe(searched);
    }
    await expect(find(0)).rejects.toMatchObject({ code: "ETIME" });
    expect(models.searched.length).toBe(2);
    expect((await find(defaultLimits.imageMs)).layers.get("3")?.things?.get("")).toEqual({ faces: [] });
  });

  test("a rendering has the time that its searches have left", async () => {
    const { server, store, services, models } = suite();
    await store({ ...png, path: "/costly.png", bytes: await quadrants(46, 40).png().toBuffer() });
    const { images } = services;
    const spent: (number | undefined)[] = [];
    let before = 1000;
    const detect: typeof images.detect = async (request) => {
      request.clock.add(before);
      return images.detect(request);
    };
    const render: typeof images.render = (request) => {
      spent.push(request.clock?.ms);
      return images.render(request);
    };
    services.images = { ...images, detect, render };
    try {
      await pixels(`/demo/costly.png?tr=w-9,h-9,fo-face,${exact}`);
      expect(spent.length).toBe(1);
      expect(spent[0]).toBeGreaterThanOrEqual(before);
      before = defaultLimits.imageMs - 50;
      const look = Promise.withResolvers<void>();
      models.busy = look.promise;
      const { status, headers } = await server.ask(`/demo/costly.png?tr=w-9,h-9,fo-dog,${exact}`);
      expect([status, headers["ik-error"]]).toEqual([400, "ELIMIT - The image took too long to render"]);
      expect(headers["cache-control"]).toBe("no-store");
      // What is found late is kept, so that the picture is made when it is asked for again.
      look.resolve();
      before = 0;
      await vi.waitFor(() => pixels(`/demo/costly.png?tr=w-9,h-9,fo-dog,${exact}`));
      expect(models.searched.length).toBe(2);
    } finally {
      services.images = images;
      models.busy = Promise.resolve();
    }
  });

  test("whoever leaves in time ends the search that nobody else waits for", async () => {
    const { services, models } = suite();
    const bytes = await quadrants(47, 40).png().toBuffer();
    const source = { size: bytes.length, open: async () => Readable.from([bytes]) };
    const transformation = readTransformation(parseTransformation("fo-face,w-9,h-9"));
    const leaving = new AbortController();
    const ended = Promise.withResolvers<unknown>();
    const detect = ({ signal }: DetectRequest) =>
      new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => ended.resolve(reject(signal.reason)));
        leaving.abort(new Error("gone"));
      });
    const found = findThings(
      { ...services, images: { detect } },
      { picture: { source, content: "left" }, layers: new Map(), transformation },
      leaving.signal,
      { party: { account: "a", client: "" }, clock: new WorkClock() },
    );
    await expect(found).rejects.toThrow("gone");
    await ended.promise;
    expect(models.searched).toEqual([]);
  });

  test("layers that are chosen of a file are searched for themselves, and no choice is recorded", async () => {
    const { services, store, library } = suite();
    await store({ ...png, path: "/chosen.png", bytes: await quadrants(44, 40).png().toBuffer() });
    const rows = () => library.reader.selectFrom("picture_detections").selectAll().execute();
    const before = await rows();
    const searched: unknown[] = [];
    const detect = async ({ layers }: Pick<DetectRequest, "layers">) => {
      searched.push(layers);
      return [{ name: "face", ...{ left: searched.length / 10, top: 0, width: 0.1, height: 0.1 } }];
    };
    const source = { size: 1, open: async () => Readable.from([]) };
    const file = { source, content: "a file", area: undefined };
    const find = (pg: string) => {
      const transformation = readTransformation(
        parseTransformation(`${pg},fo-face,w-9,h-9,l-image,i-b.psd,pg-name-"Logo",fo-face,w-9,h-9,l-end`),
      );
      const subject = { picture: file, layers: new Map([["b.psd", file]]), transformation };
      const deps = { ...services, images: { detect } };
      const party = { account: "a", client: "" };
      return findThings(deps, subject, never, { party, clock: new WorkClock() });
    };
    const { things, layers } = await find('pg-name-"Ground"');
    expect(searched).toEqual([{ names: ["Ground"] }, { names: ["Logo"] }]);
    expect(things?.faces?.[0]?.left).toBe(0.1);
    expect(layers.get("b.psd")?.things?.get('{"names":["Logo"]}')?.faces?.[0]?.left).toBe(0.2);
    expect((await find("pg-2_3")).things?.faces?.[0]?.left).toBe(0.3);
    expect(await rows()).toEqual(before);
  });

  test("without the package nothing is found that wasn't before, and the refusal says what to install", async () => {
    const { store, models } = suite();
    await store({ ...png, path: "/lacking.png", bytes: await quadrants(60, 40).png().toBuffer() });
    models.installed = false;
    const { status, headers, body } = await suite().get("/demo/lacking.png?tr=w-20,h-20,fo-face");
    expect([status, headers["cache-control"]]).toEqual([400, "no-store"]);
    expect(headers["ik-error"]).toBe(
      "EINVALID - Focus on faces and objects needs the package @sluice/auto-tagging: install it beside sluice",
    );
    expect(body.toString()).toContain("@sluice/auto-tagging");
    // Padding ignores what would be found.
    expect((await suite().get("/demo/lacking.png?tr=w-20,h-20,cm-pad_resize,fo-face")).status).toBe(200);
    models.installed = true;
    expect((await suite().get("/demo/lacking.png?tr=w-20,h-20,fo-face")).status).toBe(200);
  });
});
