import sharp from "sharp";
import { beforeAll, expect, test, vi } from "vitest";
import { signPath } from "../../../library/files/asset-url.ts";
import { colors, hasFfmpeg, makeClip } from "../../../media/testing/clips.ts";
import { describeDelivery } from "../../testing/delivery-suite.ts";

// docs/protocol/delivery.md §1.4
describeDelivery((suite) => {
  const canRun = hasFfmpeg || process.env.CI === "true";
  beforeAll(async () => {
    if (!canRun) return;
    const bytes = await makeClip({ picture: colors, sound: false });
    const facts = { width: 320, height: 180, duration: 3 };
    await suite().store({ path: "/film.mp4", bytes, mime: "video/mp4", ...facts });
    await suite().store({ path: "/untold.mp4", bytes, mime: "video/mp4" });
    await suite().store({ path: "/secret.mp4", bytes, mime: "video/mp4", ...facts, isPrivate: true });
    await suite().store({ path: "/broken.mp4", bytes: bytes.subarray(0, 2000), mime: "video/mp4" });
    await suite().store({ path: "/a.txt", bytes: Buffer.from("text") });
    const named = { bytes: Buffer.from("own"), mime: "image/jpeg", isPrivate: true };
    await suite().store({ path: "/named/ik-sprite.jpg", ...named });
    await suite().store({ path: "/named/ik-sprite.vtt", bytes: Buffer.from("own") });
  });

  /** The places that the text tells, each with its times and its file. */
  const placesOf = (text: string) =>
    [...text.matchAll(/(\S+) --> (\S+)\n(.+)#xywh=(\d+),(\d+),(\d+),(\d+)/g)].map(([, from, to, file, ...area]) => {
      const [left = 0, top = 0, width = 0, height = 0] = area.map(Number);
      return { from, to, file, area: { left, top, width, height } };
    });
  const colorIn = async (picture: Buffer, area: { left: number; top: number; width: number; height: number }) => {
    const { dominant } = await sharp(await sharp(picture).extract(area).toBuffer()).stats();
    return Object.values(dominant)
      .map((value) => (value > 200 ? "f" : "0"))
      .join("");
  };
  const refusalOf = async (target: string) => {
    const { status, headers } = await suite().get(target);
    return `${status} ${headers["ik-error"]}`;
  };

  test.skipIf(!canRun).each(["film", "untold"])("the places of a sprite lead to its stills: %s", async (name) => {
    const { headers, body } = await suite().get(`/demo/${name}.mp4/ik-sprite.vtt`);
    expect(headers["content-type"]).toBe("text/vtt");
    const places = placesOf(body.toString());
    expect(body.toString().split("\n")[0]).toBe("WEBVTT");
    expect(places).toHaveLength(6);
    expect(places.map(({ from }) => from).slice(0, 2)).toEqual(["00:00:00.000", "00:00:00.500"]);
    expect(places.at(-1)).toMatchObject({ to: "00:00:03.000", file: "ik-sprite.jpg" });
    const picture = await suite().get(`/demo/${name}.mp4/${places[0]?.file}`);
    expect([picture.status, picture.headers["content-type"]]).toEqual([200, "image/jpeg"]);
    expect(await sharp(picture.body).metadata()).toMatchObject({ width: 960, height: 90 });
    const seen = await Promise.all(places.map(({ area }) => colorIn(picture.body, area)));
    expect(seen).toEqual(["f00", "f00", "0f0", "0f0", "00f", "00f"]);
  });

  test.skipIf(!canRun)("tiles fit into the box that is asked for, and the picture is made once", async () => {
    const { services } = suite();
    const { videos } = services;
    const sprite = vi.fn(videos.sprite);
    services.videos = { ...videos, sprite };
    try {
      for (const target of ["film.mp4/ik-sprite.jpg?tr=w-80", "film.mp4/ik-video.mp4/ik-sprite.jpg?tr=w-80"]) {
        expect(await sharp((await suite().get(`/demo/${target}`)).body).metadata()).toMatchObject({
          ...{ width: 6 * 80, height: 46 },
        });
      }
      expect(sprite).toHaveBeenCalledTimes(1);
    } finally {
      services.videos = videos;
    }
    const places = placesOf((await suite().get("/demo/film.mp4/ik-sprite.vtt?tr=w-300,h-90&v=1")).body.toString());
    expect(places[1]).toMatchObject({
      file: "ik-sprite.jpg?tr=w-300,h-90",
      area: { left: 160, top: 0, width: 160, height: 90 },
    });
  });

  test.runIf(canRun)("are the same whatever else a visitor's query says, and no longer than their places", async () => {
    const texts = ["a=1", `b=${"x".repeat(2000)}`].map((query) => suite().get(`/demo/film.mp4/ik-sprite.vtt?${query}`));
    const [one, other] = await Promise.all(texts);
    expect(one?.headers.etag).toBe(other?.headers.etag);
    expect(placesOf(String(one?.body))[0]?.file).toBe("ik-sprite.jpg");
    expect(await refusalOf(`/demo/film.mp4/ik-sprite.vtt?updatedAt=${"1".repeat(1000)}`)).toMatch(
      /^400 EINVALID - The query/,
    );
  });

  test.skipIf(!canRun)("one signature opens the places and the picture beside them, and nothing else", async () => {
    const signed = signPath("private_test", "secret.mp4/ik-sprite.vtt?tr=w-80", 1_800_000_000);
    const { status, body } = await suite().get(`/demo/${signed}`);
    expect(status).toBe(200);
    const [place] = placesOf(body.toString());
    expect((await suite().get(`/demo/secret.mp4/${place?.file}`)).status).toBe(200);
    const other = String(place?.file).replace("w-80", "w-90");
    expect((await suite().get(`/demo/secret.mp4/${other}`)).status).toBe(401);
    expect(await refusalOf("/demo/secret.mp4/ik-sprite.jpg")).toMatch(/^401/);
    // Of a file that is called like a sprite, the signature of its neighbour says nothing.
    const named = signPath("private_test", "named/ik-sprite.vtt").replace(".vtt", ".jpg");
    expect(await refusalOf(`/demo/${named}`)).toMatch(/^401/);
    expect((await suite().get(`/demo/${signPath("private_test", "named/ik-sprite.jpg")}`)).status).toBe(200);
  });

  test.skipIf(!canRun)("what has no sprite is refused, and says why", async () => {
    expect(await refusalOf("/demo/film.mp4/ik-sprite.jpg?tr=w-999")).toMatch(/^400 EINVALID - w of a sprite is/);
    expect(await refusalOf("/demo/film.mp4/ik-sprite.vtt?tr=so-1")).toMatch(/^400 EINVALID - A sprite takes w and h/);
    expect(await refusalOf("/demo/broken.mp4/ik-sprite.jpg")).toMatch(/^400 EINVALID/);
    expect(await refusalOf("/demo/a.txt/ik-sprite.vtt")).toMatch(/^404/);
  });
});
