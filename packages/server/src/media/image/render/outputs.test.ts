import { randomBytes } from "node:crypto";
import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { expectColour, plain, quadrants, readPixels, red, render, renderContext } from "../../testing/pictures.ts";
import { effortFor } from "./encoders.ts";

/** Options that make the file so large that every rendering of it is smaller. */
const uncompressed = { compressionLevel: 0 } as const;
const opaque = await quadrants(60, 40).png(uncompressed).toBuffer();
const transparent = await plain(60, 40, "#c338").png().toBuffer();
const noise = await sharp({
  create: {
    width: 100,
    height: 100,
    channels: 3,
    background: "#888",
    noise: { type: "gaussian", mean: 128, sigma: 40 },
  },
})
  .png()
  .toBuffer();

const soft = await sharp(noise).blur(3).png().toBuffer();

const photo = await quadrants(60, 40)
  .withIccProfile("p3")
  .withExif({ IFD0: { Copyright: "somebody" }, IFD3: { GPSLatitude: "1/1 2/1 3/1" } })
  .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><a/></x:xmpmeta>')
  .jpeg({ quality: 100 })
  .toBuffer();
const metadataOf = async (data: Buffer) => sharp(data).metadata();

test("an image that is seen through becomes PNG, and one that isn't becomes JPEG, where no better format is taken", async () => {
  const withUselessAlpha = await plain(60, 40, "#c33f").png(uncompressed).toBuffer();
  expect((await metadataOf(withUselessAlpha)).hasAlpha).toBe(true);
  expect((await render(withUselessAlpha, {})).contentType).toBe("image/jpeg");
  expect((await render(transparent, {})).contentType).toBe("image/png");
  expect((await render(opaque, { steps: [{ radius: [9, 9, 9, 9] }] })).contentType).toBe("image/png");
  expect((await render(opaque, {}, { accepted: { webp: true, avif: false } })).contentType).toBe("image/webp");
});

test("what is seen through stays so in formats that can", async () => {
  for (const format of ["png", "webp", "avif"] as const) {
    const { data } = await render(transparent, { output: { format } });
    expectColour((await readPixels(data)).at(30, 20), [0xcc, 0x33, 0x33, 0x88], 8);
  }
});

test("JPEG lays it on black, or on the last background of its steps", async () => {
  const jpeg = { format: "jpeg" } as const;
  const black = await readPixels((await render(transparent, { output: jpeg })).data);
  expectColour(black.at(30, 20), [0x6d, 0x1b, 0x1b, 255], 8);
  const white = { kind: "colour", colour: { r: 255, g: 255, b: 255, alpha: 0 } } as const;
  const { data } = await render(opaque, { steps: [{ background: white }, { radius: [20, 20, 20, 20] }], output: jpeg });
  expectColour((await readPixels(data)).at(0, 0), [255, 255, 255, 255], 8);
});

describe("how it is encoded", () => {
  test("JPEG", async () => {
    const baseline = await render(opaque, { output: { format: "jpeg" } });
    expect(await metadataOf(baseline.data)).toMatchObject({
      format: "jpeg",
      isProgressive: false,
      chromaSubsampling: "4:4:4",
    });
    const progressive = await render(opaque, { output: { format: "jpeg", progressive: true } });
    expect((await metadataOf(progressive.data)).isProgressive).toBe(true);
    const settings = { ...renderContext.settings, chromaSubsampling: "4:2:0" } as const;
    expect(
      (await metadataOf((await render(opaque, { output: { format: "jpeg" } }, { settings })).data)).chromaSubsampling,
    ).toBe("4:2:0");
  });

  test.each<[string, "4:2:0" | "4:4:4", () => Sharp]>([
    ["a JPEG", "4:2:0", () => quadrants(60, 40).jpeg({ chromaSubsampling: "4:4:4" })],
    ["a TIFF", "4:2:0", () => quadrants(60, 40).tiff()],
    ["an AVIF", "4:2:0", () => quadrants(60, 40).avif()],
    ["a WebP", "4:2:0", () => quadrants(60, 40).webp()],
    ["a WebP with a profile", "4:2:0", () => quadrants(60, 40).withIccProfile("p3").webp()],
    ["a WebP without loss", "4:4:4", () => quadrants(60, 40).webp({ lossless: true })],
    [
      "a WebP without loss, with a profile",
      "4:4:4",
      () => quadrants(60, 40).withIccProfile("p3").webp({ lossless: true }),
    ],
    ["a PNG", "4:4:4", () => quadrants(60, 40).png()],
    ["a GIF", "4:4:4", () => quadrants(60, 40).gif()],
  ])("a JPEG of %s has its colours at %s", async (_, expected, make) => {
    const bytes = await make().toBuffer();
    for (const steps of [[], [{ size: { width: 30 } }], [{ blur: 1 }]]) {
      const { data } = await render(bytes, { steps, output: { format: "jpeg" } });
      expect((await metadataOf(data)).chromaSubsampling).toBe(expected);
    }
    const settings = { ...renderContext.settings, chromaSubsampling: "4:4:4" } as const;
    const { data } = await render(bytes, { output: { format: "jpeg" } }, { settings });
    expect((await metadataOf(data)).chromaSubsampling).toBe("4:4:4");
  });

  test("a progressive JPEG tries less hard from 1.5 megapixels on, since each of its scans is tried", async () => {
    for (const [width, tries] of [
      [700, true],
      [800, false],
    ] as const) {
      const raw = { width, height: 2000, channels: 3 } as const;
      const bytes = await sharp(randomBytes(width * 2000 * 3), { raw })
        .png({ compressionLevel: 0 })
        .toBuffer();
      const { data } = await render(bytes, { output: { format: "jpeg", progressive: true, quality: 5 } });
      const settings = {
        quality: 5,
        chromaSubsampling: "4:4:4",
        progressive: true,
        optimiseScans: true,
        quantisationTable: 3,
      };
      const plainly = await sharp(bytes).jpeg(settings).toBuffer();
      expect(data.equals(plainly)).toBe(!tries);
    }
  });

  test.each(["jpeg", "png", "webp", "avif"] as const)("%s is the smaller the lower its quality", async (format) => {
    const sizes = [];
    for (const quality of [10, 90]) sizes.push((await render(soft, { output: { format, quality } })).data.length);
    expect(sizes[0]).toBeLessThan(sizes[1] ?? 0);
  });

  test.each(["png", "webp"] as const)("%s keeps every pixel when it is lossless", async (format) => {
    const expected = await sharp(noise).raw().toBuffer();
    const lossless = await render(noise, { output: { format, lossless: true } });
    expect(await sharp(lossless.data).raw().toBuffer()).toEqual(expected);
    const lossy = await render(noise, { output: { format } });
    expect(await sharp(lossy.data).raw().toBuffer()).not.toEqual(expected);
  });

  test("an account's PNG may be lossless too", async () => {
    for (const pngCompression of ["minimum", "none"] as const) {
      const { data } = await render(
        noise,
        { output: { format: "png" } },
        { settings: { ...renderContext.settings, pngCompression } },
      );
      expect(await sharp(data).raw().toBuffer()).toEqual(await sharp(noise).raw().toBuffer());
    }
  });

  test("a density is written into the file", async () => {
    for (const format of ["jpeg", "png"] as const) {
      expect((await metadataOf((await render(opaque, { output: { format, density: 300 } })).data)).density).toBe(300);
    }
  });
});

describe("metadata", () => {
  const ways = [[], [{ flip: { horizontal: true, vertical: true } }]] as const;

  test.each(["jpeg", "png", "webp", "avif"] as const)(
    "%s has none, the colour profile, or all of it",
    async (format) => {
      for (const steps of ways) {
        const none = await metadataOf((await render(photo, { steps, output: { format } })).data);
        expect([none.icc, none.exif, none.xmp]).toEqual([undefined, undefined, undefined]);
        const profile = await render(photo, { steps, output: { format, keepProfile: true } });
        const withProfile = await metadataOf(profile.data);
        expect([withProfile.icc?.length, withProfile.exif, withProfile.xmp]).toEqual([480, undefined, undefined]);
        const everything = await render(photo, { steps, output: { format, keepMetadata: true } });
        const all = await metadataOf(everything.data);
        expect(all.icc?.length).toBe(480);
        expect(all.exif?.toString("latin1")).toContain("somebody");
        expect(all.xmp?.toString()).toContain("xmpmeta");
        const [x, y] = steps.length === 0 ? [4, 4] : [55, 35];
        // Read with its profile, the rendering shows the same picture as the source.
        for (const { data } of [profile, everything]) expectColour((await readPixels(data)).at(x, y), red, 12);
      }
    },
  );

  test("that says how to turn the picture doesn't turn it twice", async () => {
    const lying = await sharp(photo).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer();
    for (const steps of ways) {
      const { data, width, height } = await render(lying, { steps, output: { format: "jpeg", keepMetadata: true } });
      expect([width, height]).toEqual([40, 60]);
      expect((await metadataOf(data)).orientation ?? 1).toBe(1);
    }
  });
});

test("a side that WebP has no room for makes another format", async () => {
  const long = await plain(20_000, 2, "#c33").removeAlpha().png(uncompressed).toBuffer();
  expect((await render(long, {}, { accepted: { webp: true, avif: false } })).contentType).toBe("image/jpeg");
  await expect(render(long, { output: { format: "webp" } })).rejects.toMatchObject({ code: "ELIMIT" });
});

test("what takes an encoder longer than an image may take isn't written, or with less effort", async () => {
  const large = await plain(4000, 3001, "#c33").removeAlpha().gif().toBuffer();
  await expect(render(large, { output: { format: "gif" } })).rejects.toMatchObject({ code: "ELIMIT" });
  expect((await render(large, { steps: [{ size: { width: 400 } }], output: { format: "gif" } })).width).toBe(400);
  const efforts = [true, false].map((lossless) => effortFor("webp", 9e6, { lossless }));
  expect(efforts).toEqual([0, 1]);
});

test("a format whose encoder needs too much memory gives way to another, or is refused when it was asked for", async () => {
  const limits = { ...renderContext.limits, memoryBytes: 60 * 40 * 20 };
  const settings = { ...renderContext.settings, avif: true };
  const accepted = { webp: true, avif: true };
  expect((await render(opaque, {}, { accepted, settings })).contentType).toBe("image/avif");
  expect((await render(opaque, {}, { accepted, settings, limits })).contentType).toBe("image/webp");
  await expect(render(opaque, { output: { format: "avif" } }, { limits })).rejects.toMatchObject({ code: "ELIMIT" });
});
