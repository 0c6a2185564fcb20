import sharp from "sharp";
import { expect, test } from "vitest";
import { signPath } from "../library/files/asset-url.ts";
import { describeDelivery } from "./testing/delivery-suite.ts";

function picture(background: string): Promise<Buffer> {
  return sharp({ create: { width: 60, height: 30, channels: 3, background } })
    .png()
    .toBuffer();
}

// docs/protocol/delivery.md §10
describeDelivery((suite) => {
  const statusOf = async (target: string) => (await suite().get(target)).status;
  const signed = (target: string, until?: number) =>
    `/demo/${signPath("private_test", target.slice("/demo/".length), until)}`;

  test("stands in for a missing file, a draft and an unknown version, transformed as the file would have been", async () => {
    const { store, get } = suite();
    await store({ path: "/default/none.png", bytes: await picture("red"), mime: "image/png" });
    await store({ path: "/there/a.png", bytes: await picture("blue"), mime: "image/png" });
    await store({ path: "/there/draft.png", bytes: await picture("green"), mime: "image/png", isDraft: true });
    for (const target of ["/demo/missing.png", "/demo/there/draft.png", "/demo/there/a.png?ik-obj-version=old"]) {
      const separator = target.includes("?") ? "&" : "?";
      for (const path of ["default@@none.png", "@@default@@none.png", "default%2Fnone.png"]) {
        const { status, headers, body } = await get(`${target}${separator}tr=w-20,di-${path}`);
        expect([target, path, status]).toEqual([target, path, 200]);
        expect(headers["cache-control"]).toBe("public, max-age=60");
        expect(await sharp(body).metadata()).toMatchObject({ width: 20, height: 10 });
      }
    }
    const raw = await get("/demo/tr:orig-true,di-default@@none.png/missing.png");
    expect(raw.body).toEqual(await picture("red"));
    const { data } = await sharp((await get("/demo/there/a.png?tr=w-20,di-default@@none.png")).body)
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)].map((value) => Math.round(value / 255))).toEqual([0, 0, 1]);
  });

  test("that is missing itself, a draft, or private leaves the file missing", async () => {
    const { store } = suite();
    await store({ path: "/default/draft.png", bytes: await picture("grey"), mime: "image/png", isDraft: true });
    await store({ path: "/default/secret.png", bytes: await picture("pink"), mime: "image/png", isPrivate: true });
    for (const path of ["default@@nothing.png", "default@@draft.png", "default@@secret.png", "default"]) {
      const { status, headers } = await suite().get(`/demo/missing.png?tr=w-20,di-${path}`);
      expect([path, status, headers["ik-error"]]).toEqual([
        path,
        404,
        "ENOENT - Resource not found at any upstream origin",
      ]);
    }
    const target = "/demo/missing.png?tr=w-20,di-default@@secret.png";
    expect((await suite().get(signed(target))).headers["cache-control"]).toBe("private, max-age=0");
    const until = suite().now / 1000 + 10;
    expect((await suite().get(signed(target, until))).headers["cache-control"]).toBe("private, max-age=10");
    expect(await statusOf(signed("/demo/missing.png?tr=w-20,di-default@@draft.png"))).toBe(404);
  });

  test("stands in for nothing that is there but may not be seen, or is asked for wrongly", async () => {
    await suite().store({
      path: "/there/secret.png",
      bytes: await picture("white"),
      mime: "image/png",
      isPrivate: true,
    });
    expect(await statusOf("/demo/there/secret.png?tr=w-20,di-default@@none.png")).toBe(401);
    expect(await statusOf("/demo/missing.png?tr=w-x,di-default@@none.png")).toBe(400);
    expect(await statusOf("/demo/missing.png?tr=w-20,di-..@@none.png")).toBe(400);
    expect(await statusOf("/demo/missing.png?tr=w-20,di-")).toBe(404);
  });
});
