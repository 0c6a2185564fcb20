import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { addSwitches } from "../accounts/delivery-switches.ts";
import { updateAccount } from "../database/repositories/accounts.ts";
import { insertNamedTransformation } from "../database/repositories/named-transformations.ts";
import { signPath } from "../library/files/asset-url.ts";
import { fontNamed } from "../media/image/render/text/testing/font-named.ts";
import { blue, expectColour, green, type Pixel, plain, readPixels, red, yellow } from "../media/testing/pictures.ts";
import { describeDelivery } from "./testing/delivery-suite.ts";

const hexOf = (pixel: Pixel): string => Buffer.from(pixel.slice(0, 3) as number[]).toString("hex");
const png = { mime: "image/png" } as const;
const picture = (side: number, colour: Pixel): Promise<Buffer> =>
  plain(side, side, `#${hexOf(colour)}`)
    .png()
    .toBuffer();

describeDelivery((suite) => {
  const draw = (path: string) => `l-image,i-${path.slice(1).replaceAll("/", "@@")},l-end`;
  const url = (path: string) => `base.png?tr=${draw(path)},f-png,lo-true`;
  const signed = (rest: string) => `/demo/${signPath("private_test", rest)}`;

  beforeAll(async () => {
    const { store, library, accountId } = suite();
    await store({ ...png, path: "/base.png", bytes: await picture(60, red), at: 1000 });
    await store({ ...png, path: "/logos/public.png", bytes: await picture(20, green), at: 5000 });
    await store({ ...png, path: "/logos/private.png", bytes: await picture(20, blue), isPrivate: true });
    await store({ ...png, path: "/logos/draft.png", bytes: await picture(20, blue), isDraft: true });
    await store({ ...png, path: "/logos/broken.png", bytes: (await picture(20, blue)).subarray(0, 50) });
    await store({ path: "/logos/clip.mp4", bytes: Buffer.from("film"), mime: "video/mp4" });
    await store({ path: "/page.pdf", bytes: Buffer.from("%PDF-1.7 page"), mime: "application/pdf" });
    const transformation = `${draw("/logos/private.png")},f-png,lo-true`;
    const row = {
      id: "badge",
      account_id: accountId,
      name: "badge",
      transformation,
      enabled: 1 as const,
      created_at: 0,
    };
    await insertNamedTransformation(library.writer, row);
  });

  async function middle(target: string): Promise<Pixel> {
    const { status, headers, body } = await suite().get(target);
    expect([target, status, headers["ik-error"]]).toEqual([target, 200, undefined]);
    return (await readPixels(body)).at(30, 30);
  }

  test("a file of the library is drawn on another", async () => {
    expectColour(await middle(`/demo/${url("/logos/public.png")}`), green, 0);
    // An encoded input, and slashes at both ends.
    const encoded = encodeURIComponent(Buffer.from("/logos/public.png/").toString("base64"));
    expectColour(await middle(`/demo/base.png?tr=l-image,ie-${encoded},l-end,f-png,lo-true`), green, 0);
  });

  test("the width of a block follows the client's hint, also beside arithmetic", async () => {
    const { get } = suite();
    for (const height of ["h-60", "h-bh_div_1"]) {
      const target = `/demo/base.png?tr=w-600,h-60,c-force:l-image,i-ik_canvas,bg-0000FF,w-auto,${height},lx-0,l-end,f-png`;
      const { body, headers } = await get(target, { "sec-ch-width": "212" });
      const { at } = await readPixels(body);
      expectColour(at(299, 30), [0, 0, 255], 0);
      expectColour(at(301, 30), red, 0);
      expect(headers.vary).toBe("Sec-CH-DPR, Sec-CH-Width");
      const unhinted = await readPixels((await get(target)).body);
      expectColour(unhinted.at(99, 30), [0, 0, 255], 0);
      expectColour(unhinted.at(101, 30), red, 0);
    }
  });

  test.each(["video", "subtitles"])("l-%s on a picture is refused before its file is looked for", async (kind) => {
    const { status, headers } = await suite().get(`/demo/base.png?tr=l-${kind},i-nobody.mp4,l-end`);
    expect([status, headers["ik-error"]]).toEqual([400, `EINVALID - Unsupported transformation parameter: l-${kind}`]);
  });

  describe("who may see a file as a layer", () => {
    test.each(["nobody", "private", "draft"])(
      "nobody is told more of an unsigned layer than that %s.png is missing",
      async (name) => {
        const { status, headers, body } = await suite().get(`/demo/${url(`/logos/${name}.png`)}`);
        expect([status, headers["ik-error"]]).toEqual([400, `ENOENT - overlay logos/${name}.png not found`]);
        expect(body.toString()).toBe(`Bad URL Transformation Request\noverlay logos/${name}.png not found\n`);
      },
    );

    test("a signature shows a private layer, and no draft", async () => {
      expectColour(await middle(signed(url("/logos/private.png"))), blue, 0);
      const { status, headers } = await suite().get(signed(url("/logos/draft.png")));
      expect([status, headers["ik-error"]]).toEqual([400, "ENOENT - overlay logos/draft.png not found"]);
    });

    test("a named transformation shows a private layer, and no shared cache keeps the picture", async () => {
      const target = "/demo/base.png?tr=n-badge";
      expectColour(await middle(target), blue, 0);
      const { headers } = await suite().get(target);
      expect(headers["cache-control"]).toMatch(/^private/);
      const mixed = await suite().get("/demo/base.png?tr=n-badge,w-50");
      expect([mixed.status, mixed.headers["ik-error"]]).toEqual([400, "ENOENT - overlay logos/private.png not found"]);
    });

    test("an account that has unsigned URLs refused has those with layers refused before the layer is looked for", async () => {
      const { library, accountId } = suite();
      const switches = addSwitches(null, { restrictUnsignedImages: "all" });
      await updateAccount(library.writer, accountId, { delivery_switches: switches });
      try {
        expect((await suite().get(`/demo/${url("/logos/nobody.png")}`)).status).toBe(401);
      } finally {
        await updateAccount(library.writer, accountId, { delivery_switches: null });
      }
    });

    test("the files of another account are not there", async () => {
      const { library } = suite();
      const other = await library.addAccount("other-account");
      await library.store(other, { ...png, path: "/theirs.png", bytes: await picture(20, blue) });
      expect((await suite().get(`/demo/${url("/theirs.png")}`)).status).toBe(400);
    });
  });

  test.each(["broken.png", "clip.mp4"])("a layer that can't be decoded is named (%s)", async (name) => {
    const { status, headers } = await suite().get(`/demo/${url(`/logos/${name}`)}`);
    expect([status, headers["ik-error"]]).toEqual([400, `ENOENT - overlay logos/${name} cannot be decoded`]);
  });

  test("a file of which no picture is made is delivered, whatever its layers are", async () => {
    const { status, body } = await suite().get(`/demo/page.pdf?tr=${draw("/logos/nobody.png")}`);
    expect([status, body.toString()]).toEqual([200, "%PDF-1.7 page"]);
  });

  test("a transformation with many layers is refused before any is looked for", async () => {
    const layers = Array.from({ length: 60 }, (_, index) => draw(`/nobody-${index}.png`));
    const { status, headers } = await suite().get(`/demo/base.png?tr=${layers.join(",")}`);
    expect([status, headers["ik-error"]]).toEqual([400, "ELIMIT - The transformation has more than 50 layers"]);
    const few = Array.from({ length: 21 }, () => draw("/logos/public.png"));
    const refused = await suite().get(`/demo/base.png?tr=${few.join(",")}`);
    expect([refused.status, refused.headers["ik-error"]]).toEqual([
      400,
      "ELIMIT - The transformation has more than 20 layers",
    ]);
  });

  describe("a font of the library", () => {
    const hello = (font: string) => `base.png?tr=l-text,i-Hi,fs-30,ff-${font},l-end,f-png,lo-true`;
    const bodyOf = async (target: string): Promise<Buffer> => {
      const { status, headers, body } = await suite().get(target);
      expect([target, status, headers["ik-error"]]).toEqual([target, 200, undefined]);
      return body;
    };

    const font = { bytes: fontNamed("lobster"), mime: "font/ttf" };

    beforeAll(async () => {
      const { store } = suite();
      await store({ ...font, path: "/fonts/public.ttf" });
      await store({ ...font, path: "/fonts/private.ttf", isPrivate: true });
    });

    test("writes texts for those who may see it; for others, the standard font does", async () => {
      const lobster = await bodyOf(`/demo/${hello("Lobster")}`);
      const standard = await bodyOf(`/demo/${hello("Open%20Sans")}`);
      expect((await bodyOf(`/demo/${hello("fonts@@public.ttf")}`)).equals(lobster)).toBe(true);
      expect((await bodyOf(`/demo/${hello("fonts@@private.ttf")}`)).equals(standard)).toBe(true);
      expect((await bodyOf(`/demo/${hello("fonts@@nobody.ttf")}`)).equals(standard)).toBe(true);
      expect((await bodyOf(signed(hello("fonts@@private.ttf")))).equals(lobster)).toBe(true);
    });

    test("of another account is not there", async () => {
      const { library } = suite();
      const other = await library.addAccount("font-account");
      await library.store(other, { ...font, path: "/fonts/theirs.ttf" });
      const standard = await bodyOf(`/demo/${hello("Open%20Sans")}`);
      expect((await bodyOf(`/demo/${hello("fonts@@theirs.ttf")}`)).equals(standard)).toBe(true);
    });

    test("writes texts as soon as it comes, or may be seen, whatever was drawn without it", async () => {
      const { store, library } = suite();
      const [standard, lobster] = await Promise.all(
        [hello("Open%20Sans"), hello("fonts@@public.ttf")].map((rest) => bodyOf(`/demo/${rest}`)),
      );
      const target = `/demo/${hello("fonts@@coming.ttf")}`;
      const drawnIn = async (drawn: Buffer | undefined) => {
        for (let time = 0; time < 2; time += 1)
          expect((await bodyOf(target)).equals(drawn ?? Buffer.alloc(0))).toBe(true);
      };
      await drawnIn(standard);
      const { versionId } = await store({ ...font, path: "/fonts/coming.ttf", isPrivate: true });
      await drawnIn(standard);
      await library.writer.updateTable("versions").set({ is_private_file: 0 }).where("id", "=", versionId).execute();
      await drawnIn(lobster);
    });

    test("has to be one", async () => {
      const { status, headers } = await suite().get(`/demo/${hello("logos@@public.png")}`);
      expect([status, headers["ik-error"]]).toEqual([400, "ENOENT - overlay logos/public.png cannot be decoded"]);
    });
  });

  describe("when a layer's file changes", () => {
    const target = `/demo/${url("/changing.png")}`;

    test("each picture with it changes at once, whatever is remembered of the picture before", async () => {
      const { store, library } = suite();
      await store({ ...png, path: "/changing.png", bytes: await picture(20, green), at: 2000 });
      const before = await suite().get(target);
      expectColour(await middle(target), green, 0);
      await store({ ...png, path: "/changing.png", bytes: await picture(20, yellow), at: 8000 });
      expectColour(await middle(target), yellow, 0);
      const after = await suite().get(target);
      expect(after.headers.etag).not.toBe(before.headers.etag);
      const asked = { "if-none-match": `${before.headers.etag}` };
      expect((await suite().server.ask(target, asked)).status).toBe(200);
      expect((await suite().server.ask(target, { "if-none-match": `${after.headers.etag}` })).status).toBe(304);
      expect(
        (await suite().server.ask(target, { "if-modified-since": `${before.headers["last-modified"]}` })).status,
      ).toBe(200);
      expect(Date.parse(`${after.headers["last-modified"]}`)).toBe(8000);

      await library.writer.updateTable("versions").set({ is_private_file: 1 }).where("updated_at", "=", 8000).execute();
      expect((await suite().get(target)).status).toBe(400);
      await library.writer.updateTable("versions").set({ is_private_file: 0 }).where("updated_at", "=", 8000).execute();
      expect((await suite().get(target)).headers.etag).toBe(after.headers.etag);
      await library.writer.updateTable("files").set({ name: "moved.png" }).where("name", "=", "changing.png").execute();
      expect((await suite().get(target)).status).toBe(400);
    });

    test("a layer that is purged is drawn anew", async () => {
      const { store, library } = suite();
      await store({ ...png, path: "/purged.png", bytes: await picture(20, green) });
      const purged = `/demo/${url("/purged.png")}`;
      const { headers } = await suite().get(purged);
      await library.writer.updateTable("versions").set({ purges: 1 }).execute();
      expect((await suite().get(purged)).headers.etag).not.toBe(headers.etag);
    });

    test("a URL that names the version of its own file isn't kept for a year", async () => {
      const { store } = suite();
      const objectVersion = "AbC123";
      await store({ ...png, path: "/versioned.png", bytes: await picture(60, red), objectVersion });
      const named = `/demo/versioned.png?ik-obj-version=${objectVersion}`;
      expect((await suite().get(named)).headers["cache-control"]).toContain("immutable");
      const drawn = await suite().get(`${named}&tr=${draw("/logos/public.png")}`);
      expect(drawn.status).toBe(200);
      expect(drawn.headers["cache-control"]).not.toContain("immutable");
    });
  });

  test("a picture is made once for everybody who asks for the same layers", async () => {
    const { events } = suite();
    const target = `/demo/base.png?tr=l-image,i-logos@@public.png,lx-3,ly-3,l-end,f-png`;
    events.length = 0;
    await suite().server.ask(target);
    await suite().server.ask(target.replace("lx-3,ly-3", "ly-3,lx-3"));
    await suite().server.ask(target.replace("ly-3", "ly-4"));
    expect(events).toEqual(["cache miss", "cache hit", "cache miss"]);
  });

  test("the area that is marked in a layer's file counts for that layer", async () => {
    const { store, library } = suite();
    const half = await sharp({ create: { width: 40, height: 20, channels: 3, background: `#${hexOf(green)}` } })
      .composite([{ input: await picture(20, blue), left: 20, top: 0 }])
      .png()
      .toBuffer();
    const { versionId } = await store({ ...png, path: "/marked.png", bytes: half });
    const target = "/demo/base.png?tr=l-image,i-marked.png,t-false,w-20,h-20,fo-custom,l-end,f-png,lo-true";
    for (const [custom_coordinates, expected] of [
      ["0,0,20,20", green],
      ["20,0,20,20", blue],
    ] as const) {
      await library.writer.updateTable("versions").set({ custom_coordinates }).where("id", "=", versionId).execute();
      expectColour(await middle(target), expected, 2);
    }
  });
});
